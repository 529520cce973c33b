// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// An outstanding asynchronous operation, from its initiation until its handler is handed to the
// handler's executor; and the register that an execution context keeps of those whose handlers it
// would run, so that a context that goes down destroys them unrun.

#include <cofu/config.hpp>
#include <cofu/detail/waiter.hpp>

#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/intrusive/list.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <exception>

namespace cofu::detail {

class io_bridge;
class op_register;
COFU_DECL void intrusive_ptr_add_ref(op_register* r) noexcept;
COFU_DECL void intrusive_ptr_release(op_register* r) noexcept;

class COFU_DECL pending_op : public boost::intrusive::list_base_hook<
                                 boost::intrusive::link_mode<boost::intrusive::safe_link>> {
public:
    pending_op(pending_op const&) = delete;
    pending_op& operator=(pending_op const&) = delete;

    // The handler runs on this io_context by its own executor: it will be delivered there, together
    // with others. Before anything else.
    void deliver_by(boost::asio::io_context& context);
    bool is_delivered_by_bridge() const noexcept { return bridge_ != nullptr; }

    // Enters the register of the context where the handler will run. False: that context is gone
    // already; the caller destroys the operation.
    bool enter(boost::asio::execution_context& context);
    bool enter_bridge();

    // Hands the handler to its executor. The caller is the only one who may: it found the operation
    // complete, or has abandoned it. Nothing of the operation may be touched afterwards.
    void post() noexcept;

    // The same at the initiation, where the executor may run the handler at once; what it then
    // throws goes to the caller.
    void post_immediately();

    // Stops waiting. True: the caller alone may now post or destroy it; false: somebody else is
    // about to post it. Called by a slot's emission and by a context that goes down.
    virtual bool abandon() noexcept = 0;

    // Destroys the handler unrun and frees everything.
    virtual void destroy() noexcept = 0;

    // Called by the function object that carries the operation when it is destroyed unrun.
    void dropped() noexcept;

protected:
    pending_op() noexcept = default;
    ~pending_op()
    {
        if (is_linked())
            never_waited();
    }

    // On the handler's executor: ends the operation and calls the handler.
    virtual void deliver() = 0;
    // Gives a function object that owns *this to the executor; may throw.
    virtual void hand_over() = 0;
    // Within hand_over: whether that function object was destroyed at once, and *this is ours again.
    bool take_back() noexcept;
    // Hands over once more, from an executor in between. What the handler throws, if it runs at
    // once, goes to the caller.
    void hand_on();
    // Needed where hand_over may run the handler at once: it begins to, and *this ends.
    void delivering() noexcept;
    // The executor threw, the handler is about to be destroyed unrun.
    virtual void report(std::exception_ptr error) noexcept;

private:
    friend class io_bridge;
    friend class op_register;
    friend class ready_ops;

    void never_waited() noexcept;
    void post_unbridged() noexcept;
    void leave() noexcept;
    bool leave_to_post() noexcept;
    bool try_hand_over();

    boost::intrusive_ptr<op_register> register_;  // null: the executor has no execution context
    io_bridge* bridge_ = nullptr;                 // instead of the register
    pending_op* next_ready_ = nullptr;
    bool handed_back_ = false;  // guarded by the mutex of register or bridge
};

inline void ready_ops::append(pending_op& first, pending_op& last) noexcept
{
    (first_ ? last_->next_ready_ : first_) = &first;
    last_ = &last;
}

inline void ready_ops::push(pending_op& op) noexcept
{
    op.next_ready_ = nullptr;
    append(op, op);
}

inline pending_op& ready_ops::pop_front() noexcept
{
    auto& op = *first_;
    first_ = op.next_ready_;
    return op;
}

}  // namespace cofu::detail
