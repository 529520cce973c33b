// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// A worker in a process of its own, spoken to by hand.

#include <detail/frame_reader.hpp>
#include <detail/stack_text.hpp>
#include <detail/worker_loop.hpp>
#include <posix/claim_page.hpp>

#include "support/poll.hpp"
#include "support/sanitizers.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

using namespace cofu::detail;

namespace {

constexpr int channel_number = 3;
constexpr int page_number = 4;
constexpr std::uint64_t max_message = 1000;

call_answer text(frame_type kind, std::string const& s)
{
    static std::string kept;
    kept = s;
    return {kind, std::as_bytes(std::span(kept))};
}

int overflow(int depth)  // NOLINT
{
    volatile char fill[4096];
    fill[0] = static_cast<char>(depth);
    return depth < 0 ? 0 : overflow(depth + 1) + fill[0];
}

[[gnu::noipa]] void throw_mine()
{
    throw std::out_of_range("last words of mine");
}

// The calls that this worker knows.
call_answer run_text(std::span<std::byte const> call, std::stop_token stop,
                     std::uint64_t) noexcept
{
    std::string const what(reinterpret_cast<char const*>(call.data()), call.size());
    if (what == "until stopped") {
        while (!stop.stop_requested())
            std::this_thread::yield();
        return text(frame_type::value, "stopped");
    }
    if (what == "sleep")
        for (;;)
            pause();
    if (what == "possible?")
        return text(frame_type::value, stop.stop_possible() ? "yes" : "no");
    if (what == "throw")
        return text(frame_type::exception, "an exception");
    if (what == "too much")
        return text(frame_type::value, std::string(max_message + 1, 'x'));
    if (what == "segv")
        raise(SIGSEGV);
    if (what == "fault")
        *reinterpret_cast<int volatile*>(std::uintptr_t{8}) = 1;
    if (what == "overflow")
        return text(frame_type::value, std::to_string(overflow(1)));
    if (what == "abort")
        std::abort();
    if (what == "terminate")
        throw_mine();
    if (what == "exit")
        _exit(7);
    return text(frame_type::value, what);
}

class parent_side {
public:
    parent_side()
    {
        boost::system::error_code error;
        char const* failed_call = "";
        page_ = claim_page::make(max_message, error, failed_call);
        BOOST_REQUIRE(!error);
        int ends[2];
        BOOST_REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
        channel_.reset(ends[0]);
        unique_fd const other(ends[1]);
        start(other.get());
        auto const first = receive();
        BOOST_REQUIRE(first.has_value());
        BOOST_TEST((first->type == frame_type::ready));
    }

    ~parent_side()
    {
        if (!ended_)
            kill(pid_, SIGKILL);
        status();
    }

    void send(std::string const& call, std::uint64_t id, std::uint8_t flags = 0)
    {
        auto const slot = static_cast<std::uint8_t>(id % claim_slots);
        page_.publish(slot, id);
        write({.type = frame_type::call, .flags = flags, .slot = slot, .call = id}, call);
    }

    void write(frame_header header, std::string const& payload)
    {
        header.length = payload.size();
        auto const bytes = encode_header(header);
        std::string stream(reinterpret_cast<char const*>(bytes.data()), bytes.size());
        stream += payload;
        BOOST_REQUIRE(::write(channel_.get(), stream.data(), stream.size()) ==
                      static_cast<ssize_t>(stream.size()));
    }

    struct answer {
        frame_type type;
        std::uint64_t call;
        std::string payload;
    };

    std::optional<answer> receive()
    {
        for (;;) {
            if (auto const f = reader_.next())
                return answer{f->header.type, f->header.call,
                              {reinterpret_cast<char const*>(f->payload.data()), f->payload.size()}};
            auto const room = reader_.prepare();
            auto const got = read(channel_.get(), room.data(), room.size());
            if (got <= 0)
                return std::nullopt;
            reader_.commit(static_cast<std::size_t>(got));
        }
    }

    std::string ask(std::string const& call, std::uint64_t id)
    {
        send(call, id);
        auto const a = receive();
        return a ? a->payload : "(nothing)";
    }

    void stop(std::uint64_t id)
    {
        page_.request_stop(id);
        kill(pid_, SIGTERM);
    }

    void wait_until_begun(std::uint64_t id)
    {
        BOOST_REQUIRE(cofu::test::poll_until(
            [&] { return page_.has_begun(static_cast<unsigned>(id % claim_slots), id); }));
    }

    // The signal, or 1000 + the exit code.
    int status()
    {
        if (!ended_) {
            int status = 0;
            waitpid(pid_, &status, 0);
            ended_ = WIFSIGNALED(status) ? WTERMSIG(status) : 1000 + WEXITSTATUS(status);
        }
        return *ended_;
    }

    claim_page& page() { return page_; }
    pid_t pid() const { return pid_; }

private:
    void start(int channel)
    {
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, channel, channel_number + 10);
        posix_spawn_file_actions_adddup2(&actions, page_.descriptor(), page_number);
        posix_spawn_file_actions_adddup2(&actions, channel_number + 10, channel_number);
        posix_spawn_file_actions_addclose(&actions, channel_number + 10);
        char name[] = "worker", option[] = "--run_test=worker_process";
        char* arguments[] = {name, option, nullptr};
        auto const error =
            posix_spawn(&pid_, "/proc/self/exe", &actions, nullptr, arguments, environ);
        posix_spawn_file_actions_destroy(&actions);
        BOOST_REQUIRE(error == 0);
    }

    claim_page page_;
    unique_fd channel_;
    frame_reader reader_{frame_side::parent, max_message};
    pid_t pid_ = -1;
    std::optional<int> ended_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(worker_process, *boost::unit_test::disabled())
{
    auto* const page = mmap(nullptr, claim_page::size(), PROT_READ | PROT_WRITE, MAP_SHARED,
                            page_number, 0);
    close(page_number);
    for (int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGILL, SIGBUS, SIGTERM})
        std::signal(signal, SIG_DFL);  // Boost.Test's own handlers
    worker_endpoint endpoint{unique_fd(channel_number), {}, page, claim_page::size()};
    _exit(run_worker(std::move(endpoint), &run_text, "the build"));
}

BOOST_AUTO_TEST_SUITE(worker_loop)

BOOST_AUTO_TEST_CASE(calls_are_answered_in_order)
{
    parent_side p;
    for (std::uint64_t id = 1; id <= 5; ++id)
        p.send("call " + std::to_string(id), id);
    for (std::uint64_t id = 1; id <= 5; ++id) {
        auto const a = p.receive();
        BOOST_REQUIRE(a.has_value());
        BOOST_TEST(a->call == id);
        BOOST_TEST(a->payload == "call " + std::to_string(id));
        BOOST_TEST((a->type == frame_type::value));
    }
}

BOOST_AUTO_TEST_CASE(a_withdrawn_call_is_skipped)
{
    parent_side p;
    p.send("until stopped", 1, frame_flag::stoppable);
    p.send("withdrawn", 2);
    p.send("third", 3);
    p.wait_until_begun(1);

    BOOST_TEST(p.page().withdraw(2, 2));
    p.stop(1);

    BOOST_TEST(p.receive()->payload == "stopped");
    BOOST_TEST(p.receive()->payload == "third");
}

BOOST_AUTO_TEST_CASE(an_exception_is_an_answer)
{
    parent_side p;
    p.send("throw", 1);
    BOOST_TEST((p.receive()->type == frame_type::exception));
}

BOOST_AUTO_TEST_CASE(PPE_12_an_answer_that_is_too_long_fails_its_call_only)
{
    parent_side p;
    p.send("too much", 1);
    BOOST_TEST((p.receive()->type == frame_type::transport_failure));
    BOOST_TEST(p.ask("next", 2) == "next");
}

BOOST_AUTO_TEST_CASE(quit_ends_it_in_order)
{
    parent_side p;
    p.write({.type = frame_type::quit}, "");
    BOOST_TEST(!p.receive().has_value());
    BOOST_TEST(p.status() == 1000);
}

BOOST_AUTO_TEST_CASE(a_bad_frame_ends_it)
{
    parent_side p;
    p.write({.type = frame_type::value, .call = 1}, "");
    BOOST_TEST(p.status() == 1001);
}

BOOST_AUTO_TEST_CASE(only_a_stoppable_call_has_a_token)
{
    parent_side p;
    BOOST_TEST(p.ask("possible?", 1) == "no");
    p.send("possible?", 2, frame_flag::stoppable);
    BOOST_TEST(p.receive()->payload == "yes");
}

BOOST_AUTO_TEST_CASE(FUT_13_a_stop_ends_a_call_without_a_token_at_once)
{
    parent_side p;
    p.send("sleep", 1);
    p.wait_until_begun(1);
    p.stop(1);
    BOOST_TEST(p.status() == SIGTERM);
}

BOOST_AUTO_TEST_CASE(FUT_13_a_stop_for_a_call_that_is_over_hits_nobody)
{
    parent_side p;
    BOOST_TEST(p.ask("first", 1) == "first");
    p.send("until stopped", 2, frame_flag::stoppable);
    p.wait_until_begun(2);
    p.stop(1);
    p.stop(2);
    BOOST_TEST(p.receive()->payload == "stopped");
}

BOOST_AUTO_TEST_CASE(FUT_13_a_stop_that_came_before_the_call_is_obeyed_at_its_start)
{
    parent_side p;
    p.stop(9);
    BOOST_TEST(p.ask("other", 1) == "other");
    p.send("until stopped", 9, frame_flag::stoppable);
    BOOST_TEST(p.receive()->payload == "stopped");
    p.stop(10);
    p.send("sleep", 10);
    BOOST_TEST(p.status() == SIGTERM);
}

BOOST_AUTO_TEST_CASE(a_SIGTERM_from_elsewhere_ends_it)
{
    parent_side p;
    p.send("until stopped", 1, frame_flag::stoppable);
    p.wait_until_begun(1);
    kill(p.pid(), SIGTERM);
    BOOST_TEST(p.status() == SIGTERM);
}

BOOST_AUTO_TEST_CASE(PPE_05_the_status_is_exact)
{
    for (auto const& [call, status] :
         {std::pair("segv", SIGSEGV), {"abort", SIGABRT}, {"exit", 1007}, {"terminate", SIGABRT}}) {
        if (cofu::test::under_sanitizer && status == SIGSEGV)
            continue;  // sanitizers turn it into an exit code of theirs
        parent_side p;
        p.send(call, 1);
        BOOST_TEST(p.status() == status, call << " ended as " << p.status());
    }
}

// Sanitizers keep their own handlers.
BOOST_AUTO_TEST_CASE(PPE_05_last_words_of_a_signal,
                     *boost::unit_test::enable_if<!cofu::test::under_sanitizer>())
{
    for (auto const& [call, signal] :
         {std::pair("segv", SIGSEGV), {"fault", SIGSEGV}, {"overflow", SIGSEGV}, {"abort", SIGABRT}}) {
        parent_side p;
        p.send(call, 1);
        BOOST_TEST(p.status() == signal, call << " ended as " << p.status());
        auto const words = p.page().read_last_words();
        BOOST_REQUIRE(words.has_value());
        BOOST_TEST(words->signal == signal);
        BOOST_TEST(words->stack.frames.size() > 2u);
        auto const text = stack_text(words->stack);
        if (call != std::string("abort"))  // which ends in the C library
            BOOST_TEST(text.starts_with(call == std::string("segv") ? "#0 " : call == std::string("fault") ? "#0 (anonymous namespace)::run_text("
                                                                                      : "#0 (anonymous namespace)::overflow("),
                       text);
        BOOST_TEST(text.find("(anonymous namespace)::") != std::string::npos, text);
        BOOST_TEST(text.find("on_fatal_signal") == std::string::npos, text);
    }
}

BOOST_AUTO_TEST_CASE(PPE_05_last_words_of_terminate)
{
    parent_side p;
    p.send("terminate", 1);
    BOOST_TEST(p.status() == SIGABRT);
    auto const words = p.page().read_last_words();
    BOOST_REQUIRE(words.has_value());
    BOOST_TEST(words->type == typeid(std::out_of_range).name());
    BOOST_TEST(words->what == "last words of mine");
    auto const text = stack_text(words->stack);
    BOOST_TEST(text.starts_with("#0 (anonymous namespace)::throw_mine()"), text);
}

BOOST_AUTO_TEST_SUITE_END()
