// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What an operation asks of the executor of its handler.

#include <cofu/detail/asio_compat.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution/executor.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>
#include <boost/asio/system_executor.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace cofu::detail {

// The execution context that an executor gives, or null.
template <class Executor>
boost::asio::execution_context* context_of(Executor const& executor)
{
    namespace asio = boost::asio;
    using as_context = asio::execution::context_as_t<asio::execution_context&>;
    if constexpr (asio::can_query<Executor, as_context>::value) {
        return std::addressof(asio::query(executor, as_context()));
    } else if constexpr (asio::can_query<Executor, asio::execution::context_t>::value) {
        using context = decltype(asio::query(executor, asio::execution::context));
        if constexpr (std::is_convertible_v<context, asio::execution_context&>)
            return std::addressof(
                static_cast<asio::execution_context&>(asio::query(executor, asio::execution::context)));
        else
            return nullptr;
    } else if constexpr (requires { executor.context(); }) {
        return std::addressof(static_cast<asio::execution_context&>(executor.context()));
    } else {
        return nullptr;
    }
}

// The io_context whose own executor this is, with all properties as they come; or null.
template <class Executor>
boost::asio::io_context* io_context_of(Executor const& executor) noexcept
{
    using io_executor = boost::asio::io_context::executor_type;
    io_executor const* found = nullptr;
    if constexpr (std::is_same_v<Executor, io_executor>)
        found = std::addressof(executor);
    else if constexpr (std::is_same_v<Executor, boost::asio::any_io_executor>)
        found = executor.template target<io_executor>();
    return found ? std::addressof(boost::asio::query(*found, boost::asio::execution::context))
                 : nullptr;
}

// Whether asio::post accepts it; else it may run functions at once.
template <class Executor>
inline constexpr bool can_post =
    !boost::asio::execution::is_executor<Executor>::value
    || boost::asio::can_require<Executor, boost::asio::execution::blocking_t::never_t>::value;

// Whether an operation with such a handler uses its I/O executor at all.
template <class Handler>
inline constexpr bool needs_io_executor =
    has_immediate_executor<Handler>
    || std::is_same_v<boost::asio::associated_executor_t<Handler, boost::asio::system_executor>,
                      boost::asio::system_executor>
    || !can_post<boost::asio::associated_executor_t<Handler, boost::asio::any_io_executor>>;

// Stands for an I/O executor that is not used.
struct no_io_executor {
    no_io_executor() = default;
    template <class Executor>
    no_io_executor(Executor const&) noexcept
    {
    }
};
template <class Handler>
using io_executor_t = std::conditional_t<needs_io_executor<Handler>, boost::asio::any_io_executor,
                                         no_io_executor>;

// What an operation with such a handler is given as its I/O executor.
template <class Handler, class Get>
io_executor_t<std::decay_t<Handler>> io_executor_for([[maybe_unused]] Get&& get)
{
    if constexpr (needs_io_executor<std::decay_t<Handler>>)
        return std::forward<Get>(get)();
    else
        return {};
}

// Where the handler runs.
template <class Handler>
auto executor_of_handler(Handler const& handler,
                         [[maybe_unused]] io_executor_t<Handler> const& io)
{
    if constexpr (needs_io_executor<Handler>)
        return boost::asio::get_associated_executor(handler, io);
    else
        return boost::asio::get_associated_executor(handler, boost::asio::any_io_executor());
}

// Outstanding work on an executor. executor_work_guard takes a strand for an executor of the
// Networking TS, and then wants the executor inside it to be one.
template <class Executor, bool = boost::asio::execution::is_executor<Executor>::value>
class outstanding_work {
public:
    explicit outstanding_work(Executor const& executor)
        : executor_(boost::asio::prefer(executor,
                                        boost::asio::execution::outstanding_work.tracked))
    {
    }

    auto const& get_executor() const noexcept { return executor_; }

private:
    std::decay_t<typename boost::asio::prefer_result<
        Executor const&, boost::asio::execution::outstanding_work_t::tracked_t>::type>
        executor_;
};
template <class Executor>
class outstanding_work<Executor, false> : public boost::asio::executor_work_guard<Executor> {
public:
    using boost::asio::executor_work_guard<Executor>::executor_work_guard;
};

}  // namespace cofu::detail
