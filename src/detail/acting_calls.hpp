// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Calls that are done and whose actions are to be run, in order, each with a handle. A call is in
// one of these at most.

#include <cofu/detail/shared_state.hpp>

namespace cofu::detail {

class acting_calls {
public:
    constexpr acting_calls() noexcept = default;
    acting_calls(acting_calls const&) = delete;
    acting_calls& operator=(acting_calls const&) = delete;

    bool empty() const noexcept { return !first_; }
    shared_state& front() const noexcept { return *first_; }

    void push(shared_state& call) noexcept
    {
        call.next_to_act_ = nullptr;
        (last_ ? last_->next_to_act_ : first_) = &call;
        last_ = &call;
    }

    // The first one, which is not in here any more.
    shared_state& pop() noexcept
    {
        auto& call = *first_;
        first_ = call.next_to_act_;
        if (!first_)
            last_ = nullptr;
        return call;
    }

private:
    shared_state* first_ = nullptr;
    shared_state* last_ = nullptr;
};

}  // namespace cofu::detail
