// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What parent and worker say to each other on a channel: a fixed header, then a payload.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace cofu::detail {

inline constexpr std::uint32_t frame_magic = 0x55464F43;  // "COFU"
inline constexpr std::uint8_t protocol_version = 1;

enum class frame_type : std::uint8_t {
    // to the worker
    call = 1,     // payload: an encoded call; `slot` is where it may be claimed
    initializer,  // the same, before the first call
    quit,         // no payload: nothing more comes, end in order
    // to the parent
    ready = 16,        // payload: encode_ready
    value,             // payload: an encoded result
    exception,         // payload: an encoded exception
    transport_failure  // payload: text; the call could not be decoded, or its result not encoded
};

enum class frame_side : std::uint8_t { worker, parent };  // who receives it

namespace frame_flag {
inline constexpr std::uint8_t stoppable = 1;  // of a call: its function takes a std::stop_token
}

struct frame_header {
    frame_type type;
    std::uint8_t flags = 0;
    std::uint8_t slot = 0;
    std::uint64_t call = 0;    // 0 in quit and ready
    std::uint64_t length = 0;  // of the payload
};

inline constexpr std::size_t frame_header_size = 24;
using frame_header_bytes = std::array<std::byte, frame_header_size>;

// In the order of the host: both ends are on one machine, and `ready` names the build.
frame_header_bytes encode_header(frame_header const& header) noexcept;

// What breaks the protocol; the parent kills a worker for any of them.
enum class frame_error {
    none,
    bad_magic,    // not a header
    bad_version,  // of another build of cofu
    bad_type,     // unknown, or of the other direction
    bad_flags,    // unknown flag, slot that does not exist, or an id where there must be none
    too_large,    // the payload is longer than max_message, or than its type may have
    no_memory     // for a payload that did arrive
};

char const* to_string(frame_error error) noexcept;

// Checks everything that a header says.
frame_error decode_header(std::span<std::byte const, frame_header_size> bytes, frame_side receiver,
                          std::uint64_t max_message, frame_header& header) noexcept;

// The worker's handshake.
struct ready_message {
    std::uint32_t pid = 0;
    std::string build_id;  // of the executable; raw bytes, at most 64
};

inline constexpr std::size_t max_ready_size = 4 + 64;

std::string encode_ready(ready_message const& message);
std::optional<ready_message> decode_ready(std::span<std::byte const> payload);

}  // namespace cofu::detail
