// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Bytes that came from another process, read with suspicion.

#include <cofu/byte_writer.hpp>
#include <cofu/config.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace cofu {

/// What an encoded value is read from. It trusts nothing: each read checks that so much is left.
///
/// Exceptions: everything that reads throws `transport_error` where the bytes are not what was
/// asked for.
/// Thread safety: distinct objects: safe; one object: one thread at a time.
/// Lifetime: the bytes outlive the reader.
class byte_reader {
public:
    /// As deep as a `byte_writer` goes.
    static constexpr unsigned max_depth = byte_writer::max_depth;

    /// Reads `bytes` from their beginning.
    explicit byte_reader(std::span<std::byte const> bytes) noexcept
        : at_(bytes.data()), left_(bytes.size())
    {
    }

    /// Copies the next `n` bytes to `to`.
    void read(void* to, std::size_t n)
    {
        std::byte const* const from = take(n);
        if (n != 0)
            std::memcpy(to, from, n);
    }

    /// The next `n` bytes where they are.
    std::byte const* take(std::size_t n)
    {
        if (n > left_)
            throw_too_short(n, left_);
        std::byte const* const here = at_;
        at_ += n;
        left_ -= n;
        return here;
    }

    /// The number of elements that follow. Each takes at least `least_size` bytes, which is not 0:
    /// a number that what is left can't hold is refused, so memory may be taken for so many.
    std::size_t read_count(std::size_t least_size)
    {
        std::uint64_t count;
        read(&count, sizeof count);
        if (count > left_ / least_size)
            throw_count(count, left_);
        return static_cast<std::size_t>(count);
    }

    /// How many bytes are left.
    std::size_t left() const noexcept { return left_; }

    /// Throws if anything is left.
    void expect_end() const
    {
        if (left_ != 0)
            throw_trailing(left_);
    }

    /// Throws a `transport_error` that says `what` is wrong with the bytes.
    [[noreturn]] COFU_DECL static void fail(char const* what);

    /// While it lives, what is read counts as one level deeper.
    class nested {
    public:
        explicit nested(byte_reader& reader) : reader_(reader)
        {
            if (reader_.depth_ == max_depth)
                fail("values are nested too deeply");
            ++reader_.depth_;
        }
        ~nested() { --reader_.depth_; }
        nested(nested const&) = delete;
        nested& operator=(nested const&) = delete;

    private:
        byte_reader& reader_;
    };

    /// Whether a function pointer may be read: true in a worker that reads a call, false for what
    /// a worker sends, so that no bytes of its become an address to jump to.
    bool may_name_functions() const noexcept { return may_name_functions_; }
    /// Lets function pointers be read.
    void allow_functions() noexcept { may_name_functions_ = true; }

private:
    [[noreturn]] COFU_DECL static void throw_too_short(std::size_t wanted, std::size_t left);
    [[noreturn]] COFU_DECL static void throw_count(std::uint64_t count, std::size_t left);
    [[noreturn]] COFU_DECL static void throw_trailing(std::size_t left);

    std::byte const* at_;
    std::size_t left_;
    unsigned depth_ = 0;
    bool may_name_functions_ = false;
};

}  // namespace cofu
