// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "thrown_stacks.hpp"

#include "../posix/stack_capture.hpp"

#include <cofu/detail/passing_exception.hpp>

#include <algorithm>
#include <cstring>
#include <typeinfo>
#include <utility>
#include <vector>

#include <pthread.h>

namespace cofu::detail {

namespace {

struct thrown {
    void const* exception;
    stack_tokens stack;
};

// Of the thread that said keep_thrown_stacks(), and used by no other.
constinit bool is_keeping = false;
constinit pthread_t keeper{};
constinit std::vector<thrown> kept;

constexpr std::size_t most_kept = 1024;

std::vector<thrown>::iterator place_of(void const* exception) noexcept
{
    return std::ranges::find(kept, exception, &thrown::exception);
}

}  // namespace

void keep_thrown_stacks() noexcept
{
    keeper = pthread_self();
    is_keeping = true;
}

std::optional<stack_tokens> take_thrown_stack(std::exception_ptr const& error) noexcept
{
    if (!is_keeping || !pthread_equal(keeper, pthread_self()))
        return std::nullopt;
    // Both C++ libraries keep the exception's address there, and nothing else.
    void const* exception = nullptr;
    static_assert(sizeof error == sizeof exception);
    std::memcpy(&exception, static_cast<void const*>(&error), sizeof exception);
    auto const found = place_of(exception);
    if (found == kept.end())
        return std::nullopt;
    auto stack = std::move(found->stack);
    kept.erase(found);
    return stack;
}

void forget_thrown_stacks() noexcept
{
    kept.clear();
}

#if defined(__GLIBCXX__)

// What the runtime asks whether an exception is a passing_exception.
class passing_exception_type final : public std::type_info {
public:
    passing_exception_type() noexcept : type_info("N4cofu6detail17passing_exceptionE") {}

    bool __do_catch(std::type_info const*, void** exception, unsigned) const override
    {
        if (is_keeping && pthread_equal(keeper, pthread_self()))
            keep(*exception);
        return false;
    }

private:
    static void keep(void const* exception) noexcept
    {
        try {
            captured_stack stack;
            capture_stack(stack, stack_top::caller);
            auto place = place_of(exception);
            if (place == kept.end() && kept.size() < most_kept)
                place = kept.insert(place, {exception, {}});
            if (place != kept.end())
                place->stack = tokens_of(stack);
        } catch (...) {
        }
    }
};

// Not destroyed, since workers of a program may still end calls then.
union COFU_DECL passing_exception_type_place {
    passing_exception_type type;

    passing_exception_type_place() noexcept : type() {}
    ~passing_exception_type_place() {}
};

extern COFU_DECL passing_exception_type_place const
    type_of_passing_exception asm("_ZTIN4cofu6detail17passing_exceptionE");
passing_exception_type_place const type_of_passing_exception;

#endif

}  // namespace cofu::detail
