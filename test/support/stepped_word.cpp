// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "interleaving.hpp"

namespace cofu::test {

stepped_word::~stepped_word()
{
    state_ = 0;
    auto* const run = interleaving::current();
    if (!run)
        return;
    for (auto const& t : run->threads_) {
        if (t->waits_at == this)
            run->fail("somebody waits for a word that is gone");
        std::erase_if(t->buffer, [&](auto const& s) {
            if (s.word == this && t != run->threads_[run->running_])
                run->fail("a store is on its way to a word that is gone");
            return s.word == this;
        });
    }
}

std::uint64_t stepped_word::load() const
{
    auto* const run = interleaving::current();
    if (!run)
        return value_;
    run->go_on();
    run->check(*this);
    auto value = value_;
    for (auto const& s : run->threads_[run->running_]->buffer)
        if (s.word == this)
            value = s.value;
    run->note("load", this, value);
    return value;
}

void stepped_word::store(std::uint64_t value, bool is_release, bool is_drain)
{
    auto* const run = interleaving::current();
    if (!run) {
        value_ = value;
        return;
    }
    run->step("store", this, value);
    run->check(*this);
    run->threads_[run->running_]->buffer.push_back({this, value, is_release});
    if (is_drain)
        run->drain_own();
}

void stepped_word::begin_modify(drain first)
{
    auto* const run = interleaving::current();
    if (!run)
        return;
    run->go_on();
    run->check(*this);
    if (first == drain::all)
        run->drain_own();
    else
        run->drain_word(*this);
}

void stepped_word::end_modify(std::uint64_t before)
{
    if (auto* const run = interleaving::current()) {
        run->changes_ += value_ != before;
        run->note("modify", this, value_);
    }
}

void stepped_word::wait(std::uint64_t expected)
{
    auto* const run = interleaving::current();
    run->go_on();
    run->drain_own();
    run->note("wait", this, value_);
    if (value_ != expected)
        return;
    run->threads_[run->running_]->waits_at = this;
    run->go_on();
}

void wake_word(void const* address, unsigned count)
{
    auto* const run = interleaving::current();
    if (!run)
        return;
    run->step("wake", address, count);
    run->drain_own();
    for (; count != 0; --count) {
        std::vector<interleaving::scheduled_thread*> waiting;
        for (auto const& t : run->threads_)
            if (t->waits_at == address)
                waiting.push_back(t.get());
        if (waiting.empty())
            return;
        waiting[run->random_.below(waiting.size())]->waits_at = nullptr;
    }
}

} // namespace cofu::test
