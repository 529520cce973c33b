// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Threads of which each step is scheduled, by a seed: they run on one thread, on stacks of their
// own, and whoever is about to touch an atomic lets the schedule choose who goes on. Stores that are
// not sequentially consistent stand in a buffer of their thread, which empties whenever the
// schedule wants, in any order that the memory orders allow. Loads are never early.
#pragma once

#include "scale.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <ucontext.h>

namespace cofu::test {

class interleaving;

/// Where a value stands that scheduled threads share. Without a run in progress it is used at once.
class stepped_word
{
public:
    explicit stepped_word(std::uint64_t value) noexcept : value_(value) {}
    ~stepped_word();
    stepped_word(stepped_word const&) = delete;
    stepped_word& operator=(stepped_word const&) = delete;

    enum class drain { all, own_word };

    std::uint64_t load() const;
    void store(std::uint64_t value, bool is_release, bool is_drain);
    /// One step, which sees and changes the value.
    template <class Change>
    std::uint64_t modify(drain first, Change change)
    {
        begin_modify(first);
        auto const before = value_;
        change(value_);
        end_modify(before);
        return before;
    }

    /// As futex_wait, but for no other reason than a call of wake_word.
    void wait(std::uint64_t expected);

private:
    friend class interleaving;

    void begin_modify(drain first);
    void end_modify(std::uint64_t before);

    static constexpr std::uint32_t alive = 0xa11fe;

    std::uint64_t value_;
    std::uint32_t state_ = alive;
};

/// The word may be gone.
void wake_word(void const* address, unsigned count);

class interleaving
{
public:
    /// Odd seeds walk at random; even ones run whoever has the highest priority, and change
    /// priorities a few times (PCT), which finds what needs few switches at the right places.
    explicit interleaving(std::uint64_t seed);
    ~interleaving();
    interleaving(interleaving const&) = delete;
    interleaving& operator=(interleaving const&) = delete;

    void add(std::string name, std::function<void()> body);

    /// Runs all to their ends. Empty, or what went wrong: a failure, threads that wait for ever, or
    /// no end in sight; with the seed and the last steps. What the threads' stacks own is lost then.
    std::string run();

    /// The run that this code is part of, or null.
    static interleaving* current() noexcept;

    /// Others may go first.
    void step(char const* what, void const* where = nullptr, std::uint64_t value = 0);
    /// Until something has changed.
    void pause();
    /// The run ends here.
    [[noreturn]] void fail(std::string what);
    bool once_in(std::size_t n) { return random_.once_in(n); }

    /// Empties the buffer of this thread, or of all.
    void drain_own();
    void drain_all();

private:
    friend class stepped_word;
    friend void wake_word(void const* address, unsigned count);

    struct buffered_store
    {
        stepped_word* word;
        std::uint64_t value;
        bool is_release;
    };
    struct scheduled_thread
    {
        std::string name;
        std::function<void()> body;
        ucontext_t context{};
        std::unique_ptr<char[]> stack;
        bool is_over = false;
        void const* waits_at = nullptr; // until somebody wakes it there
        bool is_pausing = false; // until memory has changed ...
        std::uint64_t changes_seen = ~std::uint64_t{0}; // ... since it paused before
        std::deque<buffered_store> buffer;
    };
    struct event
    {
        std::size_t thread;
        char const* what;
        void const* where;
        std::uint64_t value;
    };

    static void enter();
    bool can_run(scheduled_thread const& t) const noexcept;
    std::size_t choose();
    std::size_t choose_by_priority(std::vector<std::size_t> const& open);
    void switch_to(std::size_t next);
    void go_on();
    bool drain_one(std::size_t of);
    void drain_word(stepped_word const& word);
    void check(stepped_word const& word);
    void note(char const* what, void const* where, std::uint64_t value);
    std::string told() const;

    static constexpr std::size_t nobody = static_cast<std::size_t>(-1);

    std::uint64_t const seed_;
    rng random_;
    std::vector<std::unique_ptr<scheduled_thread>> threads_;
    ucontext_t main_{};
    std::vector<std::uint64_t> priorities_; // of the threads, then of their buffers
    std::vector<std::size_t> changes_of_priority_; // at these steps
    std::uint64_t lowest_ = 1u << 20;
    std::size_t running_ = nobody;
    std::size_t steps_ = 0;
    std::uint64_t changes_ = 0; // of memory
    std::deque<event> last_;
    std::string problem_;
};

/// Runs `scenario(interleaving&)`, which adds the threads and returns what to keep until the end and
/// to ask for problems then (`std::string problems() const`, empty if none), by seed after seed.
/// Returns the first problem, or nothing.
template <class Scenario>
std::string first_problem(std::size_t seeds, Scenario scenario)
{
    rng seed_of;
    for (std::size_t i = 0; i < seeds; ++i) {
        interleaving run(seed_of());
        auto const world = scenario(run);
        auto problem = run.run();
        if (problem.empty())
            problem = world->problems();
        if (!problem.empty())
            return "interleaving " + std::to_string(i) + ": " + problem;
    }
    return {};
}

} // namespace cofu::test
