// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Actions that wait to be carried out.

#include "process_pool_action.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace cofu::detail {

class action_queue {
public:
    void reserve(std::size_t n)
    {
        if (actions_.capacity() < n)
            actions_.reserve(2 * n);
    }

    // Allocates only beyond what was reserved.
    void push(process_pool_action const& action)
    {
        if (actions_.size() == actions_.capacity() && taken_ != 0) {
            actions_.erase(actions_.begin(), actions_.begin() + static_cast<std::ptrdiff_t>(taken_));
            taken_ = 0;
        }
        actions_.push_back(action);
    }

    std::optional<process_pool_action> pop() noexcept
    {
        if (taken_ == actions_.size())
            return std::nullopt;
        auto const action = actions_[taken_++];
        if (taken_ == actions_.size()) {
            actions_.clear();
            taken_ = 0;
        }
        return action;
    }

private:
    std::vector<process_pool_action> actions_;
    std::size_t taken_ = 0;
};

}  // namespace cofu::detail
