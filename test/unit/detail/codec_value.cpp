// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/codec_value.hpp>

#include "support/encoded.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

using namespace cofu::test;

namespace {

enum class level : short { low = -1, high = 1000 };
enum old_style { first, second };
enum class yes_no : bool { no, yes };

struct point {
    int x, y;
    friend bool operator==(point const&, point const&) = default;
};
struct person {
    std::string name;
    point home;
    std::optional<point> work;
    std::vector<person> children;
    bool member = false;
    friend bool operator==(person const&, person const&) = default;
};
struct one {
    std::string only;
    friend bool operator==(one const&, one const&) = default;
};
struct with_nested {
    int a;
    struct {
        int x, y;
    } inner;
    std::array<int, 3> numbers;
};
struct no_default {
    explicit no_default(int i) : n(i) {}
    int n;
};
struct holds_no_default {
    no_default a, b;
};

struct alignas(16) wide_tag {};
// Many of these can be made from nearly anything, and are still one member each.
struct all_sorts {
    std::vector<int> list;
    std::optional<int> maybe;
    std::variant<int, std::string> either;
    std::filesystem::path path;
    std::error_code code;
    std::chrono::milliseconds time;
    std::map<std::string, std::vector<std::optional<std::string>>> map;
    std::unique_ptr<std::string> owned;
    std::pair<int, std::string> pair;
    std::tuple<std::string, bool> tuple;
    std::array<int, 2> array;
    wide_tag tag;
};
struct array_behind {
    std::optional<int> maybe;
    std::vector<int> list;
    char name[8];
};

struct has_pointer {
    int n;
    char const* text;
};
struct has_reference {
    int n;
    int& r;
};
struct has_const_reference {
    int n;
    int const& r;
};
struct has_const {
    int const n;
};
struct has_array {
    int n;
    int a[3];
    double d;
};
struct has_array_inside {
    has_array inside;
};
struct has_base : point {
    int z;
};
union either {
    int i;
    float f;
};

template <class T>
void check(T const& value)
{
    BOOST_TEST((round_trip(value) == value));
    BOOST_TEST(truncations_accepted(value) == 0u);
    BOOST_TEST(try_every_change(value) == 255 * encoded(value).size());
}

}  // namespace

template <>
struct cofu::serializer<no_default> {
    static void write(byte_writer& to, no_default const& v) { encode(to, v.n); }
    static no_default read(byte_reader& from) { return no_default(decode<int>(from)); }
};

BOOST_AUTO_TEST_SUITE(codec_value)

BOOST_AUTO_TEST_CASE(PPE_02_numbers)
{
    check(true);
    check('c');
    check(static_cast<signed char>(-1));
    check(std::numeric_limits<long long>::min());
    check(std::numeric_limits<unsigned long>::max());
    check(1.5f);
    check(-0.0);
    BOOST_TEST(round_trip(2.5L) == 2.5L);
    check(u8'x');
    check(std::byte(7));
}

BOOST_AUTO_TEST_CASE(R5_a_bool_is_0_or_1)
{
    BOOST_TEST(refuses<bool>({std::byte(2)}));
    BOOST_TEST(refuses<yes_no>({std::byte(255)}));
    BOOST_TEST(round_trip(true));
    BOOST_TEST(!round_trip(false));
}

BOOST_AUTO_TEST_CASE(PPE_02_enumerations)
{
    BOOST_TEST((round_trip(level::high) == level::high));
    BOOST_TEST((round_trip(level::low) == level::low));
    BOOST_TEST((round_trip(second) == second));
    BOOST_TEST((round_trip(yes_no::yes) == yes_no::yes));
    BOOST_TEST(encoded(level::low).size() == sizeof(short));
}

BOOST_AUTO_TEST_CASE(PPE_02_aggregates_member_by_member)
{
    check(point{1, 2});
    check(one{"text"});
    check(
        person{"A", {1, 2}, point{3, 4}, {{"B", {5, 6}, {}, {}, true}, {"C", {}, {}, {}}}, false});
}

BOOST_AUTO_TEST_CASE(PPE_02_aggregates_inside_aggregates)
{
    auto const after = round_trip(with_nested{1, {2, 3}, {4, 5, 6}});

    BOOST_TEST(after.a == 1);
    BOOST_TEST(after.inner.y == 3);
    BOOST_TEST(after.numbers[2] == 6);
}

BOOST_AUTO_TEST_CASE(members_of_all_sorts)
{
    static_assert(cofu::transportable<all_sorts>);
    static_assert(!cofu::transportable<array_behind>);
    all_sorts before;
    before.list = {1, 2};
    before.array = {3, 4};

    auto const after = round_trip(before);

    BOOST_TEST(after.list.size() == 2u);
    BOOST_TEST(after.array[1] == 4);
    BOOST_TEST(truncations_accepted(before) == 0u);
}

BOOST_AUTO_TEST_CASE(members_need_no_default_constructor)
{
    auto const after = round_trip(holds_no_default{no_default(1), no_default(2)});

    BOOST_TEST(after.a.n == 1);
    BOOST_TEST(after.b.n == 2);
}

BOOST_AUTO_TEST_CASE(PPE_02_an_aggregate_with_a_member_that_can_not_cross_does_not)
{
    using cofu::transportable;
    static_assert(!transportable<has_pointer>);
    static_assert(!transportable<has_reference>);
    static_assert(!transportable<has_const_reference>);
    static_assert(!transportable<has_const>);
    static_assert(!transportable<has_array>);
    static_assert(!transportable<has_array_inside>);
    static_assert(!transportable<has_base>);
    static_assert(!transportable<either>);
    static_assert(!transportable<std::vector<has_pointer>>);
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_CASE(an_array_of_plain_aggregates_is_one_copy)
{
    using cofu::detail::codec;
    static_assert(codec<point>::bytewise);
    static_assert(codec<std::array<point, 4>>::bytewise);
    static_assert(!codec<person>::bytewise);
    static_assert(!codec<bool>::bytewise);

    BOOST_TEST(encoded(std::vector<point>(10)).size() == 8 + 10 * sizeof(point));
}

BOOST_AUTO_TEST_SUITE_END()
