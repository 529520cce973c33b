// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The slow work in a thread pool and in worker processes, awaited by coroutines on the loop.

#include <cofu.hpp>

#include <boost/asio/as_tuple.hpp>

#include <functional>
#include <utility>

#include <unistd.h>

#include "work.hpp"

namespace package_server {
namespace {

// Takes back the calls that nobody waits for any more: queued ones never run, and running ones see
// their stop_token. Done calls are left as they are.
struct stop_on_exit {
    std::vector<cofu::future<search_batch>>& calls;
    ~stop_on_exit()
    {
        for (auto& call : calls)
            call.request_stop();
    }
};

int own_process() { return ::getpid(); }

// What the processes have to tell the loop arrives on the loop, without a thread between.
cofu::process_pool_options on(asio::any_io_executor loop)
{
    cofu::process_pool_options options;
    options.io = std::move(loop);
    options.kill_grace = std::chrono::milliseconds(500);
    return options;
}

class pool_work final : public work {
public:
    pool_work(data_paths paths, std::size_t threads, asio::any_io_executor loop)
        : paths_(std::move(paths)), pool_(threads), processes_(on(std::move(loop)))
    {}

    asio::awaitable<package> find(std::string name) override
    {
        co_return co_await pool_.async_invoke(
            cofu::call(find_package, std::cref(paths_), std::move(name)));
    }

    asio::awaitable<package_files> files(std::string name) override
    {
        co_return co_await pool_.async_invoke(
            cofu::call(files_of, std::cref(paths_), std::move(name)));
    }

    asio::awaitable<void> search(std::string word, batch_sink sink) override
    {
        std::vector<cofu::future<search_batch>> queries;
        stop_on_exit const guard{queries};
        for (auto const field : search_fields)
            queries.push_back(pool_.submit(search_by, std::cref(paths_), field, word));
        auto completed = cofu::as_completed(queries);
        while (auto query = co_await completed.async_next()) {
            auto batch = co_await std::move(query);
            co_await sink(std::move(batch));
        }
    }

    // At most `buffersize` files are submitted ahead of the one that the client is being sent, so a
    // slow client holds back its own digest only. Leaving the loop early cancels those.
    asio::awaitable<void> digest(std::vector<std::string> paths, file_sink sink) override
    {
        auto digests =
            processes_.map(cofu::map_options{.buffersize = 16}, digest_file, std::move(paths));
        while (auto digest = co_await digests.async_next())
            co_await sink(std::move(*digest));
    }

    asio::awaitable<std::string> change(std::string name) override
    {
        co_return co_await processes_.async_invoke(cofu::call(newest_change, std::move(name)));
    }

    asio::awaitable<int> worker() override
    {
        co_return co_await processes_.async_invoke(own_process);
    }

    asio::awaitable<void> crash() override
    {
        co_await processes_.async_invoke(package_server::crash);
    }

    json::object stats() const override
    {
        auto answer = counters(pool_.stats());
        answer["mode"] = "pool";
        answer["processes"] = counters(processes_.stats());
        return answer;
    }

private:
    static json::object counters(cofu::pool_stats const& s)
    {
        return {{"workers", s.workers},     {"idle", s.idle},         {"queued", s.queued},
                {"running", s.running},     {"submitted", s.submitted}, {"finished", s.finished},
                {"cancelled", s.cancelled}, {"failed", s.failed}};
    }

    data_paths const paths_;  // read by the calls, so it outlives the pool
    cofu::thread_pool_executor pool_;
    cofu::process_pool_executor processes_;
};

}  // namespace

std::unique_ptr<work> make_pool_work(data_paths paths, std::size_t threads,
                                     asio::any_io_executor loop)
{
    return std::make_unique<pool_work>(std::move(paths), threads, std::move(loop));
}

}  // namespace package_server
