// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Bytes on their way to another process, as they grow.

#include <cofu/config.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <span>

namespace cofu {

/// What an encoded value is written to. The first bytes are kept inside the object, so a small
/// value costs no allocation.
///
/// Exceptions: whatever adds bytes throws `transport_error` where they would be more than the
/// limit or nested too deeply, and `std::bad_alloc`; what was written before stays.
/// Thread safety: distinct objects: safe; one object: one thread at a time.
class byte_writer {
public:
    /// So deep may what is written be nested, as values inside containers inside containers.
    static constexpr unsigned max_depth = 100;

    /// Without a limit.
    byte_writer() noexcept : byte_writer(std::numeric_limits<std::size_t>::max()) {}
    /// Takes no more than `limit` bytes, a pool's `max_message`.
    explicit byte_writer(std::size_t limit) noexcept
        : data_(inside_), capacity_(limit < sizeof inside_ ? limit : sizeof inside_), limit_(limit)
    {
    }
    /// Takes the bytes over; `other` is empty then.
    COFU_DECL byte_writer(byte_writer&& other) noexcept;
    byte_writer& operator=(byte_writer&&) = delete;

    /// Adds `n` bytes that stand at `from`.
    void write(void const* from, std::size_t n)
    {
        if (n > capacity_ - size_)
            make_room(n);
        if (n != 0)
            std::memcpy(data_ + size_, from, n);
        size_ += n;
    }

    /// Adds a number of elements, as `byte_reader::read_count` reads it.
    void write_count(std::size_t n)
    {
        std::uint64_t const count = n;
        write(&count, sizeof count);
    }

    /// What was written. Invalid after the next write.
    std::span<std::byte const> bytes() const noexcept { return {data_, size_}; }
    /// How many bytes that is.
    std::size_t size() const noexcept { return size_; }
    /// Forgets all but the first `n` bytes.
    void truncate(std::size_t n) noexcept { size_ = n < size_ ? n : size_; }
    /// Forgets everything; keeps the memory.
    void clear() noexcept { size_ = 0; }

    /// Throws a `transport_error` that says `what` makes a value impossible to send.
    [[noreturn]] COFU_DECL static void fail(char const* what);

    /// While it lives, what is written counts as one level deeper.
    class nested {
    public:
        explicit nested(byte_writer& writer) : writer_(writer)
        {
            if (writer_.depth_ == max_depth)
                fail("it is nested more than 100 levels deep; send it flat, for example as a "
                     "vector with indexes");
            ++writer_.depth_;
        }
        ~nested() { --writer_.depth_; }
        nested(nested const&) = delete;
        nested& operator=(nested const&) = delete;

    private:
        byte_writer& writer_;
    };

private:
    COFU_DECL void make_room(std::size_t n);

    std::byte* data_;
    std::size_t size_ = 0;
    std::size_t capacity_;
    std::size_t limit_;
    unsigned depth_ = 0;
    std::unique_ptr<std::byte[]> outside_;
    std::byte inside_[208];
};

}  // namespace cofu
