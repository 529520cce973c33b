// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Who wants to know what a pool could tell nobody else.

#include <cofu/config.hpp>

#include <exception>

namespace cofu {

/// Told of errors that have no caller to go to. Derive, override, and give a pointer in the pool's
/// options; without one, they are written to the standard error stream.
///
/// Thread safety: the functions run on any thread, several at a time, never under a lock.
/// Lifetime: the observer outlives the pool and every future of it.
class COFU_DECL pool_observer {
public:
    virtual ~pool_observer();

    /// A callback given to `add_done_callback` threw; the other callbacks still run.
    virtual void callback_failed(std::exception_ptr error) noexcept;

    /// A handler's executor refused it by throwing; the handler was destroyed without being run.
    virtual void handler_lost(std::exception_ptr error) noexcept;
};

}  // namespace cofu
