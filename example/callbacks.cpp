// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Callbacks: on the thread that completes the call, or where they are bound to.

#include <cofu.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>

#include <iostream>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace asio = boost::asio;

namespace {

// What a callback throws has no caller to go to; the pool tells its observer.
class error_log : public cofu::pool_observer {
public:
    int errors = 0;

    void callback_failed(std::exception_ptr error) noexcept override
    {
        try {
            std::rethrow_exception(error);
        } catch (std::exception const& e) {
            std::cout << "a callback failed: " << e.what() << '\n';
        }
        ++errors;
    }
};

}  // namespace

int main()
{
    error_log log;
    asio::io_context io;
    auto const loop = std::this_thread::get_id();
    std::vector<std::string> order;
    bool on_worker = false;
    bool on_loop = false;
    {
        cofu::thread_pool_executor pool(
            cofu::thread_pool_options{.max_workers = 1, .observer = &log});
        std::latch callbacks_added(1);
        auto f = pool.submit([&] {
            callbacks_added.wait();
            return 42;
        });

        f.add_done_callback([&](cofu::future<int> done) {
            on_worker = std::this_thread::get_id() != loop;
            order.push_back("first, with " + std::to_string(done.result()));
        });
        f.add_done_callback([](cofu::future<int>) { throw std::runtime_error("no disk space"); });
        f.add_done_callback([&](cofu::future<int>) { order.push_back("third"); });
        // Bound to the loop: it may touch what belongs to the loop's thread.
        f.add_done_callback(asio::bind_executor(
            io, [&](cofu::future<int>) { on_loop = std::this_thread::get_id() == loop; }));
        callbacks_added.count_down();
        // result() could return before the callbacks have run; the end of the scope waits for them.
    }
    io.run();  // an outstanding callback is work: run() returns when it has run

    for (auto const& line : order)
        std::cout << line << '\n';
    bool const in_order = order == std::vector<std::string>{"first, with 42", "third"};
    return in_order && on_worker && on_loop && log.errors == 1 ? 0 : 1;
}
