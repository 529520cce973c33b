// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/codec_vocabulary.hpp>

#include <cofu/error.hpp>

#include <boost/asio/error.hpp>

#include <cstdint>
#include <future>
#include <ios>
#include <span>

namespace cofu::detail {
namespace {

// A category goes as its place in the list.
template <class Category, std::size_t N>
std::uint8_t place_of(Category const& category, Category const* const (&known)[N])
{
    for (std::size_t i = 0; i < N; ++i)
        if (*known[i] == category)
            return static_cast<std::uint8_t>(i);
    byte_writer::fail("an error_code has a category that the other process may not know; send its "
                      "value and name the category there");
}

auto const& standard_categories()
{
    static std::error_category const* const known[] = {
        &std::generic_category(), &std::system_category(), &std::iostream_category(),
        &std::future_category()};
    return known;
}

auto const& boost_categories()
{
    namespace asio = boost::asio::error;
    static boost::system::error_category const* const known[] = {&boost::system::generic_category(),
                                                                 &boost::system::system_category(),
                                                                 &category(),
                                                                 &asio::get_netdb_category(),
                                                                 &asio::get_addrinfo_category(),
                                                                 &asio::get_misc_category()};
    return known;
}

template <class Code, class Categories>
void write_code(byte_writer& writer, Code const& code, Categories const& known)
{
    encode_value<std::uint8_t>(writer, place_of(code.category(), known));
    encode_value<std::int32_t>(writer, code.value());
}

template <class Code, class Categories>
Code read_code(byte_reader& reader, Categories const& known)
{
    auto const place = decode_value<std::uint8_t>(reader);
    auto const value = decode_value<std::int32_t>(reader);
    if (place >= std::size(known))
        byte_reader::fail("an error code's category is none");
    return Code(value, *known[place]);
}

}  // namespace

void codec<std::error_code>::write(byte_writer& writer, std::error_code const& value)
{
    write_code(writer, value, standard_categories());
}

std::error_code codec<std::error_code>::read(byte_reader& reader)
{
    return read_code<std::error_code>(reader, standard_categories());
}

void codec<boost::system::error_code>::write(byte_writer& writer,
                                             boost::system::error_code const& value)
{
    write_code(writer, value, boost_categories());
}

boost::system::error_code codec<boost::system::error_code>::read(byte_reader& reader)
{
    return read_code<boost::system::error_code>(reader, boost_categories());
}

}  // namespace cofu::detail
