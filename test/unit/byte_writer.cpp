// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/byte_writer.hpp>

#include <cofu/error.hpp>

#include "support/fail_nth.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

using cofu::byte_writer;

namespace {

std::string_view text_of(byte_writer const& writer)
{
    return {reinterpret_cast<char const*>(writer.bytes().data()), writer.size()};
}

void write(byte_writer& writer, std::string_view text) { writer.write(text.data(), text.size()); }

}  // namespace

BOOST_AUTO_TEST_SUITE(byte_writer_)

BOOST_AUTO_TEST_CASE(it_holds_what_was_written_in_order)
{
    byte_writer writer;

    write(writer, "ab");
    write(writer, "");
    write(writer, "cde");

    BOOST_TEST(text_of(writer) == "abcde");
}

BOOST_AUTO_TEST_CASE(a_small_value_costs_no_allocation)
{
    std::string const small(200, 'x');
    cofu::test::count_allocations count;

    byte_writer writer;
    write(writer, small);
    count.disarm();

    BOOST_TEST(count.seen() == 0u);
    BOOST_TEST(text_of(writer) == small);
}

BOOST_AUTO_TEST_CASE(it_grows_as_far_as_needed)
{
    byte_writer writer;
    std::string expected;

    for (std::size_t n = 0; n < 2000; ++n) {
        std::string const piece(n % 37, static_cast<char>('a' + n % 26));
        write(writer, piece);
        expected += piece;
    }
    write(writer, std::string(1000000, 'z'));
    expected += std::string(1000000, 'z');

    BOOST_TEST((text_of(writer) == expected));
}

BOOST_AUTO_TEST_CASE(PPE_12_a_limit_is_kept_and_named)
{
    byte_writer writer(1000);
    write(writer, std::string(1000, 'x'));

    auto const names_both = [](cofu::transport_error const& e) {
        std::string const text = e.what();
        return text.find("1001") != text.npos && text.find("1000;") != text.npos
               && text.find("max_message") != text.npos;
    };

    BOOST_CHECK_EXCEPTION(write(writer, "y"), cofu::transport_error, names_both);
    BOOST_TEST(writer.size() == 1000u);
}

BOOST_AUTO_TEST_CASE(PPE_12_a_limit_below_the_inner_buffer_is_kept)
{
    byte_writer writer(3);
    write(writer, "abc");

    BOOST_CHECK_THROW(write(writer, "d"), cofu::transport_error);
    BOOST_TEST(text_of(writer) == "abc");
}

BOOST_AUTO_TEST_CASE(a_size_that_overflows_is_too_large)
{
    byte_writer writer;
    write(writer, "a");

    BOOST_CHECK_THROW(writer.write("", SIZE_MAX), cofu::transport_error);
}

BOOST_AUTO_TEST_CASE(truncating_and_clearing_keep_what_is_before)
{
    byte_writer writer;
    write(writer, "abcdef");

    writer.truncate(10);
    BOOST_TEST(text_of(writer) == "abcdef");
    writer.truncate(2);
    BOOST_TEST(text_of(writer) == "ab");
    writer.clear();
    BOOST_TEST(writer.size() == 0u);
}

BOOST_AUTO_TEST_CASE(moving_takes_the_bytes_over)
{
    for (std::size_t const n : {0, 5, 200, 300, 100000}) {
        std::string const text(n, 'q');
        byte_writer from(200000);
        write(from, text);

        byte_writer to(std::move(from));
        write(to, "end");
        write(from, "again");

        BOOST_TEST((text_of(to) == text + "end"));
        BOOST_TEST(text_of(from) == "again");
        BOOST_CHECK_THROW(write(to, std::string(200000, 'x')), cofu::transport_error);
    }
}

BOOST_AUTO_TEST_CASE(nesting_ends_at_the_limit)
{
    byte_writer writer;
    std::vector<std::unique_ptr<byte_writer::nested>> levels;
    for (unsigned n = 0; n < byte_writer::max_depth; ++n)
        levels.push_back(std::make_unique<byte_writer::nested>(writer));

    BOOST_CHECK_THROW(byte_writer::nested{writer}, cofu::transport_error);
    levels.pop_back();
    BOOST_CHECK_NO_THROW(byte_writer::nested{writer});
}

BOOST_AUTO_TEST_SUITE_END()
