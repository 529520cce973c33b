// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "frame.hpp"

#include "claim_word.hpp"

#include <algorithm>
#include <cstring>

namespace cofu::detail {

namespace {

// As it stands on the wire.
struct wire_header {
    std::uint32_t magic;
    std::uint8_t version;
    std::uint8_t type;
    std::uint8_t flags;
    std::uint8_t slot;
    std::uint64_t call;
    std::uint64_t length;
};
static_assert(sizeof(wire_header) == frame_header_size);

bool is_for(frame_type type, frame_side receiver)
{
    switch (type) {
    case frame_type::call:
    case frame_type::initializer:
    case frame_type::quit:
        return receiver == frame_side::worker;
    case frame_type::ready:
    case frame_type::value:
    case frame_type::exception:
    case frame_type::transport_failure:
        return receiver == frame_side::parent;
    }
    return false;
}

bool names_a_call(frame_type type)
{
    return type != frame_type::quit && type != frame_type::ready;
}

std::uint64_t longest_payload(frame_type type, std::uint64_t max_message)
{
    if (type == frame_type::quit)
        return 0;
    return type == frame_type::ready ? max_ready_size : max_message;
}

}  // namespace

frame_header_bytes encode_header(frame_header const& header) noexcept
{
    wire_header const wire{frame_magic,  protocol_version, static_cast<std::uint8_t>(header.type),
                           header.flags, header.slot,      header.call,
                           header.length};
    frame_header_bytes bytes;
    std::memcpy(bytes.data(), &wire, sizeof wire);
    return bytes;
}

frame_error decode_header(std::span<std::byte const, frame_header_size> bytes, frame_side receiver,
                          std::uint64_t max_message, frame_header& header) noexcept
{
    wire_header wire;
    std::memcpy(&wire, bytes.data(), sizeof wire);
    if (wire.magic != frame_magic)
        return frame_error::bad_magic;
    if (wire.version != protocol_version)
        return frame_error::bad_version;
    auto const type = static_cast<frame_type>(wire.type);
    if (!is_for(type, receiver))
        return frame_error::bad_type;
    auto const known = type == frame_type::call ? frame_flag::stoppable : 0;
    if ((wire.flags & ~known) != 0 || wire.slot >= claim_slots ||
        names_a_call(type) != (wire.call != 0))
        return frame_error::bad_flags;
    if (wire.length > longest_payload(type, max_message))
        return frame_error::too_large;
    header = {type, wire.flags, wire.slot, wire.call, wire.length};
    return frame_error::none;
}

char const* to_string(frame_error error) noexcept
{
    switch (error) {
    case frame_error::none:
        return "no error";
    case frame_error::bad_magic:
        return "not the header of a frame";
    case frame_error::bad_version:
        return "a frame of another version of the protocol";
    case frame_error::bad_type:
        return "a frame of an unknown type or of the other direction";
    case frame_error::bad_flags:
        return "a frame with unknown flags, or a slot or call that can't be";
    case frame_error::too_large:
        return "a frame longer than max_message";
    case frame_error::no_memory:
        return "no memory for a frame";
    }
    return "unknown";
}

std::string encode_ready(ready_message const& message)
{
    std::string text(sizeof message.pid, '\0');
    std::memcpy(text.data(), &message.pid, sizeof message.pid);
    return text.append(message.build_id, 0, max_ready_size - sizeof message.pid);
}

std::optional<ready_message> decode_ready(std::span<std::byte const> payload)
{
    ready_message message;
    if (payload.size() < sizeof message.pid || payload.size() > max_ready_size)
        return std::nullopt;
    std::memcpy(&message.pid, payload.data(), sizeof message.pid);
    auto const rest = payload.subspan(sizeof message.pid);
    message.build_id.assign(reinterpret_cast<char const*>(rest.data()), rest.size());
    return message;
}

}  // namespace cofu::detail
