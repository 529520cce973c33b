// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Callbacks of a future: run by the thread that completes it, or posted where they are bound to.

#include <cofu/detail/future_base.hpp>
#include <cofu/detail/future_wait.hpp>
#include <cofu/detail/shared_state.hpp>

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/system_executor.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace cofu::detail {

// A callback threw: tells the observer of the call's pool, or writes to the standard error stream.
COFU_DECL void report_callback(shared_state& call, std::exception_ptr error) noexcept;

template <class Future, class F>
void run_callback(F& f, state_ptr state) noexcept
{
    auto& call = *state;
    auto keep = state;
    try {
        f(future_access::make<Future>(std::move(state)));
    } catch (...) {
        report_callback(call, std::current_exception());
    }
}

template <class Future, class F>
class done_callback final : public action {
public:
    explicit done_callback(F f) : action(kind::callback), f_(std::move(f)) {}

    void act(shared_state& by) noexcept override
    {
        auto f = std::move(f_);
        delete this;
        run_callback<Future>(f, state_ptr(&by));
    }

private:
    F f_;
};

// The same, as the handler of a wait: it keeps what is associated with the callback.
template <class Future, class F>
struct bound_callback {
    F f;
    state_ptr state;

    void operator()(boost::system::error_code) { run_callback<Future>(f, std::move(state)); }
};

template <class F>
inline constexpr bool is_bound_to_executor =
    !std::is_same_v<boost::asio::associated_executor_t<F, boost::asio::system_executor>,
                    boost::asio::system_executor>
    || requires { typename F::executor_type; };

template <class Future, class F>
void add_done_callback(state_ptr const& state, F f)
{
    if constexpr (is_bound_to_executor<F>) {
        initiate_op<done_wait>(bound_callback<Future, F>{std::move(f), state}, state->executor(),
                               lent_ptr<shared_state>(state.get()));
    } else {
        auto node = std::make_unique<done_callback<Future, F>>(std::move(f));
        if (state->add(*node))
            node.release();
        else
            node.release()->act(*state);
    }
}

}  // namespace cofu::detail

template <template <class, class> class Associator, class Future, class F,
          class DefaultCandidate>
struct boost::asio::associator<Associator, cofu::detail::bound_callback<Future, F>,
                               DefaultCandidate> : Associator<F, DefaultCandidate> {
    using type = typename Associator<F, DefaultCandidate>::type;

    static type get(cofu::detail::bound_callback<Future, F> const& c) noexcept
    {
        return Associator<F, DefaultCandidate>::get(c.f);
    }
    static auto get(cofu::detail::bound_callback<Future, F> const& c,
                    DefaultCandidate const& candidate) noexcept
        -> decltype(Associator<F, DefaultCandidate>::get(c.f, candidate))
    {
        return Associator<F, DefaultCandidate>::get(c.f, candidate);
    }
};
