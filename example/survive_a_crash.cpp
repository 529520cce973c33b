// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Calls that may crash, in worker processes: a crash costs the call that crashed.

#include <cofu.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <csignal>
#include <iostream>
#include <string>
#include <vector>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

// Stands for a C library that does not like every input.
std::size_t parse(std::string const& text)
{
    if (text == "bad")
        std::raise(SIGSEGV);
    while (text == "endless") {
    }
    return text.size();
}

void show(cofu::future<std::size_t> const& call)
{
    try {
        std::cout << "parsed " << call.result() << " bytes\n";
    } catch (cofu::worker_crashed const& e) {
        std::cout << "crashed by signal " << e.signal().value_or(0) << '\n';
    } catch (cofu::task_timed_out const&) {
        std::cout << "took too long\n";
    }
}

}  // namespace

// [processes]
asio::awaitable<int> parse_all(cofu::process_pool_executor& pool)
{
    std::vector<cofu::future<std::size_t>> calls;
    for (std::string text : {"good", "bad", "endless", "better"})
        calls.push_back(pool.submit({.timeout = 200ms}, parse, text));

    int failed = 0;
    auto completed = cofu::as_completed(calls);
    while (auto call = co_await completed.async_next()) {
        show(call);
        failed += call.exception() != nullptr;
    }
    co_return failed;
}
// [/processes]

int main(int argc, char** argv)
{
    cofu::worker_main(argc, argv);  // where the link option isn't used; see the README
    asio::io_context io;
    cofu::process_pool_options options;
    options.kill_grace = 100ms;
    cofu::process_pool_executor pool(options);
    auto failed = asio::co_spawn(io, parse_all(pool), cofu::as_future);
    io.run();
    return failed.result() == 2 ? 0 : 1;
}
