// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "exec_image.hpp"

#include "bare_clone.hpp"
#include "system_calls.hpp"

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <new>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cofu::detail {

namespace {

constexpr int wait_by_pidfd = 3;  // P_PIDFD

// A stack for a process that shares the program's memory.
class borrowed_stack {
public:
    borrowed_stack()
        : memory_(mmap(nullptr, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0))
    {
        if (memory_ == MAP_FAILED)
            throw std::bad_alloc();
    }
    borrowed_stack(borrowed_stack const&) = delete;
    borrowed_stack& operator=(borrowed_stack const&) = delete;
    ~borrowed_stack() { munmap(memory_, size); }

    void* top() const noexcept { return static_cast<char*>(memory_) + size; }

private:
    static constexpr std::size_t size = 64 * 1024;

    void* memory_;
};

class all_signals_blocked {
public:
    all_signals_blocked() noexcept
    {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    all_signals_blocked(all_signals_blocked const&) = delete;
    all_signals_blocked& operator=(all_signals_blocked const&) = delete;
    ~all_signals_blocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_;
};

struct exec_plan {
    int image, null, inherited;
    char* const* arguments;
    char* const* environment;
    borrowed_stack first_stack, second_stack;

    // Written by the two processes below, in the program's own memory.
    char const* failed_call = nullptr;
    int error = 0;
    pid_t process = -1;
    int pidfd = -1;
};

unique_fd moved_up(int fd)
{
    // Out of the way of 0 to 3.
    unique_fd moved(fcntl(fd, F_DUPFD_CLOEXEC, 10));
    if (!moved)
        throw_system_error(errno, "can't start a worker", "fcntl");
    return moved;
}

void fail(exec_plan& plan, char const* call) noexcept
{
    plan.failed_call = call;
    plan.error = errno;
}

// These two run on the program's memory while its thread waits: nothing that sanitizers watch.
[[gnu::no_sanitize("address", "thread", "undefined")]] int be_image(void* data) noexcept
{
    auto& plan = *static_cast<exec_plan*>(data);
    setpgid(0, 0);
    leave_four_descriptors(plan.null, plan.inherited);
    reset_signals();
    execveat(plan.image, plan.arguments, plan.environment);
    fail(plan, "execveat");
    return 1;
}

// The image's parent, for as long as it takes to exec. It ends without a signal to the program.
[[gnu::no_sanitize("address", "thread", "undefined")]] int be_parent(void* data) noexcept
{
    auto& plan = *static_cast<exec_plan*>(data);
    plan.process =
        bare_clone(&be_image, plan.second_stack.top(), CLONE_VM | CLONE_VFORK | SIGCHLD, data);
    if (plan.process < 0) {
        fail(plan, "clone");
        return 0;
    }
    if (plan.error == 0 && (plan.pidfd = pidfd_open(plan.process)) < 0) {
        fail(plan, "pidfd_open");
        kill(plan.process, SIGKILL);
    }
    if (plan.error != 0)
        waitpid(plan.process, nullptr, 0);
    return 0;
}

}  // namespace

unseen_process exec_unseen(unique_fd image, char* const arguments[], char* const environment[],
                           int inherited)
{
    unique_fd const null(open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!null)
        throw_system_error(errno, "can't start a worker", "open /dev/null");
    unique_fd const image_above = moved_up(image.get()), inherited_above = moved_up(inherited),
                    null_above = moved_up(null.get());
    exec_plan plan{.image = image_above.get(),
                   .null = null_above.get(),
                   .inherited = inherited_above.get(),
                   .arguments = arguments,
                   .environment = environment,
                   .first_stack = {},
                   .second_stack = {}};
    {
        all_signals_blocked const no_handler_runs_there;
        // CLONE_FILES: the pidfd opened there is opened here. No exit signal: unseen by wait.
        pid_t const parent = bare_clone(&be_parent, plan.first_stack.top(),
                                        CLONE_VM | CLONE_VFORK | CLONE_FILES, &plan);
        if (parent < 0)
            fail(plan, "clone");
        else
            waitpid(parent, nullptr, __WCLONE);
    }
    if (plan.error != 0)
        throw_system_error(plan.error, "can't start a worker", plan.failed_call);
    return {plan.process, unique_fd(plan.pidfd)};
}

unique_fd open_own_image()
{
    unique_fd image(open("/proc/self/exe", O_PATH | O_CLOEXEC));
    if (!image)
        throw_system_error(errno, "can't start a worker", "open /proc/self/exe");
    return image;
}

[[gnu::no_sanitize("address", "thread", "undefined")]] void leave_four_descriptors(
    int null, int inherited) noexcept
{
    dup2(null, 0);
    for (int const standard : {1, 2})
        if (fcntl(standard, F_GETFD) < 0)
            dup2(null, standard);
    dup2(inherited, 3);
    close_on_exec_from(4);
}

[[gnu::no_sanitize("address", "thread", "undefined")]] void reset_signals() noexcept
{
    // The raw call: the C library's refuses its own two, and sanitizers wrap it.
    struct {
        void* handler;
        unsigned long flags;
        void* restorer;
        unsigned long mask;
    } const standard{};
    for (int signal = 1; signal <= 64; ++signal)
        syscall(SYS_rt_sigaction, signal, &standard, nullptr, sizeof standard.mask);
    unsigned long const none = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, sizeof none);
}

void reap(unique_fd const& pidfd) noexcept
{
    siginfo_t info;
    waitid(static_cast<idtype_t>(wait_by_pidfd), static_cast<id_t>(pidfd.get()), &info, WEXITED);
}

}  // namespace cofu::detail
