// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The same work without a pool: what most first servers do, and what the demo measures against.

#include <unistd.h>

#include "http_error.hpp"
#include "work.hpp"

namespace package_server {
namespace {

class blocking_work final : public work {
public:
    explicit blocking_work(data_paths paths) : paths_(std::move(paths)) {}

    asio::awaitable<package> find(std::string name) override
    {
        ++calls_;
        co_return find_package(paths_, name);
    }

    asio::awaitable<package_files> files(std::string name) override
    {
        ++calls_;
        co_return files_of(paths_, name);
    }

    asio::awaitable<void> search(std::string word, batch_sink sink) override
    {
        for (auto const field : search_fields) {
            ++calls_;
            auto batch = search_by({}, paths_, field, word);
            co_await sink(std::move(batch));
        }
    }

    asio::awaitable<void> digest(std::vector<std::string> paths, file_sink sink) override
    {
        for (auto& path : paths) {
            ++calls_;
            auto digest = digest_file(std::move(path));
            co_await sink(std::move(digest));
        }
    }

    asio::awaitable<std::string> change(std::string name) override
    {
        ++calls_;
        co_return newest_change(std::move(name));
    }

    asio::awaitable<int> worker() override { co_return ::getpid(); }

    asio::awaitable<void> crash() override
    {
        throw http_error(http::status::not_implemented,
                         "without worker processes this would end the server");
        co_return;
    }

    json::object stats() const override { return {{"mode", "blocking"}, {"finished", calls_}}; }

private:
    data_paths const paths_;
    std::uint64_t calls_ = 0;
};

}  // namespace

std::unique_ptr<work> make_blocking_work(data_paths paths)
{
    return std::make_unique<blocking_work>(std::move(paths));
}

}  // namespace package_server
