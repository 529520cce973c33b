// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <detail/claim_word.hpp>
#include <detail/frame_reader.hpp>

#include "support/scale.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

using namespace cofu::detail;
using cofu::test::rng;

namespace {

constexpr std::uint64_t mebibyte = 1024 * 1024;

void append(std::string& stream, frame_header const& header, std::string const& payload = {})
{
    auto const bytes = encode_header(header);
    stream.append(reinterpret_cast<char const*>(bytes.data()), bytes.size());
    stream += payload;
}

std::string one(frame_header header, std::string const& payload = {})
{
    header.length = payload.size();
    std::string stream;
    append(stream, header, payload);
    return stream;
}

struct seen_frame {
    frame_header header;
    std::string payload;
};

// Feeds it in pieces of these sizes, over and over.
std::vector<seen_frame> read_in_pieces(frame_reader& reader, std::string const& stream,
                                       std::vector<std::size_t> const& sizes)
{
    std::vector<seen_frame> seen;
    std::size_t at = 0;
    for (std::size_t i = 0; at < stream.size(); ++i) {
        auto const room = reader.prepare();
        auto const n = std::min({sizes[i % sizes.size()], room.size(), stream.size() - at});
        if (n == 0)
            break;
        std::memcpy(room.data(), stream.data() + at, n);
        reader.commit(n);
        at += n;
        while (auto const f = reader.next())
            seen.push_back({f->header,
                            {reinterpret_cast<char const*>(f->payload.data()), f->payload.size()}});
    }
    return seen;
}

frame_error error_of(std::string const& stream, frame_side receiver = frame_side::parent)
{
    frame_reader reader(receiver, mebibyte);
    read_in_pieces(reader, stream, {stream.size()});
    return reader.error();
}

frame_header answer(std::uint64_t call = 5)
{
    return {.type = frame_type::value, .call = call};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(frames)

BOOST_AUTO_TEST_CASE(a_frame_arrives_as_it_was_sent)
{
    frame_reader reader(frame_side::worker, mebibyte);
    auto const stream = one(
        {.type = frame_type::call, .flags = frame_flag::stoppable, .slot = 7, .call = 1234}, "abc");

    auto const seen = read_in_pieces(reader, stream, {stream.size()});

    BOOST_REQUIRE(seen.size() == 1u);
    BOOST_TEST((seen[0].header.type == frame_type::call));
    BOOST_TEST(seen[0].header.flags == frame_flag::stoppable);
    BOOST_TEST(seen[0].header.slot == 7);
    BOOST_TEST(seen[0].header.call == 1234u);
    BOOST_TEST(seen[0].payload == "abc");
    BOOST_TEST(!reader.is_inside_frame());
}

BOOST_AUTO_TEST_CASE(frames_may_be_cut_anywhere)
{
    rng random;
    std::string stream;
    std::vector<std::string> sent;
    for (std::size_t length : {0, 1, 23, 24, 25, 1000, 65511, 65512, 65513, 70000, 300000, 3}) {
        std::string payload(length, '\0');
        for (auto& c : payload)
            c = static_cast<char>(random());
        sent.push_back(payload);
        stream += one(answer(), payload);
    }
    std::vector<std::vector<std::size_t>> const cuts = {
        {1u << 30}, {1}, {7, 1}, {65536}, {65535, 3}, {24, 65512}, {1 + random.below(99999)}};
    for (auto const& sizes : cuts) {
        frame_reader reader(frame_side::parent, mebibyte);
        auto const seen = read_in_pieces(reader, stream, sizes);
        BOOST_REQUIRE(seen.size() == sent.size());
        for (std::size_t i = 0; i < seen.size(); ++i)
            BOOST_TEST((seen[i].payload == sent[i]));
        BOOST_TEST((reader.error() == frame_error::none));
    }
}

BOOST_AUTO_TEST_CASE(what_a_header_promises_is_not_allocated)
{
    frame_reader reader(frame_side::parent, std::numeric_limits<std::uint64_t>::max());
    std::string stream;
    append(stream, {.type = frame_type::value, .call = 1, .length = std::uint64_t{1} << 60}, "x");

    read_in_pieces(reader, stream, {stream.size()});

    BOOST_TEST(reader.prepare().size() < 200000u);
    BOOST_TEST((reader.error() == frame_error::none));
}

BOOST_AUTO_TEST_CASE(PPE_17_what_breaks_the_protocol_has_a_name)
{
    auto const good = one(answer(), "abc");
    auto const with = [&](std::size_t at, unsigned char value) {
        auto changed = good;
        changed[at] = static_cast<char>(value);
        return changed;
    };
    BOOST_TEST((error_of(good) == frame_error::none));
    BOOST_TEST((error_of(with(0, 'X')) == frame_error::bad_magic));
    BOOST_TEST((error_of(with(4, 9)) == frame_error::bad_version));
    BOOST_TEST((error_of(with(5, 99)) == frame_error::bad_type));
    BOOST_TEST((error_of(with(6, 1)) == frame_error::bad_flags));
    BOOST_TEST((error_of(with(7, claim_slots)) == frame_error::bad_flags));
    BOOST_TEST((error_of(one(answer(0))) == frame_error::bad_flags));
    BOOST_TEST((error_of(with(20, 1)) == frame_error::too_large));
    BOOST_TEST((error_of(one({.type = frame_type::call, .call = 1})) == frame_error::bad_type));
    BOOST_TEST((error_of(good, frame_side::worker) == frame_error::bad_type));
    BOOST_TEST((error_of(one({.type = frame_type::quit}, "x"), frame_side::worker) ==
                frame_error::too_large));
    BOOST_TEST((error_of(one({.type = frame_type::ready}, std::string(max_ready_size + 1, 'x'))) ==
                frame_error::too_large));
}

BOOST_AUTO_TEST_CASE(nothing_is_read_after_an_error)
{
    frame_reader reader(frame_side::parent, mebibyte);
    auto const good = one(answer(), "abc");
    auto const seen = read_in_pieces(reader, good + std::string(24, 'x') + good, {1u << 20});
    BOOST_TEST(seen.size() == 1u);
    BOOST_TEST((reader.error() == frame_error::bad_magic));
    BOOST_TEST(reader.prepare().empty());
}

BOOST_AUTO_TEST_CASE(R5_any_bytes_are_survived)
{
    rng random;
    auto const good = one(answer(), std::string(100, 'y')) + one({.type = frame_type::ready}, "1234");
    for (std::size_t i = 0; i < cofu::test::scaled(20000); ++i) {
        auto stream = good;
        for (auto n = random.below(4); n-- > 0;)
            stream[random.below(stream.size())] = static_cast<char>(random());
        frame_reader reader(frame_side::parent, 1000);
        read_in_pieces(reader, stream, {1 + random.below(200)});
    }
}

BOOST_AUTO_TEST_CASE(a_handshake_arrives_as_it_was_sent)
{
    auto const text = encode_ready({77, std::string("\0\1build", 7)});
    auto const message = decode_ready(std::as_bytes(std::span(text)));
    BOOST_REQUIRE(message.has_value());
    BOOST_TEST(message->pid == 77u);
    BOOST_TEST(message->build_id == std::string("\0\1build", 7));
    BOOST_TEST(!decode_ready(std::as_bytes(std::span(text)).first(3)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
