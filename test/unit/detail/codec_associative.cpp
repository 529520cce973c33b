// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/codec_associative.hpp>

#include "support/encoded.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

using namespace cofu::test;

namespace {

struct empty {
    friend bool operator==(empty, empty) = default;
    friend bool operator<(empty, empty) { return false; }
};

struct by_table {
    std::vector<int> order;
    bool operator()(int a, int b) const;
};

template <class T>
void check(T const& value)
{
    BOOST_TEST((round_trip(value) == value));
    BOOST_TEST(truncations_accepted(value) == 0u);
    BOOST_TEST(try_every_change(value) == 255 * encoded(value).size());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(codec_associative)

BOOST_AUTO_TEST_CASE(PPE_02_ordered_containers)
{
    check(std::set<int>{});
    check(std::set<int, std::greater<>>{3, 1, 2});
    check(std::multiset<std::string>{"a", "a", "b"});
    check(std::map<int, std::string>{{1, "one"}, {2, ""}});
    check(std::map<std::string, std::map<int, std::vector<int>>>{{"x", {{1, {1, 2}}}}, {"y", {}}});
    check(std::multimap<int, int>{{1, 2}, {1, 3}, {2, 4}});
}

BOOST_AUTO_TEST_CASE(PPE_02_unordered_containers)
{
    check(std::unordered_set<std::string>{"a", "b"});
    check(std::unordered_multiset<int>{1, 1, 2});
    check(std::unordered_map<int, std::string>{{1, "one"}, {2, "two"}});
    check(std::unordered_multimap<std::string, int>{{"a", 1}, {"a", 2}});
}

BOOST_AUTO_TEST_CASE(keys_and_values_without_data_are_counted)
{
    check(std::map<int, empty>{{1, {}}, {2, {}}});
    check(std::map<empty, int>{{{}, 1}});
    check(std::multiset<empty>{{}, {}});
}

BOOST_AUTO_TEST_CASE(values_that_only_move_cross)
{
    std::map<int, std::unique_ptr<int>> map;
    map[1] = std::make_unique<int>(10);
    map[2] = nullptr;

    auto const after = round_trip(map);

    BOOST_TEST(*after.at(1) == 10);
    BOOST_TEST(!after.at(2));
}

BOOST_AUTO_TEST_CASE(R5_bytes_in_another_order_make_an_ordered_container)
{
    auto const bytes = encoded(std::vector<std::pair<int, int>>{{3, 30}, {1, 10}, {2, 20}});

    auto const map = decoded<std::map<int, int>>(bytes);

    BOOST_TEST((map == std::map<int, int>{{1, 10}, {2, 20}, {3, 30}}));
}

BOOST_AUTO_TEST_CASE(R5_a_key_that_is_there_twice_is_refused)
{
    auto const twice = encoded(std::vector<int>{1, 2, 1});

    BOOST_TEST(refuses<std::set<int>>(twice));
    BOOST_TEST(refuses<std::unordered_set<int>>(twice));
    BOOST_TEST(!refuses<std::multiset<int>>(twice));
    BOOST_TEST(!refuses<std::unordered_multiset<int>>(twice));
}

BOOST_AUTO_TEST_CASE(PPE_02_an_order_or_hash_with_data_does_not_cross)
{
    static_assert(!cofu::transportable<std::set<int, by_table>>);
    static_assert(!cofu::transportable<std::map<int, int, bool (*)(int, int)>>);
    static_assert(!cofu::transportable<std::unordered_set<int, std::function<std::size_t(int)>>>);
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_SUITE_END()
