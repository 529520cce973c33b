// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/error.hpp>

#include <boost/system/errc.hpp>

#include <csignal>
#include <utility>

namespace cofu {
namespace {

class category_type final : public boost::system::error_category {
public:
    constexpr category_type() noexcept : error_category(0x8d1f4a52c09be376) {}

    char const* name() const noexcept override { return "cofu"; }

    std::string message(int value) const override
    {
        switch (static_cast<errc>(value)) {
        case errc::cancelled: return "the call was cancelled";
        case errc::timed_out: return "the wait timed out";
        case errc::invalid_state: return "the operation is not possible in this state";
        case errc::broken_promise: return "the promise was destroyed without a result";
        case errc::shut_down: return "the pool was shut down and takes no more calls";
        case errc::queue_full:
            return "the pool's queue is full; submit later, raise max_queue, or wait for room with "
                   "async_submit";
        case errc::deadlock: return "the wait would never end: calls wait for each other";
        case errc::broken_thread_pool:
            return "the thread pool is broken: the initializer of a worker failed";
        case errc::broken_process_pool: return "the process pool is broken: no worker can start";
        case errc::worker_crashed: return "the worker process died in this call";
        case errc::worker_lost: return "the worker process was lost";
        case errc::task_timed_out: return "the call ran longer than its timeout";
        case errc::limit_exceeded: return "the call exceeded a limit of its worker";
        case errc::remote_exception: return "the call threw an exception in its worker";
        case errc::transport_failed: return "the call or its result could not be transported";
        }
        return "unknown error";
    }

    boost::system::error_condition default_error_condition(int value) const noexcept override
    {
        namespace generic = boost::system::errc;
        switch (static_cast<errc>(value)) {
        case errc::cancelled: return generic::make_error_condition(generic::operation_canceled);
        case errc::timed_out:
        case errc::task_timed_out: return generic::make_error_condition(generic::timed_out);
        case errc::invalid_state:
        case errc::broken_promise:
        case errc::shut_down:
        case errc::queue_full:
        case errc::deadlock:
        case errc::broken_thread_pool:
        case errc::broken_process_pool:
        case errc::worker_crashed:
        case errc::worker_lost:
        case errc::limit_exceeded:
        case errc::remote_exception:
        case errc::transport_failed: break;
        }
        return {value, *this};
    }
};

// Never destroyed, so that errors have a category in static destruction too.
constinit category_type const the_category;

struct signal_name {
    int number;
    char const* text;
};

// strsignal is not safe between threads and sigabbrev_np is too new.
constexpr signal_name signal_names[] = {
    {SIGHUP, "SIGHUP"},   {SIGINT, "SIGINT"},   {SIGQUIT, "SIGQUIT"},
    {SIGILL, "SIGILL"},   {SIGTRAP, "SIGTRAP"}, {SIGABRT, "SIGABRT, abort() or std::terminate"},
    {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},   {SIGKILL, "SIGKILL, perhaps out of memory"},
    {SIGUSR1, "SIGUSR1"}, {SIGUSR2, "SIGUSR2"}, {SIGSEGV, "SIGSEGV, a bad memory access"},
    {SIGPIPE, "SIGPIPE"}, {SIGALRM, "SIGALRM"}, {SIGTERM, "SIGTERM"},
    {SIGXCPU, "SIGXCPU"}, {SIGSYS, "SIGSYS, a forbidden system call"}};

std::string signal_text(int number)
{
    std::string const text = std::to_string(number);
    for (auto const& known : signal_names)
        if (known.number == number)
            return text + " (" + known.text + ")";
    return text;
}

std::string ending_text(worker_end const& end)
{
    std::string text = "worker " + std::to_string(end.pid);
    if (end.signal)
        text += " was killed by signal " + signal_text(*end.signal);
    else if (end.exit_code)
        text += " exited with code " + std::to_string(*end.exit_code);
    else
        text += " is gone, its status unknown";
    if (!end.last_words.empty())
        text += "; its last words: " + end.last_words;
    return text;
}

}  // namespace

boost::system::error_category const& category() noexcept
{
    return the_category;
}

worker_crashed::worker_crashed(worker_end end, errc e)
    : worker_crashed(end, detail::late_text(end.last_words), e)
{
}

worker_crashed::worker_crashed(worker_end end, detail::late_text words, errc e)
    : error(e, ending_text(end)),
      record_(std::make_shared<record const>(record{std::move(end), std::move(words)}))
{
}

remote_origin::remote_origin(std::string type_name, std::string message, detail::late_text trace)
    : text_(std::make_shared<texts const>(
          texts{std::move(type_name), std::move(message), std::move(trace)}))
{
}

remote_error::remote_error(std::string type_name, std::string message, detail::late_text trace)
    : error(errc::remote_exception, type_name + ": " + message),
      remote_origin(std::move(type_name), std::move(message), std::move(trace))
{
}

}  // namespace cofu
