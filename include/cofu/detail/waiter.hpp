// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What stands in a call's list of waiters. The storage is the waiter's own; doc/design/state-word.md
// tells the two kinds apart.

#include <cofu/config.hpp>

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/list_hook.hpp>

namespace cofu::detail {

class pending_op;
class shared_state;

// Operations that became ready under a lock, to be posted when it is free.
class COFU_DECL ready_ops {
public:
    void push(pending_op& op) noexcept;
    void post_all() noexcept;

private:
    pending_op* first_ = nullptr;
    pending_op* last_ = nullptr;
};

class waiter : public boost::intrusive::list_base_hook<
                   boost::intrusive::link_mode<boost::intrusive::safe_link>> {
public:
    waiter(waiter const&) = delete;
    waiter& operator=(waiter const&) = delete;

    bool is_action() const noexcept { return is_action_; }

protected:
    explicit waiter(bool is_action) noexcept : is_action_(is_action) {}
    ~waiter() = default;

private:
    bool const is_action_;
};

// Told that the call is done, under its lock: a handful of instructions, no user code. The telling
// is the last touch of the watcher's storage.
class watcher : public waiter {
public:
    virtual void told(shared_state& by, ready_ops& ready) noexcept = 0;

protected:
    watcher() noexcept : waiter(false) {}
    ~watcher() = default;
};

// Run after the lock is free, in order of addition, once; it may destroy itself.
class action : public waiter {
public:
    virtual void act(shared_state& by) noexcept = 0;

protected:
    action() noexcept : waiter(true) {}
    ~action() = default;
};

using waiter_list =
    boost::intrusive::list<waiter, boost::intrusive::constant_time_size<false>>;

}  // namespace cofu::detail
