// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A call of a process pool: encoded message, shared state and result in one block.

#include <cofu/byte_reader.hpp>
#include <cofu/detail/process_task.hpp>
#include <cofu/detail/remote_call.hpp>
#include <cofu/detail/remote_exception.hpp>
#include <cofu/detail/result_state.hpp>
#include <cofu/error.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

namespace cofu::detail {

COFU_DECL std::size_t max_message_of(pool_ticket ticket) noexcept;

// Never throw: they give the exception that says what is wrong with the bytes.
COFU_DECL std::exception_ptr decoded_exception(std::span<std::byte const> answer) noexcept;
COFU_DECL std::exception_ptr transport_exception(std::span<std::byte const> text) noexcept;

template <class T, class Allocator>
class process_call final : public result_state<T>, public process_task {
    using base = result_state<T>;
    using allocator = typename std::allocator_traits<Allocator>::template rebind_alloc<process_call>;
    using traits = std::allocator_traits<allocator>;

public:
    // One handle and the pool's reference. An encoding that fails is kept as `error`.
    template <class Options, class F, class... A>
    static process_call* make(Allocator const& a, pool_ticket ticket, Options const& options, F&& f,
                              A&&... args)
    {
        allocator rebound(a);
        auto* const place = traits::allocate(rebound, 1);
        process_call* made = nullptr;
        try {
            constexpr bool stoppable =
                bound_call<std::decay_t<F>, std::decay_t<A>...>::wants_stop_token;
            made = ::new (static_cast<void*>(place))
                process_call(rebound, ticket, stoppable, options);
        } catch (...) {
            traits::deallocate(rebound, place, 1);
            throw;
        }
        try {
            encode_call(made->message, f, args...);
        } catch (...) {
            made->error = std::current_exception();
        }
        return made;
    }

    void begin() noexcept override
    {
        this->apply([](call_word::word w) { return call_word::start(w); });
    }

    void hold() noexcept override { intrusive_ptr_add_ref(this); }

    void conclude(outcome_counters& counters) noexcept override
    {
        if (end == task_end::cancelled) {
            this->cancel();
            this->drop(call_word::handle);
            return;
        }
        auto const phase = end == task_end::value ? store_answer() : store_error();
        (phase == call_word::value ? counters.finished : counters.failed)
            .fetch_add(1, std::memory_order_relaxed);
        this->finish(phase, call_word::runner);
    }

    bool fail(std::exception_ptr (*make_error)(void*) noexcept, void* context) noexcept override
    {
        if (!this->apply([](call_word::word w) { return call_word::start(w); }))
            return false;
        this->keep_error(make_error(context));
        this->finish(call_word::error, call_word::runner);
        return true;
    }

    void withdraw() noexcept override { this->cancel(); }

    // It never reached the pool, and nobody else has seen it.
    void discard() noexcept { destroy(); }

    boost::asio::any_io_executor executor() const override { return executor_of(this->ticket()); }
    pool_observer* observer() const noexcept override { return observer_of(this->ticket()); }

private:
    template <class Options>
    process_call(allocator const& a, pool_ticket ticket, bool stoppable, Options const& options)
        : base(call_word::queued | call_word::handle, ticket),
          process_task(max_message_of(ticket), stoppable, options),
          allocator_(a)
    {
    }
    ~process_call() = default;

    call_word::word store_answer() noexcept
    {
        return this->store([this]() -> T {
            byte_reader reader(message.bytes());
            return decode_result<T>(reader);
        });
    }

    call_word::word store_error() noexcept
    {
        if (end == task_end::failed)
            base::keep_error(std::move(error));
        else
            base::keep_error(end == task_end::exception ? decoded_exception(message.bytes())
                                                        : transport_exception(message.bytes()));
        return call_word::error;
    }

    void look() noexcept override { detail::look(this->ticket(), *this); }
    bool recall() noexcept override { return detail::recall(this->ticket(), *this); }
    void cancelled() noexcept override
    {
        tell_cancelled(this->ticket());
        this->drop(call_word::queued);
    }
    bool drive_until_done(deadline const& limit) override
    {
        return detail::drive_until_done(this->ticket(), *this, limit);
    }
    void signal_stop() noexcept override { detail::request_stop(this->ticket(), *this); }
    callback_runner* callbacks() noexcept override { return callbacks_of(*this); }

    void destroy() noexcept override
    {
        allocator a(allocator_);
        this->~process_call();
        traits::deallocate(a, this, 1);
    }

    [[no_unique_address]] allocator allocator_;
};

}  // namespace cofu::detail
