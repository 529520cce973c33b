// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/remote_call.hpp>

#include <cofu/call.hpp>
#include <cofu/error.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

using namespace cofu::detail;
using cofu::transport_error;

namespace {

template <class F, class... A>
std::vector<std::byte> encoded_call(F const& f, A const&... args)
{
    cofu::byte_writer writer;
    encode_call(writer, f, args...);
    return {writer.bytes().begin(), writer.bytes().end()};
}

template <class F, class... A>
auto run_remotely(F const& f, A const&... args)
{
    using result = remote_result_t<std::decay_t<F>, std::decay_t<A>...>;
    cofu::byte_writer writer;
    run_encoded_call(encoded_call(f, args...), {}, writer);
    cofu::byte_reader reader(writer.bytes());
    if constexpr (std::is_void_v<result>) {
        reader.expect_end();
    } else {
        result r = decode_result<result>(reader);
        reader.expect_end();
        return r;
    }
}

int twice(int n) { return 2 * n; }
int thrice(int n) noexcept { return 3 * n; }
template <class T>
T doubled(T n)
{
    return n + n;
}
int apply(int (*f)(int), int n) { return f ? f(n) : -1; }

struct multiply {
    int factor;
    int operator()(int n) const { return factor * n; }
};

int calls = 0;

struct picky {
    int n;
};

}  // namespace

template <>
struct cofu::serializer<picky> {
    static void write(byte_writer& to, picky const& p)
    {
        if (p.n == 1)
            throw std::logic_error("not written");
        encode(to, p.n);
    }
    static picky read(byte_reader& from)
    {
        auto const n = decode<int>(from);
        if (n == 2)
            throw std::logic_error("not read");
        return {n};
    }
};

BOOST_AUTO_TEST_SUITE(remote_call_)

BOOST_AUTO_TEST_CASE(PPE_02_captureless_lambdas)
{
    BOOST_TEST(run_remotely([](int a, int b) { return a - b; }, 9, 4) == 5);
    BOOST_TEST(run_remotely([&](int a) { return a + 1; }, 9) == 10);
    BOOST_TEST(run_remotely([](std::string s, int n) { return s + std::to_string(n); },
                            std::string("a"), 5)
               == "a5");
}

BOOST_AUTO_TEST_CASE(PPE_02_lambdas_of_the_same_text_are_told_apart)
{
    auto const plus = [](int a) { return a + 1; };
    auto const plus_too = [](int a) { return a + 1; };
    auto const minus = [](int a) { return a - 1; };

    BOOST_TEST(run_remotely(plus, 1) == 2);
    BOOST_TEST(run_remotely(plus_too, 1) == 2);
    BOOST_TEST(run_remotely(minus, 1) == 0);
}

BOOST_AUTO_TEST_CASE(PPE_02_functions_and_function_pointers)
{
    BOOST_TEST(run_remotely(twice, 4) == 8);
    BOOST_TEST(run_remotely(&twice, 4) == 8);
    BOOST_TEST(run_remotely(&thrice, 4) == 12);
    BOOST_TEST(run_remotely(&doubled<double>, 1.5) == 3.0);
    BOOST_TEST(run_remotely(static_cast<int (*)(int)>(&std::abs), -3) == 3);
}

BOOST_AUTO_TEST_CASE(PPE_02_function_pointers_as_arguments)
{
    BOOST_TEST(run_remotely(apply, &twice, 3) == 6);
    BOOST_TEST(run_remotely(apply, static_cast<int (*)(int)>(nullptr), 3) == -1);
}

BOOST_AUTO_TEST_CASE(PPE_02_function_objects_with_data)
{
    BOOST_TEST(run_remotely(multiply{6}, 7) == 42);
    BOOST_TEST(run_remotely(cofu::call(twice, 21)) == 42);
}

BOOST_AUTO_TEST_CASE(arguments_are_decayed_and_passed_as_rvalues)
{
    auto const take = [](std::unique_ptr<int>&& p) { return *p; };
    auto const own = [](std::unique_ptr<int> p) { return *p; };
    auto const read = [](std::vector<int> const& v) { return v.size(); };

    BOOST_TEST(run_remotely(take, std::make_unique<int>(4)) == 4);
    BOOST_TEST(run_remotely(own, std::make_unique<int>(5)) == 5);
    BOOST_TEST(run_remotely(read, std::vector{1, 2}) == 2u);
}

BOOST_AUTO_TEST_CASE(a_function_without_result_gives_no_bytes)
{
    calls = 0;

    run_remotely([](int n) { calls += n; }, 3);

    BOOST_TEST(calls == 3);
}

BOOST_AUTO_TEST_CASE(a_stop_token_comes_first_if_the_function_takes_one)
{
    std::stop_source source;
    source.request_stop();
    auto const call =
        encoded_call([](std::stop_token t, int n) { return t.stop_requested() ? n : -n; }, 5);

    cofu::byte_writer asked, not_asked;
    run_encoded_call(call, source.get_token(), asked);
    run_encoded_call(call, {}, not_asked);

    cofu::byte_reader first(asked.bytes()), second(not_asked.bytes());
    BOOST_TEST(decode_result<int>(first) == 5);
    BOOST_TEST(decode_result<int>(second) == -5);
}

BOOST_AUTO_TEST_CASE(the_functions_own_exception_leaves_it)
{
    auto const fails = []() -> int { throw std::out_of_range("index 7"); };

    cofu::byte_writer writer;
    writer.write("x", 1);

    BOOST_CHECK_EXCEPTION(run_encoded_call(encoded_call(fails), {}, writer), std::out_of_range,
                          [](auto const& e) { return e.what() == std::string("index 7"); });
    BOOST_TEST(writer.size() == 1u);
}

BOOST_AUTO_TEST_CASE(PPE_03_what_fails_in_a_serializer_is_a_transport_error)
{
    auto const give = [](int n) { return picky{n}; };
    auto const take = [](picky p) { return p.n; };
    auto const names_the_cause = [](transport_error const& e) {
        return std::string(e.what()).find("std::logic_error") != std::string::npos;
    };

    BOOST_CHECK_EXCEPTION(run_remotely(take, picky{1}), transport_error, names_the_cause);
    BOOST_CHECK_EXCEPTION(run_remotely(take, picky{2}), transport_error, names_the_cause);
    BOOST_CHECK_EXCEPTION(run_remotely(give, 1), transport_error, names_the_cause);
    BOOST_CHECK_EXCEPTION(run_remotely(give, 2), transport_error, names_the_cause);
    BOOST_TEST(run_remotely(take, picky{3}) == 3);
}

BOOST_AUTO_TEST_CASE(PPE_03_a_call_that_is_too_large_is_a_transport_error)
{
    cofu::byte_writer writer(100);

    BOOST_CHECK_THROW(encode_call(
                          writer, [](std::string const&) {}, std::string(100, 'x')),
                      transport_error);
}

BOOST_AUTO_TEST_CASE(a_damaged_call_never_runs)
{
    calls = 0;
    auto const call = encoded_call([](std::string const&) { ++calls; }, std::string("text"));
    auto longer = call;
    longer.push_back(std::byte(0));
    cofu::byte_writer writer;

    for (std::size_t n = 0; n < call.size(); ++n)
        BOOST_CHECK_THROW(run_encoded_call({call.data(), n}, {}, writer), transport_error);
    BOOST_CHECK_THROW(run_encoded_call(longer, {}, writer), transport_error);

    BOOST_TEST(calls == 0);
    BOOST_TEST(writer.size() == 0u);
}

BOOST_AUTO_TEST_CASE(R5_nothing_that_a_worker_sends_becomes_a_function)
{
    static_assert(cofu::transportable<int (*)(int)>);
    static_assert(!crosses<int (*)(int), direction::from_worker>);
    static_assert(!crosses<std::vector<int (*)(int)>, direction::from_worker>);
    cofu::byte_writer writer;
    cofu::encode(writer, &twice);

    cofu::byte_reader reader(writer.bytes());
    BOOST_CHECK_THROW(decode_result<int (*)(int)>(reader), transport_error);
}

BOOST_AUTO_TEST_SUITE_END()
