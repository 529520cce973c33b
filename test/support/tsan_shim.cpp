// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Tells ThreadSanitizer how libstdc++ synchronises exception objects. libstdc++.so is not
// instrumented, so that an exception_ptr shared by two waiters is otherwise reported as a race. For
// ThreadSanitizer builds only.
#include <dlfcn.h>
#include <exception>

extern "C" {

void __tsan_acquire(void* address);
void __tsan_release(void* address);

static void synchronise(void* exception)
{
    if (exception)
    {
        __tsan_release(exception);
        __tsan_acquire(exception);
    }
}

void _ZNSt15__exception_ptr13exception_ptr10_M_releaseEv(void** self)
{
    using function = void (*)(void**);
    static auto const real = reinterpret_cast<function>(
        dlsym(RTLD_NEXT, "_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv"));
    synchronise(*self);
    real(self);
}

void __cxa_end_catch()
{
    using function = void (*)();
    static auto const real = reinterpret_cast<function>(dlsym(RTLD_NEXT, "__cxa_end_catch"));
    {
        std::exception_ptr current = std::current_exception();
        synchronise(*reinterpret_cast<void**>(&current));
    }
    real();
}

} // extern "C"
