// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/byte_reader.hpp>

#include <cofu/error.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

using cofu::byte_reader;

namespace {

std::vector<std::byte> bytes_of(std::string const& text)
{
    auto const* const at = reinterpret_cast<std::byte const*>(text.data());
    return {at, at + text.size()};
}

std::vector<std::byte> count_and(std::uint64_t count, std::size_t bytes)
{
    std::vector<std::byte> all(sizeof count + bytes);
    std::memcpy(all.data(), &count, sizeof count);
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(byte_reader_)

BOOST_AUTO_TEST_CASE(it_gives_the_bytes_in_order)
{
    auto const bytes = bytes_of("abcde");
    byte_reader reader(bytes);
    char two[2];

    reader.read(two, 2);
    BOOST_TEST(std::string(two, 2) == "ab");
    BOOST_TEST(reader.left() == 3u);
    reader.read(nullptr, 0);
    BOOST_TEST((reader.take(3) == bytes.data() + 2));
    BOOST_CHECK_NO_THROW(reader.expect_end());
}

BOOST_AUTO_TEST_CASE(it_never_reads_past_the_end)
{
    auto const bytes = bytes_of("abc");
    byte_reader reader(bytes);
    char four[4];

    BOOST_CHECK_THROW(reader.read(four, 4), cofu::transport_error);
    BOOST_CHECK_THROW(reader.take(SIZE_MAX), cofu::transport_error);
    BOOST_TEST(reader.left() == 3u);
}

BOOST_AUTO_TEST_CASE(trailing_bytes_are_refused)
{
    auto const bytes = bytes_of("abc");
    byte_reader reader(bytes);
    reader.take(2);

    BOOST_CHECK_THROW(reader.expect_end(), cofu::transport_error);
}

BOOST_AUTO_TEST_CASE(a_count_is_checked_against_what_is_left)
{
    auto const four = [](std::uint64_t count) { return count_and(count, 32); };
    auto const read = [](std::vector<std::byte> const& bytes) {
        return byte_reader(bytes).read_count(8);
    };

    BOOST_TEST(read(four(0)) == 0u);
    BOOST_TEST(read(four(4)) == 4u);
    BOOST_CHECK_THROW(read(four(5)), cofu::transport_error);
    BOOST_CHECK_THROW(read(four(UINT64_MAX)), cofu::transport_error);
    BOOST_CHECK_THROW(read(four(UINT64_MAX / 8 + 2)), cofu::transport_error);
    BOOST_CHECK_THROW(read(bytes_of("short")), cofu::transport_error);
}

BOOST_AUTO_TEST_CASE(nesting_ends_at_the_limit)
{
    byte_reader reader({});
    std::vector<std::unique_ptr<byte_reader::nested>> levels;
    for (unsigned n = 0; n < byte_reader::max_depth; ++n)
        levels.push_back(std::make_unique<byte_reader::nested>(reader));

    BOOST_CHECK_THROW(byte_reader::nested{reader}, cofu::transport_error);
    levels.pop_back();
    BOOST_CHECK_NO_THROW(byte_reader::nested{reader});
}

BOOST_AUTO_TEST_CASE(functions_are_only_named_where_it_is_allowed)
{
    byte_reader reader({});

    BOOST_TEST(!reader.may_name_functions());
    reader.allow_functions();
    BOOST_TEST(reader.may_name_functions());
}

BOOST_AUTO_TEST_SUITE_END()
