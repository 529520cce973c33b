// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "last_words.hpp"

#include <atomic>
#include <csignal>
#include <cstring>
#include <exception>
#include <typeinfo>

#include <cxxabi.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define COFU_SANITIZER_HANDLES_SIGNALS
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define COFU_SANITIZER_HANDLES_SIGNALS
#endif
#endif

namespace cofu::detail {

namespace {

// Read by signal handlers; set once, before they are installed.
constinit last_words_area* area = nullptr;
constinit pid_t owner = 0;
constinit std::terminate_handler next_handler = nullptr;
constinit std::atomic<bool> has_begun{false};  // the first to die speaks

bool may_speak() noexcept
{
    return getpid() == owner && !has_begun.exchange(true);
}

template <std::size_t N>
void copy_text(char (&to)[N], char const* from) noexcept
{
    std::strncpy(to, from, N - 1);
    to[N - 1] = '\0';
}

// Release: who sees the flag sees the words.
void finish_speaking() noexcept
{
    area->written.store(1, std::memory_order_release);
}

[[maybe_unused]] void on_fatal_signal(int signal, siginfo_t* info, void*) noexcept
{
    if (may_speak()) {
        area->signal = static_cast<std::uint32_t>(signal);
        finish_speaking();
        capture_stack(area->stack, stack_top::before_a_signal);
    }
    else if (getpid() == owner && area->signal == 0) {
        area->signal = static_cast<std::uint32_t>(signal);  // of std::terminate's abort
    }
    struct sigaction action = {};
    action.sa_handler = SIG_DFL;
    sigaction(signal, &action, nullptr);
    // A fault happens again when the handler returns; what was sent must be sent again.
    if (info->si_code <= 0)
        raise(signal);
}

void describe_exception() noexcept
{
    if (auto const* const type = abi::__cxa_current_exception_type())
        copy_text(area->type, type->name());
    try {
        if (auto const error = std::current_exception())
            std::rethrow_exception(error);
    }
    catch (std::exception const& e) {
        copy_text(area->what, e.what());
    }
    catch (...) {
    }
}

[[noreturn]] void on_terminate() noexcept
{
    if (may_speak()) {
        describe_exception();
        finish_speaking();
        capture_stack(area->stack, stack_top::caller);
    }
    if (next_handler)
        next_handler();
    std::abort();
}

// A handler needs a stack of its own where the other one has overflowed.
[[maybe_unused]] void use_another_stack() noexcept
{
    constexpr std::size_t size = 64 * 1024;
    void* const memory =
        mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return;
    stack_t stack = {};
    stack.ss_sp = memory;
    stack.ss_size = size;
    sigaltstack(&stack, nullptr);
}

}  // namespace

void leave_last_words_in(claim_page_layout& page) noexcept
{
    area = &page.last_words;
    owner = getpid();
    prepare_stack_capture();
    next_handler = std::set_terminate(&on_terminate);
#ifndef COFU_SANITIZER_HANDLES_SIGNALS
    use_another_stack();
    struct sigaction action = {};
    action.sa_sigaction = &on_fatal_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    for (int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL})
        sigaction(signal, &action, nullptr);
#endif
}

}  // namespace cofu::detail
