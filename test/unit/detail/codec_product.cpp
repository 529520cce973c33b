// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/codec_product.hpp>

#include "support/encoded.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

using namespace cofu::test;

namespace {

template <class T>
void check(T const& value)
{
    BOOST_TEST((round_trip(value) == value));
    BOOST_TEST(truncations_accepted(value) == 0u);
    BOOST_TEST(try_every_change(value) == 255 * encoded(value).size());
}

struct throws_when_made {
    int n = 0;
    throws_when_made() = default;
    throws_when_made(throws_when_made const&) { throw std::runtime_error("no copy"); }
    throws_when_made& operator=(throws_when_made const&) = default;
};

}  // namespace

template <>
struct cofu::serializer<throws_when_made> {
    static void write(byte_writer& to, throws_when_made const& t) { encode(to, t.n); }
    static throws_when_made read(byte_reader&) { return {}; }
};

BOOST_AUTO_TEST_SUITE(codec_product)

BOOST_AUTO_TEST_CASE(PPE_02_pairs_and_tuples)
{
    check(std::pair<int, std::string>{1, "one"});
    check(std::tuple<>());
    check(std::tuple<char, double, std::string, bool>{'c', 2.5, "text", true});
    check(std::tuple<std::tuple<int>, std::pair<int, std::tuple<int, int>>>{{1}, {2, {3, 4}}});
}

BOOST_AUTO_TEST_CASE(PPE_02_optionals)
{
    check(std::optional<int>());
    check(std::optional<int>(5));
    check(std::optional<std::optional<std::string>>(std::optional<std::string>()));
    check(std::vector<std::optional<bool>>{true, {}, false});
}

BOOST_AUTO_TEST_CASE(PPE_02_variants)
{
    using variant = std::variant<std::monostate, int, std::string, int, std::vector<bool>>;

    check(variant());
    check(variant(std::in_place_index<1>, 7));
    check(variant(std::in_place_index<3>, 8));
    check(variant("text"));
    check(variant(std::vector<bool>{true}));
}

BOOST_AUTO_TEST_CASE(R5_an_index_that_is_no_alternative_is_refused)
{
    auto bytes = encoded(std::variant<int, char>(1));

    bytes[0] = std::byte(2);

    BOOST_TEST((refuses<std::variant<int, char>>(bytes)));
}

BOOST_AUTO_TEST_CASE(a_variant_without_a_value_is_refused_when_it_is_sent)
{
    std::variant<int, throws_when_made> variant;
    throws_when_made const source;
    try {
        variant.emplace<1>(source);
    } catch (std::runtime_error const&) {
    }

    BOOST_REQUIRE(variant.valueless_by_exception());
    BOOST_CHECK_THROW(encoded(variant), cofu::transport_error);
}

BOOST_AUTO_TEST_CASE(PPE_02_a_unique_ptr_sends_what_it_owns)
{
    auto const number = std::make_unique<int>(5);

    BOOST_TEST(*round_trip(number) == 5);
    BOOST_TEST(!round_trip(std::unique_ptr<int>()));
    BOOST_TEST(truncations_accepted(number) == 0u);
    BOOST_TEST(try_every_change(number) > 0u);
}

BOOST_AUTO_TEST_SUITE_END()
