// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "small_stack.hpp"

#include <exception>
#include <pthread.h>
#include <system_error>
#include <utility>

namespace cofu::test {
namespace {

struct call
{
    std::function<void()> function;
    std::exception_ptr failure; // written by the thread, read after the join
};

void* run(void* argument)
{
    auto& c = *static_cast<call*>(argument);
    try
    {
        c.function();
    }
    catch (...)
    {
        c.failure = std::current_exception();
    }
    c.function = nullptr;
    return nullptr;
}

void check(int error, char const* what)
{
    if (error != 0)
        throw std::system_error(error, std::generic_category(), what);
}

} // namespace

void run_on_small_stack(std::function<void()> f, std::size_t stack_size)
{
    call c{std::move(f), nullptr};
    pthread_attr_t attributes;
    check(pthread_attr_init(&attributes), "pthread_attr_init");
    int error = pthread_attr_setstacksize(&attributes, stack_size);
    pthread_t thread{};
    if (error == 0)
        error = pthread_create(&thread, &attributes, &run, &c);
    pthread_attr_destroy(&attributes);
    check(error, "run_on_small_stack");
    check(pthread_join(thread, nullptr), "pthread_join");
    if (c.failure)
        std::rethrow_exception(c.failure);
}

} // namespace cofu::test
