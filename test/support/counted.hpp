// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Value types that count their instances: copyable, move-only, throwing when copied or moved,
// without a default constructor.
#pragma once

#include <atomic>
#include <stdexcept>
#include <utility>

namespace cofu::test {

/// What happened to the instances of a type.
struct tally
{
    long live = 0;   ///< constructed and not yet destroyed
    long made = 0;   ///< constructed in any way
    long copies = 0; ///< copy constructions and assignments
    long moves = 0;  ///< move constructions and assignments

    friend tally operator-(tally a, tally const& b) noexcept
    {
        return {a.live - b.live, a.made - b.made, a.copies - b.copies, a.moves - b.moves};
    }
};

/// A base that counts the instances of `Self`; safe on any thread.
template <class Self>
class instances
{
public:
    static tally now() noexcept { return {live_, made_, copies_, moves_}; }

protected:
    instances() noexcept { born(); }
    instances(instances const&) noexcept { born(), ++copies_; }
    instances(instances&&) noexcept { born(), ++moves_; }
    ~instances() { --live_; }
    instances& operator=(instances const&) noexcept { return ++copies_, *this; }
    instances& operator=(instances&&) noexcept { return ++moves_, *this; }

private:
    static void born() noexcept { ++live_, ++made_; }

    static inline std::atomic<long> live_{0};
    static inline std::atomic<long> made_{0};
    static inline std::atomic<long> copies_{0};
    static inline std::atomic<long> moves_{0};
};

/// What happened to `T` since this object was made.
template <class T>
class tally_since
{
public:
    tally operator()() const noexcept { return T::now() - start_; }

private:
    tally start_ = T::now();
};

/// Copyable and movable.
struct counted : instances<counted>
{
    counted() = default;
    explicit counted(int v) noexcept : value(v) {}

    int value = 0;
};

/// Movable only.
struct move_only : instances<move_only>
{
    move_only() = default;
    explicit move_only(int v) noexcept : value(v) {}
    move_only(move_only&&) = default;
    move_only& operator=(move_only&&) = default;

    int value = 0;
};

/// Copyable, movable, not default constructible.
struct no_default : instances<no_default>
{
    explicit no_default(int v) noexcept : value(v) {}

    int value;
};

/// Thrown by a copy or a move that was told to throw.
class transfer_failed : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/// Its copies throw once `allowed` of them were made in a row; its moves do not.
struct throwing_copy : instances<throwing_copy>
{
    explicit throwing_copy(int v, int allowed = 0) noexcept : value(v), left(allowed) {}
    throwing_copy(throwing_copy const& o)
        : instances(o), value(o.value), left(o.next("throwing_copy: copied")) {}
    throwing_copy(throwing_copy&&) noexcept = default;
    throwing_copy& operator=(throwing_copy const&) = delete;
    throwing_copy& operator=(throwing_copy&&) noexcept = default;

    int value;
    int left; ///< copies of this object that still succeed

private:
    int next(char const* what) const { return left > 0 ? left - 1 : throw transfer_failed(what); }
};

/// Movable only; its moves throw once `allowed` of them were made in a row.
struct throwing_move : instances<throwing_move>
{
    explicit throwing_move(int v, int allowed = 0) noexcept : value(v), left(allowed) {}
    throwing_move(throwing_move&& o)
        : instances(std::move(o)), value(o.value), left(o.next("throwing_move: moved")) {}
    throwing_move& operator=(throwing_move&&) = delete;

    int value;
    int left; ///< moves of this object that still succeed

private:
    int next(char const* what) const { return left > 0 ? left - 1 : throw transfer_failed(what); }
};

} // namespace cofu::test
