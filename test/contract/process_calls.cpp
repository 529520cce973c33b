// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// What crosses to a worker and back, and what happens to what can't.

#include "contract/pool_kinds.hpp"
#include "support/poll.hpp"

#include <cofu/error.hpp>
#include <cofu/map.hpp>

#include <boost/test/unit_test.hpp>

#include <map>
#include <numeric>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <system_error>
#include <tuple>
#include <vector>

using namespace cofu::test;

namespace {

struct point {
    int x = 0;
    std::string name;
    bool operator==(point const&) const = default;
};

struct adder {
    int amount = 0;
    int operator()(int i) const { return i + amount; }
};

// Can be read only where it was written as even.
struct even {
    int value = 0;
};

long twice(long x) { return 2 * x; }

}  // namespace

template <>
struct cofu::serializer<even> {
    static void write(cofu::byte_writer& to, even const& e)
    {
        if (e.value == 13)
            throw std::runtime_error("13 is not written");
        cofu::encode(to, e.value);
    }
    static even read(cofu::byte_reader& from)
    {
        even e{cofu::decode<int>(from)};
        if (e.value % 2 != 0)
            cofu::byte_reader::fail("an odd number");
        return e;
    }
};

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_02_values_cross_both_ways, Kind, process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    std::map<std::string, std::vector<point>> const data{{"a", {{1, "one"}, {2, "two"}}}, {"", {}}};

    auto const f = pool.submit(
        [](std::map<std::string, std::vector<point>> m) {
            m["b"].push_back({3, "three"});
            return std::tuple(m, std::optional<int>(4));
        },
        data);

    auto const [m, n] = f.result();
    BOOST_TEST(m.size() == 3u);
    BOOST_TEST((m.at("a") == data.at("a")));
    BOOST_TEST((m.at("b") == std::vector<point>{{3, "three"}}));
    BOOST_TEST(n.value() == 4);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_02_every_kind_of_function_crosses, Kind, process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    BOOST_TEST(pool.submit(&twice, 21L).result() == 42);
    BOOST_TEST(pool.submit(adder{5}, 2).result() == 7);
    BOOST_TEST(pool.submit([](int a, int b) { return a - b; }, 5, 3).result() == 2);
    BOOST_TEST(pool.submit(cofu::call(&twice, 4L)).result() == 8);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_03_what_cant_be_encoded_fails_its_own_future, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto const f = pool.submit([](even e) { return e.value; }, even{13});

    BOOST_CHECK_THROW(f.result(), cofu::transport_error);
    BOOST_TEST(pool.submit([](even e) { return e.value; }, even{4}).result() == 4);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_03_what_cant_be_decoded_fails_its_own_future, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto const in_worker = pool.submit([](even e) { return e.value; }, even{3});
    auto const result = pool.submit([] { return even{5}; });
    auto const unwritten = pool.submit([] { return even{13}; });

    BOOST_CHECK_THROW(in_worker.result(), cofu::transport_error);
    BOOST_CHECK_THROW(result.result(), cofu::transport_error);
    BOOST_CHECK_THROW(unwritten.result(), cofu::transport_error);
    BOOST_TEST(pool.submit([] { return even{6}; }).result().value == 6);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_04_exceptions_keep_their_type, Kind, process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    BOOST_CHECK_EXCEPTION(
        pool.submit([] { throw std::out_of_range("index 7"); }).result(), std::out_of_range,
        [](std::out_of_range const& e) { return std::string(e.what()) == "index 7"; });
    BOOST_CHECK_EXCEPTION(
        pool.submit([] {
                throw std::system_error(std::make_error_code(std::errc::no_such_file_or_directory));
            })
            .result(),
        std::system_error, [](std::system_error const& e) {
            return e.code() == std::errc::no_such_file_or_directory;
        });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_04_an_unknown_exception_is_a_remote_error, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    BOOST_CHECK_EXCEPTION(pool.submit([] { throw 42; }).result(), cofu::remote_error,
                          [](cofu::remote_error const& e) { return e.type_name() == "int"; });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_12_a_message_may_be_large_but_not_larger, Kind,
                              process_pool_kinds)
{
    auto options = Kind::workers(1);
    options.max_message = 1 << 20;
    typename Kind::pool pool(options);
    auto const size_of = [](std::string const& s) { return s.size(); };
    auto const of_size = [](std::size_t n) { return std::string(n, 'x'); };

    BOOST_TEST(pool.submit(size_of, std::string(1'000'000, 'y')).result() == 1'000'000u);
    BOOST_TEST(pool.submit(of_size, std::size_t(1'000'000)).result().size() == 1'000'000u);
    BOOST_CHECK_THROW(pool.submit(size_of, std::string(2'000'000, 'y')).result(),
                      cofu::transport_error);
    BOOST_CHECK_THROW(pool.submit(of_size, std::size_t(2'000'000)).result(),
                      cofu::transport_error);
    BOOST_TEST(pool.submit(size_of, std::string("abc")).result() == 3u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_12_large_data_both_ways_does_not_deadlock, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    std::vector<cofu::future<std::string>> echoes;
    for (int i = 0; i < 8; ++i)
        echoes.push_back(pool.submit([](std::string s) { return s; },
                                     std::string(4 << 20, static_cast<char>('a' + i))));

    for (int i = 0; i < 8; ++i)
        BOOST_TEST((echoes[static_cast<std::size_t>(i)].result()
                    == std::string(4 << 20, static_cast<char>('a' + i))));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_04_a_chunk_is_one_message, Kind, process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(2));
    cofu::map_options options;
    options.chunksize = 100;

    long sum = 0;
    for (long x : pool.map(options, &twice, std::views::iota(0L, 1000L)))
        sum += x;

    BOOST_TEST(sum == 999'000);
    BOOST_TEST(pool.stats().submitted == 10u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(MAP_03_an_exception_in_a_chunk_spoils_its_own_element, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    cofu::map_options options;
    options.chunksize = 4;
    auto results = pool.map(
        options,
        [](int i) {
            if (i == 2)
                throw std::out_of_range("two");
            return i;
        },
        std::vector{0, 1, 2, 3});

    std::vector<int> values;
    int thrown = 0;
    for (auto i = results.begin(); i != results.end(); ++i) {
        try {
            values.push_back(*i);
        } catch (std::out_of_range const&) {
            ++thrown;
        }
    }

    BOOST_TEST((values == std::vector{0, 1, 3}));
    BOOST_TEST(thrown == 1);
}
