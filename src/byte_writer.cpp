// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/byte_writer.hpp>

#include <cofu/error.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace cofu {
namespace {

[[noreturn]] void throw_too_large(std::size_t size, std::size_t limit)
{
    throw transport_error("the encoded call or result takes at least " + std::to_string(size)
                          + " bytes and the pool's max_message is " + std::to_string(limit)
                          + "; raise max_message or send less at once");
}

}  // namespace

byte_writer::byte_writer(byte_writer&& other) noexcept
    : data_(inside_),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::min(other.limit_, sizeof inside_)),
      limit_(other.limit_),
      outside_(std::move(other.outside_))
{
    if (outside_) {
        data_ = std::exchange(other.data_, other.inside_);
        capacity_ = std::exchange(other.capacity_, capacity_);
    } else {
        std::memcpy(inside_, other.inside_, size_);
    }
}

void byte_writer::make_room(std::size_t n)
{
    if (n > limit_ || size_ > limit_ - n)
        throw_too_large(n > SIZE_MAX - size_ ? SIZE_MAX : size_ + n, limit_);
    std::size_t const capacity = std::min(limit_, std::max(size_ + n, 2 * capacity_));
    auto larger = std::make_unique_for_overwrite<std::byte[]>(capacity);
    std::memcpy(larger.get(), data_, size_);
    outside_ = std::move(larger);
    data_ = outside_.get();
    capacity_ = capacity;
}

void byte_writer::fail(char const* what)
{
    throw transport_error(std::string("a value can't be sent to another process: ") + what);
}

}  // namespace cofu
