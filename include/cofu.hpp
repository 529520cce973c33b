// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Everything but what needs a further library: <cofu/spawn.hpp>, <cofu/boost_future.hpp>.

#include <cofu/any_future.hpp>
#include <cofu/as_completed.hpp>
#include <cofu/as_future.hpp>
#include <cofu/byte_reader.hpp>
#include <cofu/byte_writer.hpp>
#include <cofu/call.hpp>
#include <cofu/error.hpp>
#include <cofu/future.hpp>
#include <cofu/future_state.hpp>
#include <cofu/io_poll.hpp>
#include <cofu/map.hpp>
#include <cofu/pool_like.hpp>
#include <cofu/pool_observer.hpp>
#include <cofu/promise.hpp>
#include <cofu/register_exception.hpp>
#include <cofu/release_memory.hpp>
#include <cofu/remote_call.hpp>
#include <cofu/serialization.hpp>
#include <cofu/start_method.hpp>
#include <cofu/thread_pool_executor.hpp>
#include <cofu/wait.hpp>
#include <cofu/worker_main.hpp>
#include <cofu/wrap_future.hpp>

#if COFU_HAS_PROCESS_POOL
#include <cofu/process_pool_executor.hpp>
#include <cofu/process_pool_options.hpp>
#include <cofu/remote_executor.hpp>
#endif
