// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// What an exception says of the worker that threw it.

#include "contract/pool_kinds.hpp"

#include <cofu/error.hpp>
#include <cofu/map.hpp>

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <vector>

using namespace cofu::test;

namespace {

struct unregistered : std::runtime_error {
    using runtime_error::runtime_error;
};

template <class E>
[[gnu::noipa]] int find_row(int id)
{
    if (id >= 0)
        throw E("no such row");
    return id;
}

template <class E>
[[gnu::noipa]] int load_page(int id)
{
    return find_row<E>(id) + 1;
}

template <class F>
std::string trace_of(F f)
{
    try {
        f();
    } catch (std::exception const& e) {
        auto const* const origin = cofu::origin_of(e);
        return origin ? origin->trace() : "it has no origin";
    }
    return "nothing was thrown";
}

bool has_line(std::string const& trace, int line, std::string const& text)
{
    auto const begin = trace.find("#" + std::to_string(line) + " ");
    return begin != std::string::npos
           && trace.substr(begin, trace.find('\n', begin) - begin).find(text) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_04_an_exception_has_the_workers_stack, Kind, process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    auto const known = pool.submit(&load_page<std::out_of_range>, 7);
    auto const unknown = pool.submit([] { return load_page<unregistered>(8); });

    auto const by_known = trace_of([&] { known.result(); });
    auto const by_unknown = trace_of([&] { unknown.result(); });

    BOOST_TEST(has_line(by_known, 0, "find_row<std::out_of_range>(int)+0x"), by_known);
    BOOST_TEST(has_line(by_known, 1, "load_page<std::out_of_range>(int)+0x"), by_known);
    BOOST_TEST(has_line(by_unknown, 0, "::unregistered>(int)+0x"), by_unknown);
    BOOST_TEST(by_unknown.find("worker_loop") == std::string::npos, by_unknown);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_04_each_exception_of_a_map_has_its_own, Kind, process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));
    std::vector<int> const ids{-1, 1, 2, -2};
    auto results = pool.map({.chunksize = 4}, &load_page<std::out_of_range>, ids);
    auto at = results.begin();

    BOOST_TEST(*at == 0);
    for (int i = 0; i < 2; ++i) {
        auto const trace = trace_of([&] { ++at; *at; });
        BOOST_TEST(has_line(trace, 0, "find_row<"), trace);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_10_the_cause_of_a_broken_pool_has_the_workers_stack, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::initialized(1, [] { load_page<std::out_of_range>(1); }));
    auto const f = pool.submit([] {});

    auto const trace = trace_of([&] {
        try {
            f.result();
        } catch (cofu::broken_process_pool const& e) {
            std::rethrow_if_nested(e);
        }
    });

    BOOST_TEST(has_line(trace, 0, "find_row<"), trace);
}
