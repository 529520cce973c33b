// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Forward declarations of the public names.

namespace cofu {

template <class T>
class future;
template <class T>
class promise;
class any_future;

class thread_pool_executor;
class process_pool_executor;
struct thread_pool_options;
class pool_observer;

class byte_writer;
class byte_reader;
template <class T>
struct serializer;

template <class R>
class map_results;
template <class F>
class completion_stream;

}  // namespace cofu
