// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Ranges of futures, and what the algorithms need of them.

#include <cofu/any_future.hpp>
#include <cofu/future.hpp>

#include <boost/asio/system_executor.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <concepts>
#include <ranges>
#include <type_traits>
#include <vector>

namespace cofu::detail {

template <class F>
concept future_handle = std::derived_from<F, future_base>;

template <class Range>
concept future_range =
    std::ranges::input_range<Range> && future_handle<std::ranges::range_value_t<Range>>;

template <class Range>
using range_future_t = std::ranges::range_value_t<Range>;

// The handles in the order given, each call once.
template <future_range Range>
std::vector<range_future_t<Range>> distinct_futures(Range&& range)
{
    std::vector<range_future_t<Range>> handles;
    boost::unordered_flat_set<shared_state*> seen;
    if constexpr (std::ranges::sized_range<Range>) {
        handles.reserve(std::ranges::size(range));
        seen.reserve(std::ranges::size(range));
    }
    for (auto&& f : range)
        if (seen.insert(&checked_state(f)).second)
            handles.push_back(f);
    return handles;
}

// Kept by the handles.
template <future_handle F>
std::vector<shared_state*> states_of(std::vector<F> const& handles)
{
    std::vector<shared_state*> states;
    states.reserve(handles.size());
    for (auto const& f : handles)
        states.push_back(future_access::state(f).get());
    return states;
}

// Where handlers without an executor of their own run: where those of the first future do.
inline boost::asio::any_io_executor executor_of(state_ptr const& first)
{
    return first ? first->executor() : boost::asio::any_io_executor(boost::asio::system_executor());
}

}  // namespace cofu::detail
