// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What stands in a call's list of waiters. The storage is the waiter's own; doc/design/state-word.md
// tells the two kinds apart.

#include <cofu/config.hpp>

#include <boost/assert.hpp>

#include <utility>

namespace cofu::detail {

class pending_op;
class shared_state;

// Operations that became ready, in order; under a lock, to be posted when it is free.
class COFU_DECL ready_ops {
public:
    bool empty() const noexcept { return first_ == nullptr; }
    void push(pending_op& op) noexcept;
    // Several that are linked already, from the first to the last.
    void append(pending_op& first, pending_op& last) noexcept;
    pending_op& pop_front() noexcept;
    void post_all() noexcept
    {
        if (first_)
            post_each();
    }

private:
    void post_each() noexcept;

    pending_op* first_ = nullptr;
    pending_op* last_ = nullptr;  // if there is a first
};

class waiter {
public:
    waiter(waiter const&) = delete;
    waiter& operator=(waiter const&) = delete;

    bool is_action() const noexcept { return kind_ != kind::watcher; }
    // An action that runs code of the user's.
    bool is_callback() const noexcept { return kind_ == kind::callback; }
    bool is_linked() const noexcept { return next_ != nullptr; }

protected:
    enum class kind : unsigned char { watcher, operation, callback };

    explicit waiter(kind what) noexcept : kind_(what) {}
    ~waiter() { BOOST_ASSERT(!is_linked()); }

private:
    friend class waiter_list;

    waiter* next_ = nullptr;  // a ring, from the last to the first
    waiter* previous_ = nullptr;
    kind const kind_;
};

// Told that the call is done, under its lock: a handful of instructions, no user code. The telling
// is the last touch of the watcher's storage.
class watcher : public waiter {
public:
    virtual void told(shared_state& by, ready_ops& ready) noexcept = 0;

protected:
    watcher() noexcept : waiter(kind::watcher) {}
    ~watcher() = default;
};

// Run after the lock is free, in order of addition, once; it may destroy itself.
class action : public waiter {
public:
    virtual void act(shared_state& by) noexcept = 0;

    // What it does is to post this, and nothing else; or null.
    virtual pending_op* operation() noexcept { return nullptr; }

protected:
    explicit action(kind what = kind::operation) noexcept : waiter(what) {}
    ~action() = default;
};

// In order of addition; one word.
class waiter_list {
public:
    bool empty() const noexcept { return first_ == nullptr; }
    waiter& front() const noexcept { return *first_; }
    waiter* first() const noexcept { return first_; }
    // Null: it is the last.
    waiter* after(waiter const& w) const noexcept { return w.next_ == first_ ? nullptr : w.next_; }

    // Of an empty list; of one with a single waiter.
    void push_first(waiter& w) noexcept { first_ = w.next_ = w.previous_ = &w; }
    waiter& pop_only() noexcept
    {
        auto& w = *std::exchange(first_, nullptr);
        w.next_ = w.previous_ = nullptr;
        return w;
    }

    void push_back(waiter& w) noexcept
    {
        if (!first_)
            return push_first(w);
        w.next_ = first_;
        w.previous_ = std::exchange(first_->previous_, &w);
        w.previous_->next_ = &w;
    }
    void erase(waiter& w) noexcept
    {
        if (first_ == &w)
            first_ = after(w);
        w.previous_->next_ = w.next_;
        w.next_->previous_ = w.previous_;
        w.next_ = w.previous_ = nullptr;
    }

private:
    waiter* first_ = nullptr;
};

}  // namespace cofu::detail
