// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Cuts a stream of bytes into frames. Nothing that the other side says makes it allocate more than
// twice what has arrived.

#include "frame.hpp"

#include <cstdlib>
#include <memory>
#include <optional>
#include <span>

namespace cofu::detail {

struct frame {
    frame_header header;
    std::span<std::byte const> payload;  // valid until the next call of prepare or next
};

// One direction of one channel:
//     auto room = reader.prepare();   read up to room.size() bytes into it
//     reader.commit(n);
//     while (auto f = reader.next()) ...
//     if (reader.error() != frame_error::none) ...
// A frame that fits the buffer is handed over in place; a larger payload grows a block of its own as
// it arrives, which prepare then reads into directly.
class frame_reader {
public:
    frame_reader(frame_side receiver, std::uint64_t max_message);

    // Never empty, but after an error.
    std::span<std::byte> prepare() noexcept;
    void commit(std::size_t n) noexcept;
    std::optional<frame> next() noexcept;

    // Once there is one, it stays, and nothing more is read.
    frame_error error() const noexcept { return error_; }

    // Whether a frame has begun that has not been handed over.
    bool is_inside_frame() const noexcept;

private:
    struct free_block {
        void operator()(std::byte* block) const noexcept { std::free(block); }
    };
    using block = std::unique_ptr<std::byte, free_block>;

    std::optional<frame> take_large() noexcept;
    void begin_large(frame_header const& header) noexcept;
    bool grow_large(std::size_t capacity) noexcept;
    std::size_t room_for_large() const noexcept;
    void drop_handed_over() noexcept;

    frame_side receiver_;
    frame_error error_ = frame_error::none;
    std::uint64_t max_message_;

    block buffer_;
    std::size_t begin_ = 0;  // of what was not handed over yet
    std::size_t end_ = 0;    // of what has arrived

    bool is_large_ = false;        // a payload is being read into the block, or was handed over
    bool is_handed_over_ = false;  // and goes with the next call
    frame_header large_{};
    block large_block_;
    std::size_t large_size_ = 0;  // of what has arrived
    std::size_t large_capacity_ = 0;
};

}  // namespace cofu::detail
