// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "interleaving.hpp"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <map>
#include <sstream>
#include <utility>

namespace cofu::test {

namespace {

constexpr std::size_t stack_size = 128 * 1024;
constexpr std::size_t most_fair_steps = 5'000; // then nobody is held back by his priority
constexpr std::size_t most_steps = 100'000;
constexpr std::size_t steps_told = 80;

interleaving* running_now = nullptr;

// Stacks of runs that ended, for the next one.
std::vector<std::unique_ptr<char[]>> free_stacks;

std::unique_ptr<char[]> a_stack()
{
    if (free_stacks.empty())
        return std::make_unique<char[]>(stack_size);
    auto s = std::move(free_stacks.back());
    free_stacks.pop_back();
    return s;
}

} // namespace

interleaving::interleaving(std::uint64_t seed)
    : seed_(seed), random_(seed)
{
}

interleaving::~interleaving()
{
    for (auto& t : threads_)
        free_stacks.push_back(std::move(t->stack));
}

interleaving* interleaving::current() noexcept
{
    return running_now;
}

void interleaving::add(std::string name, std::function<void()> body)
{
    auto t = std::make_unique<scheduled_thread>();
    t->stack = a_stack();
    t->name = std::move(name);
    t->body = std::move(body);
    threads_.push_back(std::move(t));
}

void interleaving::enter()
{
    auto& run = *running_now;
    auto& self = *run.threads_[run.running_];
    try {
        self.body();
    } catch (std::exception const& e) {
        run.fail(std::string("exception: ") + e.what());
    }
    self.is_over = true;
    run.go_on();
    std::abort();
}

std::string interleaving::run()
{
    for (auto& t : threads_) {
        getcontext(&t->context);
        t->context.uc_stack.ss_sp = t->stack.get();
        t->context.uc_stack.ss_size = stack_size;
        t->context.uc_link = nullptr;
        makecontext(&t->context, &interleaving::enter, 0);
    }
    for (std::size_t i = 0; i < 2 * threads_.size(); ++i)
        priorities_.push_back((1u << 20) + random_.below(1u << 20));
    auto const length = std::size_t{16} << random_.below(7);
    for (auto n = random_.below(6); n != 0; --n)
        changes_of_priority_.push_back(random_.below(length));
    running_now = this;
    running_ = nobody;
    if (auto const first = choose(); first != nobody) {
        running_ = first;
        swapcontext(&main_, &threads_[first]->context);
    }
    running_now = nullptr;
    return problem_;
}

bool interleaving::can_run(scheduled_thread const& t) const noexcept
{
    return !t.is_over && !t.waits_at && (!t.is_pausing || t.changes_seen != changes_);
}

// A thread, or (from threads_.size() on) a buffer whose next store becomes visible.
std::size_t interleaving::choose()
{
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < threads_.size(); ++i) {
        if (can_run(*threads_[i]))
            open.push_back(i);
        if (!threads_[i]->buffer.empty())
            open.push_back(threads_.size() + i);
    }
    if (open.empty())
        return nobody;
    if (seed_ % 2 == 0 && steps_ < most_fair_steps)
        return choose_by_priority(open);
    return open[random_.below(open.size())];
}

std::size_t interleaving::choose_by_priority(std::vector<std::size_t> const& open)
{
    auto const highest = [&] {
        return *std::ranges::max_element(open, {}, [&](std::size_t i) { return priorities_[i]; });
    };
    if (std::ranges::find(changes_of_priority_, steps_) != changes_of_priority_.end())
        priorities_[highest()] = --lowest_;
    return highest();
}

// The running thread gives way to whoever is chosen.
void interleaving::go_on()
{
    for (;;) {
        if (++steps_ == most_steps)
            fail("no end in sight");
        auto const next = choose();
        if (next != nobody && next >= threads_.size()) {
            drain_one(next - threads_.size());
            continue;
        }
        if (next == nobody) {
            std::string waiting;
            for (auto const& t : threads_)
                if (!t->is_over)
                    waiting += (waiting.empty() ? "" : ", ") + t->name;
            if (!waiting.empty())
                fail("waits for ever: " + waiting);
        }
        return switch_to(next);
    }
}

void interleaving::switch_to(std::size_t next)
{
    auto& self = *threads_[running_];
    if (next == running_)
        return;
    running_ = next;
    swapcontext(&self.context, next == nobody ? &main_ : &threads_[next]->context);
}

void interleaving::step(char const* what, void const* where, std::uint64_t value)
{
    go_on();
    note(what, where, value);
}

void interleaving::pause()
{
    auto& self = *threads_[running_];
    self.is_pausing = true;
    go_on();
    self.is_pausing = false;
    self.changes_seen = changes_;
}

void interleaving::fail(std::string what)
{
    problem_ = std::move(what) + told();
    auto& self = *threads_[running_];
    running_ = nobody;
    swapcontext(&self.context, &main_);
    std::abort();
}

// The first for its word may go; a release only after all that are before it.
bool interleaving::drain_one(std::size_t of)
{
    auto& buffer = threads_[of]->buffer;
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < buffer.size(); ++i) {
        auto const same = [&](auto const& s) { return s.word == buffer[i].word; };
        auto const here = buffer.begin() + static_cast<std::ptrdiff_t>(i);
        if (i == 0 || (!buffer[i].is_release && std::find_if(buffer.begin(), here, same) == here))
            open.push_back(i);
    }
    if (open.empty())
        return false;
    auto const chosen = open[random_.below(open.size())];
    auto const store = buffer[chosen];
    buffer.erase(buffer.begin() + static_cast<std::ptrdiff_t>(chosen));
    store.word->value_ = store.value;
    ++changes_;
    last_.push_back({of, "... is seen", store.word, store.value});
    return true;
}

void interleaving::drain_own()
{
    while (drain_one(running_)) {
    }
}

void interleaving::drain_all()
{
    for (std::size_t i = 0; i < threads_.size(); ++i)
        while (drain_one(i)) {
        }
}

void interleaving::drain_word(stepped_word const& word)
{
    auto& buffer = threads_[running_]->buffer;
    auto const mine = [&](auto const& s) { return s.word == &word; };
    // A release goes with what is before it.
    auto const last = std::find_if(buffer.rbegin(), buffer.rend(),
                                   [&](auto const& s) { return mine(s) && s.is_release; });
    for (auto n = buffer.rend() - last; n > 0; --n) {
        buffer.front().word->value_ = buffer.front().value;
        buffer.pop_front();
        ++changes_;
    }
    for (auto const& s : buffer)
        if (mine(s))
            s.word->value_ = s.value;
    changes_ += std::erase_if(buffer, mine);
}

void interleaving::check(stepped_word const& word)
{
    if (word.state_ != stepped_word::alive)
        fail("a word is touched that is gone");
}

void interleaving::note(char const* what, void const* where, std::uint64_t value)
{
    last_.push_back({running_, what, where, value});
    if (last_.size() > steps_told)
        last_.pop_front();
}

std::string interleaving::told() const
{
    std::ostringstream s;
    s << "\nseed " << seed_ << ", step " << steps_ << ", the last steps:\n";
    std::map<void const*, std::size_t> names;
    for (auto const& e : last_) {
        s << "  " << threads_[e.thread]->name << ": " << e.what;
        if (e.where)
            s << " #" << names.try_emplace(e.where, names.size()).first->second << " ("
              << e.value << ")";
        s << '\n';
    }
    return s.str();
}

} // namespace cofu::test
