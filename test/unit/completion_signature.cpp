// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// With which signature an awaited call completes, and what stands beside an exception.

#include <cofu/call.hpp>
#include <cofu/completion_signature.hpp>
#include <cofu/thread_pool_executor.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace asio = boost::asio;

namespace {

struct from_int {
    explicit from_int(int v) : value(v) {}
    int value;
};

template <class T, class Signature>
constexpr bool completes_as = std::is_same_v<cofu::completion_signature_t<T>, Signature>;

static_assert(completes_as<void, void(std::exception_ptr)>);
static_assert(completes_as<std::string, void(std::exception_ptr, std::string)>);
static_assert(completes_as<std::unique_ptr<int>, void(std::exception_ptr, std::unique_ptr<int>)>);
static_assert(completes_as<int&, void(std::exception_ptr, int*)>);
static_assert(completes_as<from_int&, void(std::exception_ptr, from_int*)>);
static_assert(completes_as<from_int, void(std::exception_ptr, std::optional<from_int>)>);

// What a handler of this signature is given: by the future, or by async_invoke.
template <class T>
struct completion {
    std::exception_ptr error;
    T value;
};

template <class T, class F>
completion<T> of_future(F f)
{
    asio::io_context io;
    cofu::thread_pool_executor pool(1);
    std::optional<completion<T>> given;
    auto submitted = pool.submit(f);
    std::move(submitted)(asio::bind_executor(
        io, [&](std::exception_ptr e, T value) { given.emplace(e, std::move(value)); }));
    io.run();
    return std::move(given.value());
}

template <class T, class F>
completion<T> of_invoke(F f)
{
    asio::io_context io;
    cofu::thread_pool_executor pool(1);
    std::optional<completion<T>> given;
    pool.async_invoke(f, asio::bind_executor(io, [&](std::exception_ptr e, T value) {
                          given.emplace(e, std::move(value));
                      }));
    io.run();
    return std::move(given.value());
}

template <class T>
T fail()
{
    throw std::runtime_error("no value");
}

int number = 7;

}  // namespace

BOOST_AUTO_TEST_CASE(ASY_04_a_value_comes_without_an_exception)
{
    auto const text = of_future<std::string>([] { return std::string("text"); });
    auto const moved = of_invoke<std::unique_ptr<int>>([] { return std::make_unique<int>(3); });

    BOOST_TEST(!text.error);
    BOOST_TEST(text.value == "text");
    BOOST_TEST(!moved.error);
    BOOST_TEST(*moved.value == 3);
}

BOOST_AUTO_TEST_CASE(ASY_04_a_reference_comes_as_a_pointer_and_null_on_failure)
{
    auto const referred = of_future<int*>([]() -> int& { return number; });
    auto const failed = of_invoke<int*>(&fail<int&>);

    BOOST_TEST(!referred.error);
    BOOST_TEST(referred.value == &number);
    BOOST_CHECK_THROW(std::rethrow_exception(failed.error), std::runtime_error);
    BOOST_TEST(failed.value == nullptr);
}

BOOST_AUTO_TEST_CASE(ASY_04_what_has_no_default_comes_in_an_optional)
{
    auto const made = of_invoke<std::optional<from_int>>([] { return from_int(5); });
    auto const failed = of_future<std::optional<from_int>>(&fail<from_int>);

    BOOST_TEST(!made.error);
    BOOST_TEST(made.value.value().value == 5);
    BOOST_CHECK_THROW(std::rethrow_exception(failed.error), std::runtime_error);
    BOOST_TEST(!failed.value.has_value());
}

BOOST_AUTO_TEST_CASE(ASY_04_beside_an_exception_stands_an_empty_value)
{
    auto const failed = of_future<std::string>(&fail<std::string>);

    BOOST_CHECK_THROW(std::rethrow_exception(failed.error), std::runtime_error);
    BOOST_TEST(failed.value.empty());
}
