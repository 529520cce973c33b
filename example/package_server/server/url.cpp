// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "url.hpp"

#include <charconv>

#include "http_error.hpp"

namespace package_server {
namespace {

std::string decode(std::string_view text, bool plus_is_space)
{
    std::string decoded;
    for (std::size_t i = 0; i != text.size(); ++i) {
        if (text[i] != '%') {
            decoded += plus_is_space && text[i] == '+' ? ' ' : text[i];
            continue;
        }
        auto const digits = text.substr(i + 1, 2);
        unsigned char byte = 0;
        auto const end = digits.data() + digits.size();
        if (digits.size() != 2 || std::from_chars(digits.data(), end, byte, 16).ptr != end)
            throw http_error(http::status::bad_request,
                             "the address has a '%' without two hexadecimal digits: write '%25'");
        decoded += static_cast<char>(byte);
        i += 2;
    }
    return decoded;
}

}  // namespace

url parse_url(std::string_view target)
{
    auto const mark = std::min(target.find('?'), target.size());
    auto const query = mark == target.size() ? std::string_view() : target.substr(mark + 1);
    return {decode(target.substr(0, mark), false), std::string(query)};
}

std::string query_value(url const& u, std::string_view name)
{
    std::string_view rest = u.query;
    while (!rest.empty()) {
        auto const item = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(item.size() + 1, rest.size()));
        auto const equals = std::min(item.find('='), item.size());
        if (item.substr(0, equals) == name && equals != item.size())
            return decode(item.substr(equals + 1), true);
    }
    return {};
}

std::string percent_encode(std::string_view text)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string encoded;
    for (unsigned char const c : text) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                           || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_'
                           || c == '~';
        if (plain) {
            encoded += static_cast<char>(c);
        } else {
            encoded += '%';
            encoded += digits[c >> 4];
            encoded += digits[c & 15];
        }
    }
    return encoded;
}

}  // namespace package_server
