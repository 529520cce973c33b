// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Awaiting calls in a coroutine on an io_context: results, exceptions, and how to pass data.

#include <cofu.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <regex>
#include <stdexcept>
#include <string>
#include <thread>

namespace asio = boost::asio;

namespace {

// May take long, and throws std::regex_error for a pattern that is none.
std::ptrdiff_t matches(std::string const& text, std::string const& pattern)
{
    std::regex const expression(pattern);
    return std::distance(std::sregex_iterator(text.begin(), text.end(), expression), {});
}

void check(bool holds, char const* what)
{
    if (!holds)
        throw std::logic_error(what);
}

asio::awaitable<void> search(cofu::thread_pool_executor& pool, std::string text)
{
    auto const loop = std::this_thread::get_id();

    // [arguments]
    // Data goes as arguments, which are copied or moved into the call.
    auto const words = co_await pool.submit(matches, text, "[a-z]+");
    // A lambda without captures takes them the same way.
    auto const os =
        co_await pool.submit([](std::string const& t) { return std::ranges::count(t, 'o'); }, text);
    // Or it has a name before the statement that awaits.
    auto count_spaces = [text] { return std::ranges::count(text, ' '); };
    auto const spaces = co_await pool.submit(count_spaces);
    // Or cofu::call keeps function and arguments together, where one object is asked for.
    auto const vowels = co_await pool.async_invoke(cofu::call(matches, text, "[aeiou]"));
    // [/arguments]
    check(words == 4 && os == 2 && spaces == 3 && vowels == 6, "wrong counts");

    // What a call throws is thrown here.
    bool refused = false;
    try {
        co_await pool.submit(matches, text, "(unclosed");
    } catch (std::regex_error const&) {
        refused = true;
    }
    check(refused, "the exception was lost");

    // Asio awaits rvalues only; a future that is kept is awaited by name, as often as one likes.
    auto const kept = pool.submit(matches, text, "o");
    auto const once = co_await kept.async_result();
    auto const twice = co_await kept.async_result();
    check(once == 2 && twice == 2 && kept.result() == 2, "a kept future lost its value");

    check(std::this_thread::get_id() == loop, "a coroutine resumes on its own executor");
}

}  // namespace

int main()
{
    asio::io_context io;
    cofu::thread_pool_executor pool(2);
    auto done = asio::co_spawn(io, search(pool, "quick brown foxes jump"), cofu::as_future);
    io.run();
    done.result();
    std::cout << "every call was awaited on the loop's own thread\n";
}
