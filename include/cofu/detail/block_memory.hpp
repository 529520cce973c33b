// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Memory of calls and posted functions: made by one thread, freed by another, all the time.
// doc/design/memory.md tells how it works.

#include <cofu/config.hpp>

#include <cstddef>
#include <memory>
#include <new>

namespace cofu::detail {

inline constexpr std::size_t block_alignment = 64;

inline constexpr std::size_t largest_block = 1024;

constexpr std::size_t rounded_to_blocks(std::size_t size)
{
    return (size + block_alignment - 1) / block_alignment * block_alignment;
}

// Of a rounded size, at most largest_block.
COFU_DECL void* allocate_small_block(std::size_t size);
COFU_DECL void free_small_block(void* block, std::size_t size) noexcept;

// Throws bad_alloc. The block may be freed by any thread, also after its maker has ended.
inline void* allocate_block(std::size_t size)
{
    if (size > largest_block)
        return ::operator new(size, std::align_val_t(block_alignment));
    return allocate_small_block(rounded_to_blocks(size));
}
inline void free_block(void* block, std::size_t size) noexcept
{
    if (size > largest_block)
        ::operator delete(block, std::align_val_t(block_alignment));
    else
        free_small_block(block, rounded_to_blocks(size));
}

// Blocks behind the face of an allocator; without a state.
template <class T>
class block_allocator {
public:
    using value_type = T;

    block_allocator() noexcept = default;
    template <class U>
    block_allocator(block_allocator<U> const&) noexcept
    {
    }
    template <class U>
    block_allocator(std::allocator<U> const&) noexcept
    {
    }

    T* allocate(std::size_t n)
    {
        if constexpr (alignof(T) > block_alignment)
            return std::allocator<T>().allocate(n);
        else
            return static_cast<T*>(allocate_block(n * sizeof(T)));
    }
    void deallocate(T* p, std::size_t n) noexcept
    {
        if constexpr (alignof(T) > block_alignment)
            std::allocator<T>().deallocate(p, n);
        else
            free_block(p, n * sizeof(T));
    }

    friend bool operator==(block_allocator const&, block_allocator const&) noexcept { return true; }
};

// Where no allocator was asked for, blocks; else the one given.
template <class Allocator>
struct block_source {
    using type = Allocator;
};
template <class T>
struct block_source<std::allocator<T>> {
    using type = block_allocator<T>;
};

template <class Allocator, class T>
using block_source_t = typename std::allocator_traits<
    typename block_source<Allocator>::type>::template rebind_alloc<T>;

// While one lives, freed memory is kept for the next burst of calls; the last one gives back what
// exceeds the bound of an idle process.
class COFU_DECL block_user {
public:
    block_user() noexcept;
    ~block_user();
    block_user(block_user const&) = delete;
    block_user& operator=(block_user const&) = delete;
};

// Whether more is kept than an idle process may keep; gives that back.
COFU_DECL bool keeps_many_blocks() noexcept;
COFU_DECL void give_back_blocks() noexcept;

}  // namespace cofu::detail
