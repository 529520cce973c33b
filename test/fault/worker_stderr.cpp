// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Where the standard error stream of a worker goes.

#include "support/child_case.hpp"
#include "support/poll.hpp"
#include "support/scripted_workers.hpp"
#include "support/start_methods.hpp"

#include <posix/stderr_tee.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <string>

#include <fcntl.h>
#include <unistd.h>

using namespace cofu::test;
using cofu::worker_stderr;

namespace {

// Not to be found in a test's log, which has the source of each check.
std::string complaint() { return "<" + std::string("hello") + ">"; }

worker_command const complain("complain", [](std::string text) {
    std::fprintf(stderr, "<%s>", text.c_str());
    return std::string("done");
});
worker_command const complain_much("complain_much", [](std::string) {
    for (int i = 0; i < 20'000; ++i)
        std::fprintf(stderr, "line %d\n", i);
    return std::string("done");
});
worker_command const count_descriptors("count_descriptors", [](std::string) {
    int count = 0;
    for (int fd = 0; fd < 256; ++fd)
        count += fcntl(fd, F_GETFD) >= 0;
    return std::to_string(count);
});

cofu::detail::worker_start setup(cofu::start_method method, worker_stderr where)
{
    cofu::detail::worker_start s;
    s.method = method;
    s.stderr_to = where;
    return s;
}

struct pipe_ends {
    pipe_ends()
    {
        int ends[2];
        BOOST_REQUIRE(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
        out.reset(ends[0]);
        in.reset(ends[1]);
    }

    std::string read_all() const
    {
        std::string text;
        char buffer[4096];
        for (ssize_t n; (n = read(out.get(), buffer, sizeof buffer)) > 0;)
            text.append(buffer, static_cast<std::size_t>(n));
        return text;
    }
    void write_all(std::string const& text) const
    {
        BOOST_REQUIRE(write(in.get(), text.data(), text.size()) == ssize_t(text.size()));
    }

    cofu::detail::unique_fd out, in;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(programs, *boost::unit_test::disabled())

BOOST_DATA_TEST_CASE(complains, server_methods* boost::unit_test::data::make({0, 1, 2}), method,
                     where)
{
    scripted_workers workers;
    auto& worker = workers.start(setup(method, static_cast<worker_stderr>(where)));
    worker.ask("complain hello");
    worker.tell("_exit 0");
    auto const& end = workers.end_of(worker);
    bool const is_tee = static_cast<worker_stderr>(where) == worker_stderr::tee;
    BOOST_TEST(end.stderr_tail == (is_tee ? complaint() : ""));
}

BOOST_DATA_TEST_CASE(complains_much, server_methods, method)
{
    scripted_workers workers;
    auto& worker = workers.start(setup(method, worker_stderr::tee));
    worker.ask("complain_much");
    worker.tell("_exit 0");
    auto const& end = workers.end_of(worker);
    BOOST_TEST(end.stderr_tail.size() == 4096u);
    BOOST_TEST(end.stderr_tail.ends_with("line 19998\nline 19999\n"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(PPE_05_the_error_stream_goes_where_the_pool_says)
{
    for (int i = 0; i < 6; ++i) {
        auto const result = run_case_in_child("programs/complains/_" + std::to_string(i));

        auto const where = static_cast<worker_stderr>(i % 3);
        BOOST_TEST(result.exit_status == 0, result.output);
        bool const is_there = result.output.find(complaint()) != result.output.npos;
        BOOST_TEST(is_there == (where != worker_stderr::null), result.output);
    }
}

BOOST_AUTO_TEST_CASE(PPE_05_the_last_lines_are_kept)
{
    for (auto const* name : {"programs/complains_much/_0", "programs/complains_much/_1"}) {
        auto const result = run_case_in_child(name);

        BOOST_TEST(result.exit_status == 0);
        BOOST_TEST(result.output.find("line 0\n") != result.output.npos);
        BOOST_TEST(result.output.find("line 19999\n") != result.output.npos);
    }
}

BOOST_DATA_TEST_CASE(PPE_11_a_tee_is_no_descriptor_more, server_methods, method)
{
    scripted_workers workers;

    auto& worker = workers.start(setup(method, worker_stderr::tee));

    BOOST_TEST(worker.ask("count_descriptors") == "6");
}

BOOST_AUTO_TEST_CASE(PPE_05_a_tee_never_blocks_and_says_what_it_left_out)
{
    pipe_ends from, to;
    cofu::detail::stderr_tee tee(std::move(from.out), to.in.get());
    std::string const chunk(4096, 'x');
    fcntl(to.in.get(), F_SETFL, 0);

    std::size_t written = 0;
    for (; written < 1'000'000; written += chunk.size()) {
        from.write_all(chunk);
        tee.copy();
    }
    BOOST_TEST(tee.waiting());
    std::string read;
    while (tee.waiting()) {
        read += to.read_all();
        tee.copy();
    }
    read += to.read_all();

    BOOST_TEST(read.size() < written);
    BOOST_TEST(read.ends_with("found no room here\n"));
    BOOST_TEST(tee.tail() == chunk);
}

BOOST_AUTO_TEST_CASE(PPE_05_a_tee_waits_for_nobody_where_nobody_reads)
{
    pipe_ends from, to;
    cofu::detail::stderr_tee tee(std::move(from.out), to.in.get());
    to.out.reset();
    from.write_all("lost");

    tee.copy();

    BOOST_TEST(!tee.waiting());
    BOOST_TEST(tee.tail() == "lost");
}

BOOST_AUTO_TEST_CASE(PPE_05_a_closed_stream_is_no_news)
{
    pipe_ends from, to;
    cofu::detail::stderr_tee tee(std::move(from.out), to.in.get());
    from.write_all("last");
    from.in.reset();

    tee.copy();

    BOOST_TEST(tee.descriptor() == -1);
    BOOST_TEST(to.read_all() == "last");
}
