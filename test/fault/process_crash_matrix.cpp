// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Every point at which user code runs in a worker, and those of the library's own code between
// them, x every way to go down there, awaited and blocking. A cell counts only if its point was
// reached.

#include "contract/pool_kinds.hpp"
#include "support/sanitizers.hpp"
#include "support/watchdog.hpp"
#include "support/scale.hpp"

#include <cofu/detail/test_hooks.hpp>
#include <cofu/error.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <ostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

using namespace cofu::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

using library_point = cofu::detail::worker_point;

// Idle is after_answer; the end of a worker is that of one with max_tasks_per_child. Where the
// program decodes a result no worker is concerned.
enum class point {
    before_handshake,
    half_of_handshake,
    half_of_call,  // the program is writing a long one
    lookup,
    decoding_argument,
    initializer,
    in_call,
    argument_destructor,
    encoding_result,
    half_of_answer,
    after_answer,
    in_call_while_draining,
    end_of_worker  // a thread_local's destructor, after the answer
};
enum class way {
    segv,
    kill,
    term,
    exit_0,
    exit_99,
    std_exit,
    abort,
    terminate,
    stack_overflow,
    closes_its_channel,
    stop  // SIGSTOP, under a time limit
};

constexpr std::pair<point, char const*> points[] = {
    {point::before_handshake, "before the handshake"},
    {point::half_of_handshake, "half of the handshake written"},
    {point::half_of_call, "half of the call read"},
    {point::lookup, "looking up the function"},
    {point::decoding_argument, "decoding an argument"},
    {point::initializer, "in the initializer"},
    {point::in_call, "in the call"},
    {point::argument_destructor, "in an argument's destructor"},
    {point::encoding_result, "encoding the result"},
    {point::half_of_answer, "half of the answer written"},
    {point::after_answer, "after the answer"},
    {point::in_call_while_draining, "in the call while the pool drains"},
    {point::end_of_worker, "at the worker's end"}};

// What the call ends with where its worker goes down in it.
constexpr std::pair<way, char const*> ways[] = {{way::segv, "signal 11"},
                                                {way::kill, "signal 9"},
                                                {way::term, "signal 15"},
                                                {way::exit_0, "exit 0"},
                                                {way::exit_99, "exit 99"},
                                                {way::std_exit, "exit 3"},
                                                {way::abort, "signal 6"},
                                                {way::terminate, "signal 6"},
                                                {way::stack_overflow, "signal 11"},
                                                {way::closes_its_channel, "lost"},
                                                {way::stop, "timed out"}};

// Cells that can't exist, or say something of their own.
std::optional<std::string> exception_to(point p, way w, std::string const& ordinary)
{
    if (p == point::initializer || p == point::before_handshake || p == point::half_of_handshake)
        return "broken by " + ordinary;  // each new worker goes down there
    if (p == point::end_of_worker || p == point::after_answer)
        return "value";  // the answer was there before
    if (p == point::half_of_call && w != way::stop)
        return "value";  // never claimed: another worker ran it
    return std::nullopt;
}

bool exists(point p, way w)
{
    // The time limit is the call's: nothing bounds a start, an idle worker or a worker's end that is
    // stopped but the limits of the start and of the shutdown, which the state machine's tests have.
    if (w == way::stop
        && (p == point::before_handshake || p == point::half_of_handshake || p == point::initializer
            || p == point::after_answer || p == point::end_of_worker))
        return false;
    // Nothing is left to be closed, and exit() in a destructor of exit's is undefined.
    if (p == point::end_of_worker && (w == way::closes_its_channel || w == way::std_exit))
        return false;
    // The sanitizers' own handlers make other statuses of these.
    if (under_asan || under_tsan)
        return w != way::segv && w != way::stack_overflow && w != way::abort && w != way::terminate;
    return true;
}

// The frame is read after the call, so that no optimizer makes a loop of it.
int overflow(int depth)
{
    char volatile frame[4096] = {static_cast<char>(depth)};
    int const below = depth < 0 ? 0 : overflow(depth + 1);
    return below + frame[0];
}

void go_down(way w)
{
    switch (w) {
    case way::segv:
        std::raise(SIGSEGV);
        break;
    case way::kill:
        std::raise(SIGKILL);
        break;
    case way::term:
        std::raise(SIGTERM);
        break;
    case way::exit_0:
        ::_exit(0);
    case way::exit_99:
        ::_exit(99);
    case way::std_exit:
        std::exit(3);
    case way::abort:
        std::abort();
    case way::terminate:
        std::terminate();
    case way::stack_overflow:
        overflow(1);
        break;
    case way::closes_its_channel:
        for (int fd = 3; fd < 64; ++fd)
            ::close(fd);
        for (;;)
            ::pause();
    case way::stop:
        std::raise(SIGSTOP);
        break;
    }
}

// An argument or result that goes down at its point.
struct trap {
    point where;
    way how;
    shared_gate::handle reached;

    void spring(point here) const
    {
        if (here != where || !cofu::is_worker_process())
            return;
        reached.arrive();
        go_down(how);
    }
};

// Where the library calls no user code, a worker finds its trap in the environment.
constexpr char trap_variable[] = "COFU_TEST_TRAP";

void set_trap(trap const& t)
{
    std::ostringstream text;
    text << static_cast<int>(t.where) << ' ' << static_cast<int>(t.how) << ' ' << t.reached.owner
         << ' ' << t.reached.descriptor << ' ' << t.reached.id;
    ::setenv(trap_variable, text.str().c_str(), 1);
}

std::optional<trap> find_trap()
{
    char const* const text = std::getenv(trap_variable);
    int where = 0, how = 0;
    trap t{};
    if (!text
        || !(std::istringstream(text) >> where >> how >> t.reached.owner >> t.reached.descriptor
             >> t.reached.id))
        return std::nullopt;
    t.where = static_cast<point>(where);
    t.how = static_cast<way>(how);
    return t;
}

point point_of(library_point p)
{
    switch (p) {
    case library_point::before_ready:
        return point::before_handshake;
    case library_point::half_of_ready:
        return point::half_of_handshake;
    case library_point::half_of_call:
        return point::half_of_call;
    case library_point::lookup:
        return point::lookup;
    case library_point::half_of_answer:
        return point::half_of_answer;
    case library_point::after_answer:
        return point::after_answer;
    }
    std::abort();
}

void come_to(library_point p)
{
    auto const t = find_trap();
    if (!t || t->where != point_of(p))
        return;
    // A call that was never claimed goes to one worker after the other.
    if (t->where == point::half_of_call && t->reached.noted() != 0)
        return;
    t->reached.note(1);
    t->spring(t->where);
}

[[maybe_unused]] bool const is_watching = (cofu::detail::worker_comes_to = &come_to, true);

struct armed_argument : trap {
    explicit armed_argument(trap const& t) : trap(t)
    {
        if (t.where == point::half_of_call)
            ballast.resize(2 << 20);
    }
    armed_argument(armed_argument&& other) noexcept
        : trap(other),
          ballast(std::move(other.ballast)),
          is_armed(std::exchange(other.is_armed, false))
    {}
    armed_argument(armed_argument const&) = default;
    ~armed_argument()
    {
        if (is_armed)
            spring(point::argument_destructor);
    }
    std::vector<char> ballast;  // so that the call is not read at once
    bool is_armed = true;
};

struct at_thread_end {
    std::optional<trap> set;
    ~at_thread_end()
    {
        if (set)
            set->spring(point::end_of_worker);
    }
};
thread_local at_thread_end last;

struct armed_result : trap {};

armed_result run(armed_argument const& argument)
{
    last.set = argument;
    argument.spring(point::in_call);
    argument.spring(point::in_call_while_draining);
    return armed_result{argument};
}

void initialize(trap t) { t.spring(point::initializer); }

std::string name_of(std::exception_ptr error)
{
    try {
        std::rethrow_exception(error);
    } catch (cofu::worker_crashed const& e) {
        if (e.code() == cofu::errc::worker_lost)
            return "lost";
        return e.signal() ? "signal " + std::to_string(*e.signal())
                          : "exit " + std::to_string(e.exit_code().value_or(-1));
    } catch (cofu::task_timed_out const&) {
        return "timed out";
    } catch (cofu::broken_process_pool const& e) {
        auto const* const nested = dynamic_cast<std::nested_exception const*>(&e);
        return "broken by " + (nested ? name_of(nested->nested_ptr()) : "nothing");
    } catch (std::exception const& e) {
        return e.what();
    }
}

template <class Future>
std::string outcome_of(Future const& f)
{
    auto const error = f.exception();
    return error ? name_of(error) : "value";
}

asio::awaitable<void> await_end(cofu::future<armed_result> f)
{
    co_await f.async_wait(asio::use_awaitable);
}

template <class Kind>
auto options_of(trap const& t)
{
    auto options = Kind::workers(1);
    options.kill_grace = 20ms;
    if (t.where == point::initializer)
        options.initializer = cofu::call(&initialize, t);
    if (t.where == point::end_of_worker)
        options.max_tasks_per_child = 1;
    if (t.how == way::stop)
        options.task_timeout = 30ms;
    return options;
}

template <class Kind>
std::string run_cell(point p, way w, bool is_awaited)
{
    typename Kind::gate gate;
    trap const t{p, w, gate.get_handle()};
    set_trap(t);
    typename Kind::pool pool(options_of<Kind>(t));
    auto const f = pool.submit(&run, armed_argument(t));
    if (p == point::in_call_while_draining)
        pool.shutdown({.wait = false});
    if (is_awaited) {
        asio::io_context io;
        asio::co_spawn(io, await_end(f), [](std::exception_ptr) {});
        io.run();
    }
    auto const outcome = outcome_of(f);
    pool.shutdown();
    return gate.arrived() == 0 ? "not reached; " + outcome : outcome;
}

}  // namespace

template <>
struct cofu::serializer<armed_argument> {
    static void write(byte_writer& to, armed_argument const& a)
    {
        encode<trap>(to, a);
        encode(to, a.ballast);
    }
    static armed_argument read(byte_reader& from)
    {
        armed_argument a(decode<trap>(from));
        a.ballast = decode<std::vector<char>>(from);
        a.spring(point::decoding_argument);
        return a;
    }
};
template <>
struct cofu::serializer<armed_result> {
    static void write(byte_writer& to, armed_result const& r)
    {
        r.spring(point::encoding_result);
        encode<trap>(to, r);
    }
    static armed_result read(byte_reader& from) { return {decode<trap>(from)}; }
};

BOOST_AUTO_TEST_SUITE(busy, *time_limit(90))

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_05_every_way_to_go_down_at_every_point, Kind, process_pool_kinds)
{
    rng random;
    auto const percent = static_cast<std::size_t>(at_most(100));
    int cells = 0;
    for (auto const& [p, where] : points) {
        for (auto const& [w, ordinary] : ways) {
            if (!exists(p, w) || random.below(100) >= percent)
                continue;
            auto const expected = exception_to(p, w, ordinary).value_or(ordinary);
            for (bool const is_awaited : {false, true}) {
                BOOST_TEST_CONTEXT(where << ", " << ordinary << " (way " << static_cast<int>(w)
                                         << (is_awaited ? "), awaited" : "), blocking"))
                BOOST_TEST(run_cell<Kind>(p, w, is_awaited) == expected);
                ++cells;
            }
        }
    }
    BOOST_TEST((cells > 100 || percent < 100));
}

BOOST_AUTO_TEST_SUITE_END()
