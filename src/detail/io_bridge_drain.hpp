// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The function that an io_bridge posts to its io_context, and its memory, which is the bridge's.

#include "io_bridge.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <cstddef>

namespace cofu::detail {

// What the io_context runs.
class io_bridge::drain {
public:
    explicit drain(io_bridge& bridge) noexcept : bridge_(&bridge) {}

    void operator()() { bridge_->run(); }

private:
    boost::intrusive_ptr<io_bridge> bridge_;
};

// The io_context frees a function before it runs it, and the drain, which keeps the bridge, after
// its memory.
template <class T>
class io_bridge::drain_memory {
public:
    using value_type = T;

    explicit drain_memory(io_bridge& bridge) noexcept : bridge_(&bridge) {}
    template <class U>
    drain_memory(drain_memory<U> const& other) noexcept : bridge_(other.bridge_)
    {}

    T* allocate(std::size_t) noexcept
    {
        static_assert(sizeof(T) <= sizeof(memory_) && alignof(T) <= alignof(std::max_align_t));
        return reinterpret_cast<T*>(bridge_->memory_);
    }
    void deallocate(T*, std::size_t) noexcept {}

    friend bool operator==(drain_memory const&, drain_memory const&) noexcept = default;

private:
    template <class U>
    friend class drain_memory;

    io_bridge* bridge_;
};

}  // namespace cofu::detail
