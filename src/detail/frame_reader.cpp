// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "frame_reader.hpp"

#include <algorithm>
#include <cstring>

namespace cofu::detail {

namespace {

constexpr std::size_t buffer_size = 64 * 1024;
constexpr std::size_t largest_kept = 1024 * 1024;  // of the blocks for large payloads

}  // namespace

frame_reader::frame_reader(frame_side receiver, std::uint64_t max_message)
    : receiver_(receiver), max_message_(max_message),
      buffer_(static_cast<std::byte*>(std::malloc(buffer_size)))
{
    if (!buffer_)
        throw std::bad_alloc();
}

std::span<std::byte> frame_reader::prepare() noexcept
{
    if (error_ != frame_error::none)
        return {};
    drop_handed_over();
    if (is_large_) {
        // At most as much again as has arrived.
        auto const wanted = std::min<std::uint64_t>(large_.length, 2 * large_size_ + buffer_size);
        if (large_size_ == large_capacity_ && !grow_large(static_cast<std::size_t>(wanted)))
            return {};
        return {large_block_.get() + large_size_, room_for_large()};
    }
    if (begin_ != 0 && (begin_ == end_ || buffer_size - end_ < buffer_size / 2)) {
        std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    return {buffer_.get() + end_, buffer_size - end_};
}

void frame_reader::commit(std::size_t n) noexcept
{
    (is_large_ ? large_size_ : end_) += n;
}

std::optional<frame> frame_reader::next() noexcept
{
    drop_handed_over();
    if (error_ != frame_error::none)
        return std::nullopt;
    if (is_large_)
        return take_large();
    auto const arrived = end_ - begin_;
    if (arrived < frame_header_size)
        return std::nullopt;
    frame_header header;
    std::span<std::byte const, frame_header_size> const bytes(buffer_.get() + begin_,
                                                              frame_header_size);
    error_ = decode_header(bytes, receiver_, max_message_, header);
    if (error_ != frame_error::none)
        return std::nullopt;
    if (header.length > buffer_size - frame_header_size) {
        begin_large(header);
        return std::nullopt;
    }
    auto const length = static_cast<std::size_t>(header.length);
    if (arrived - frame_header_size < length)
        return std::nullopt;
    std::span<std::byte const> const payload(bytes.data() + frame_header_size, length);
    begin_ += frame_header_size + length;
    return frame{header, payload};
}

bool frame_reader::is_inside_frame() const noexcept
{
    return is_large_ ? !is_handed_over_ : begin_ != end_;
}

// Moves what has arrived of its payload to a block of its own.
void frame_reader::begin_large(frame_header const& header) noexcept
{
    large_ = header;
    is_large_ = true;
    auto const arrived = end_ - begin_ - frame_header_size;
    if (large_capacity_ < arrived && !grow_large(buffer_size))
        return;
    if (arrived != 0)
        std::memcpy(large_block_.get(), buffer_.get() + begin_ + frame_header_size, arrived);
    large_size_ = arrived;
    begin_ = end_ = 0;
}

std::optional<frame> frame_reader::take_large() noexcept
{
    if (large_size_ != large_.length)
        return std::nullopt;
    is_handed_over_ = true;
    return frame{large_, {large_block_.get(), large_size_}};
}

bool frame_reader::grow_large(std::size_t capacity) noexcept
{
    auto* const grown = static_cast<std::byte*>(std::realloc(large_block_.get(), capacity));
    if (!grown) {
        error_ = frame_error::no_memory;
        return false;
    }
    static_cast<void>(large_block_.release());
    large_block_.reset(grown);
    large_capacity_ = capacity;
    return true;
}

std::size_t frame_reader::room_for_large() const noexcept
{
    auto const left = large_.length - large_size_;
    return static_cast<std::size_t>(std::min<std::uint64_t>(left, large_capacity_ - large_size_));
}

void frame_reader::drop_handed_over() noexcept
{
    if (!is_handed_over_)
        return;
    is_handed_over_ = is_large_ = false;
    large_size_ = 0;
    if (large_capacity_ > largest_kept) {
        large_block_.reset();
        large_capacity_ = 0;
    }
}

}  // namespace cofu::detail
