// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "fail_nth.hpp"

#include "interpose.hpp"

#include <boost/assert.hpp>

#include <cerrno>
#include <dlfcn.h>
#include <pthread.h>

namespace cofu::test {
namespace {

constinit detail::failure_plan plan;

using create_function = int (*)(
    pthread_t*, pthread_attr_t const*, void* (*)(void*), void*);

} // namespace

fail_thread_creation::fail_thread_creation(std::size_t k, failing mode) noexcept
{
    BOOST_ASSERT(!plan.armed);
    plan.arm(k, mode == failing::onward);
}

fail_thread_creation::~fail_thread_creation()
{
    plan.armed = false;
}

bool fail_thread_creation::fired() const noexcept
{
    return plan.fired;
}

std::size_t fail_thread_creation::seen() const noexcept
{
    return plan.seen;
}

} // namespace cofu::test

extern "C" {

// Present where a sanitizer is linked into the program itself; dlsym does not find it there.
[[gnu::weak]] int __interceptor_pthread_create(
    pthread_t*, pthread_attr_t const*, void* (*)(void*), void*);

int pthread_create(pthread_t* thread, pthread_attr_t const* attributes, void* (*start)(void*),
    void* argument) noexcept
{
    static auto const real = &__interceptor_pthread_create != nullptr
        ? &__interceptor_pthread_create
        : reinterpret_cast<cofu::test::create_function>(dlsym(RTLD_NEXT, "pthread_create"));
    if (cofu::test::plan.strikes())
        return EAGAIN;
    return real(thread, attributes, start, argument);
}

} // extern "C"
