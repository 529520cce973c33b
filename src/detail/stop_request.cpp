// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "stop_request.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <mutex>

#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

namespace cofu::detail {

namespace {

// Read by the signal handler, so all of it is lock-free. Sequentially consistent where not said
// otherwise: the call's thread stores `current` and then looks at the stop word, the parent stores
// the stop word and then has the handler look at `current`; one of them sees the other.
constinit std::atomic<claim_page_layout*> page{nullptr};
constinit std::atomic<std::uint64_t> current{0};  // the call that runs
constinit std::atomic<std::uint64_t> last{0};     // the call that ended last
constinit std::atomic<bool> is_stoppable{false};  // the current one takes a stop_token
constinit pid_t owner = 0;                        // the worker, and not what a call may fork
constinit sem_t wake;

// Guarded by the mutex: the source of the current call, for the thread that tells it.
constinit std::mutex mutex;
std::stop_source& told_source()
{
    static auto* const source = new std::stop_source(std::nostopstate);
    return *source;
}

void end_by(int signal) noexcept
{
    struct sigaction action = {};
    action.sa_handler = SIG_DFL;
    sigaction(signal, &action, nullptr);
    kill(getpid(), signal);  // arrives when the handler returns
}

void on_stop(int signal) noexcept
{
    auto const error = errno;
    auto* const here = page.load();
    auto stop = here->stop.load();
    if (getpid() != owner || stop == 0)
        end_by(signal);
    else if (stop == last.load())
        here->stop.compare_exchange_strong(stop, 0);  // too late; the next signal is from elsewhere
    else if (stop == current.load() && is_stoppable.load())
        sem_post(&wake);
    else if (stop == current.load())
        end_by(signal);
    // Else it is for a call that has not begun, which will see the word.
    errno = error;
}

void* tell_stops(void*)
{
    pthread_setname_np(pthread_self(), "cofu stop");
    for (;;) {
        while (sem_wait(&wake) != 0) {
        }
        std::stop_source source(std::nostopstate);
        {
            std::lock_guard lock(mutex);
            if (page.load()->stop.load() == current.load())
                source = told_source();
        }
        source.request_stop();
    }
}

// Started by the first call that can be told anything. Whether there is one.
bool has_teller() noexcept
{
    static bool const started = [] {
        sigset_t all, before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        pthread_t thread;
        auto const error = pthread_create(&thread, nullptr, &tell_stops, nullptr);
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
        if (error == 0)
            pthread_detach(thread);
        return error == 0;
    }();
    return started;
}

}  // namespace

void install_stop_handler(claim_page_layout& shared) noexcept
{
    page.store(&shared);
    owner = getpid();
    sem_init(&wake, 0, 0);
    struct sigaction action = {};
    action.sa_handler = &on_stop;
    action.sa_flags = SA_RESTART;
    sigaction(SIGTERM, &action, nullptr);
}

running_call::running_call(std::uint64_t call, bool stoppable) : call_(call)
{
    if (stoppable && has_teller()) {
        source_ = std::stop_source();
        std::lock_guard lock(mutex);
        told_source() = source_;
        is_stoppable.store(true);
        current.store(call);
        return;
    }
    current.store(call);
}

running_call::~running_call()
{
    // A call that was withdrawn may come again.
    if (has_begun_)
        last.store(call_, std::memory_order_release);
    if (!source_.stop_possible()) {
        current.store(0, std::memory_order_release);
        return;
    }
    std::lock_guard lock(mutex);
    current.store(0);
    is_stoppable.store(false);
    told_source() = std::stop_source(std::nostopstate);
}

std::stop_token running_call::begin() noexcept
{
    has_begun_ = true;
    if (page.load(std::memory_order_relaxed)->stop.load() == call_) {
        if (source_.stop_possible())
            source_.request_stop();
        else
            raise(SIGTERM);  // what the parent's did not do, as it came before
    }
    return source_.get_token();
}

}  // namespace cofu::detail
