// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The slow work behind the handlers, in two kinds: this is where cofu makes the difference.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "../data/changelog.hpp"
#include "../data/digest.hpp"
#include "../data/package_db.hpp"

namespace package_server {

namespace asio = boost::asio;
namespace json = boost::json;

/// SQLite queries and file digests. Handlers await them and don't know which kind they have.
/// Cancelling the coroutine that awaits one withdraws what has not begun.
class work {
public:
    using batch_sink = std::function<asio::awaitable<void>(search_batch)>;
    using file_sink = std::function<asio::awaitable<void>(file_digest)>;

    virtual ~work() = default;
    virtual asio::awaitable<package> find(std::string name) = 0;
    virtual asio::awaitable<package_files> files(std::string name) = 0;
    /// Searches every field and gives each batch to the sink as soon as it is there.
    virtual asio::awaitable<void> search(std::string word, batch_sink sink) = 0;
    /// Gives the digest of each path to the sink, in order of the paths.
    virtual asio::awaitable<void> digest(std::vector<std::string> paths, file_sink sink) = 0;
    /// The newest entry of a package's changelog.
    virtual asio::awaitable<std::string> change(std::string name) = 0;
    /// The process that such calls run in.
    virtual asio::awaitable<int> worker() = 0;
    /// A call that crashes.
    virtual asio::awaitable<void> crash() = 0;
    virtual json::object stats() const = 0;
};

/// Queries run in a cofu::thread_pool_executor, what may crash or takes long in worker processes;
/// the loop goes on meanwhile. 0 threads: the default.
std::unique_ptr<work> make_pool_work(data_paths paths, std::size_t threads,
                                     asio::any_io_executor loop);

/// Calls run where they are made, on the thread of the loop, which stands still meanwhile.
std::unique_ptr<work> make_blocking_work(data_paths paths);

}  // namespace package_server
