// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/codec_vocabulary.hpp>

#include <cofu/error.hpp>

#include "support/encoded.hpp"

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <bitset>
#include <chrono>
#include <complex>
#include <filesystem>
#include <system_error>
#include <vector>

using namespace cofu::test;
using namespace std::chrono_literals;

namespace {

template <class T>
void check(T const& value)
{
    BOOST_TEST((round_trip(value) == value));
    BOOST_TEST(truncations_accepted(value) == 0u);
    BOOST_TEST(try_every_change(value) == 255 * encoded(value).size());
}

class foreign_category final : public std::error_category {
public:
    char const* name() const noexcept override { return "foreign"; }
    std::string message(int) const override { return "?"; }
};

class foreign_boost_category final : public boost::system::error_category {
public:
    char const* name() const noexcept override { return "foreign"; }
    std::string message(int) const override { return "?"; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(codec_vocabulary)

BOOST_AUTO_TEST_CASE(PPE_02_time)
{
    check(5ns);
    check(std::chrono::duration<double>(1.5));
    check(std::chrono::system_clock::time_point(3s));
    check(std::chrono::steady_clock::now());
    check(std::chrono::year_month_day(2026y, std::chrono::May, 1d));
    check(std::vector{1h, 2h});
}

BOOST_AUTO_TEST_CASE(PPE_02_paths_complex_numbers_and_bitsets)
{
    check(std::filesystem::path("/usr/lib"));
    check(std::filesystem::path());
    check(std::complex<double>(1, -2));
    check(std::bitset<0>());
    check(std::bitset<13>(0x1555));
    check(std::bitset<64>(~0ull));
    check(std::bitset<130>().set(129).set(64));
}

BOOST_AUTO_TEST_CASE(R5_no_bit_is_set_past_the_end_of_a_bitset)
{
    auto const after = decoded<std::bitset<3>>(std::vector{std::byte(0xff)});

    BOOST_TEST(after.count() == 3u);
}

BOOST_AUTO_TEST_CASE(PPE_02_error_codes_of_known_categories)
{
    check(std::error_code());
    check(std::make_error_code(std::errc::timed_out));
    check(std::error_code(2, std::system_category()));
    check(boost::system::error_code());
    check(boost::system::error_code(cofu::errc::shut_down));
    check(boost::system::error_code(boost::asio::error::eof));
    check(boost::system::error_code(boost::asio::error::host_not_found));
    check(boost::system::error_code(boost::asio::error::connection_refused));
}

BOOST_AUTO_TEST_CASE(PPE_02_an_error_code_of_a_foreign_category_is_refused_when_it_is_sent)
{
    static foreign_category const foreign;
    static foreign_boost_category const foreign_boost;

    BOOST_CHECK_THROW(encoded(std::error_code(1, foreign)), cofu::transport_error);
    BOOST_CHECK_THROW(encoded(boost::system::error_code(1, foreign_boost)), cofu::transport_error);
}

BOOST_AUTO_TEST_SUITE_END()
