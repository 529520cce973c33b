// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/codec_sequence.hpp>

#include "support/encoded.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <deque>
#include <forward_list>
#include <list>
#include <string>
#include <vector>

using namespace cofu::test;

namespace {

struct empty {
    friend bool operator==(empty, empty) = default;
};
struct padded {
    char c;
    double d;
    friend bool operator==(padded const&, padded const&) = default;
};

// Crosses whole, is refused when cut short, and is a value or refused with any byte changed.
template <class T>
void check(T const& value)
{
    BOOST_TEST((round_trip(value) == value));
    BOOST_TEST(truncations_accepted(value) == 0u);
    BOOST_TEST(try_every_change(value) == 255 * encoded(value).size());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(codec_sequence)

BOOST_AUTO_TEST_CASE(PPE_02_strings)
{
    check(std::string());
    check(std::string("text with \0 inside", 18));
    check(std::wstring(L"wide"));
    check(std::u8string(u8"\u00e4"));
    check(std::u16string(u"u"));
    check(std::u32string(U"\U0001F600"));
}

BOOST_AUTO_TEST_CASE(PPE_02_vectors)
{
    check(std::vector<int>());
    check(std::vector<int>{1, -2, 3});
    check(std::vector<padded>{{'a', 1.5}, {'b', 2.5}});
    check(std::vector<std::string>{"", "one", "two"});
    check(std::vector<std::vector<std::vector<short>>>{{}, {{1}, {}}, {{2, 3}}});
}

BOOST_AUTO_TEST_CASE(PPE_02_vectors_of_bool)
{
    for (std::size_t n = 0; n < 20; ++n) {
        std::vector<bool> flags(n);
        for (std::size_t i = 0; i < n; i += 3)
            flags[i] = true;
        check(flags);
    }
}

BOOST_AUTO_TEST_CASE(PPE_02_other_sequences)
{
    check(std::deque<int>{1, 2, 3});
    check(std::deque<bool>{true, false});
    check(std::list<std::string>{"a", ""});
    check(std::forward_list<std::string>{"a", "b"});
    check(std::forward_list<int>());
}

BOOST_AUTO_TEST_CASE(PPE_02_arrays)
{
    check(std::array<int, 3>{1, 2, 3});
    check(std::array<std::string, 2>{"x", "y"});
    check(std::array<bool, 2>{true, false});
    BOOST_TEST((round_trip(std::array<int, 0>()) == std::array<int, 0>()));
}

BOOST_AUTO_TEST_CASE(elements_without_data_are_counted)
{
    check(std::vector<empty>(5));
    check(std::list<empty>(5));
    check(std::vector<std::array<empty, 4>>(2));
}

BOOST_AUTO_TEST_CASE(a_huge_vector_crosses)
{
    std::vector<double> numbers(1000000);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        numbers[i] = static_cast<double>(i);

    BOOST_TEST((round_trip(numbers) == numbers));
    BOOST_TEST(encoded(numbers).size() == 8 + sizeof(double) * numbers.size());
}

BOOST_AUTO_TEST_CASE(R5_a_count_costs_no_memory_before_it_is_checked)
{
    auto const announcing = [](std::uint64_t count) {
        auto bytes = encoded(count);
        bytes.resize(bytes.size() + 64);
        return bytes;
    };

    for (std::uint64_t const count : {std::uint64_t(65), UINT64_MAX / 8 + 1, UINT64_MAX}) {
        BOOST_TEST(refuses<std::string>(announcing(count)));
        BOOST_TEST(refuses<std::vector<int>>(announcing(count)));
        BOOST_TEST(refuses<std::vector<empty>>(announcing(count)));
        BOOST_TEST(refuses<std::vector<std::string>>(announcing(count)));
        BOOST_TEST(refuses<std::deque<empty>>(announcing(count)));
        BOOST_TEST(refuses<std::forward_list<empty>>(announcing(count)));
    }
    BOOST_TEST(refuses<std::vector<bool>>(announcing(UINT64_MAX)));
    BOOST_TEST(refuses<std::vector<bool>>(announcing(64 * 8 + 1)));
}

BOOST_AUTO_TEST_CASE(R5_large_elements_that_are_mostly_nothing_take_memory_as_they_come)
{
    using wide = std::optional<std::array<double, 100000>>;
    auto const bytes = encoded(std::vector<wide>(100));

    auto const after = decoded<std::vector<wide>>(bytes);

    BOOST_TEST(after.size() == 100u);
}

BOOST_AUTO_TEST_SUITE_END()
