// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// What a worker that died still says: the exception, the stack, the end of its error stream.

#include "contract/pool_kinds.hpp"
#include "contract/process_cases.hpp"
#include "support/sanitizers.hpp"

#include <cofu/error.hpp>

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <unistd.h>

using namespace cofu::test;

namespace {

[[gnu::noipa]] int read_from(std::uintptr_t address)
{
    return *reinterpret_cast<int volatile*>(address);
}

[[gnu::noipa]] int read_row(int id)
{
    return read_from(8) + id;
}

[[gnu::noipa]] void close_file()
{
    throw std::runtime_error("disk full");
}

void close_quietly() noexcept
{
    close_file();
}

void complain(int lines)
{
    for (int i = 0; i < lines; ++i)
        std::fprintf(stderr, "worker's line %d\n", i);
}

template <class Kind>
auto with_tee()
{
    auto options = Kind::workers(1);
    options.stderr_to = cofu::worker_stderr::tee;
    return options;
}

bool holds(std::string const& text, char const* part)
{
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_05_last_words_of_a_signal_are_its_stack, Kind, process_pool_kinds)
{
    if (under_asan || under_tsan)
        return;  // they have handlers of their own
    typename Kind::pool pool(Kind::workers(1));

    auto const crash = crash_of(pool.submit(&read_row, 7));

    BOOST_TEST(crash.signal().value_or(0) == SIGSEGV);
    auto const& words = crash.last_words();
    BOOST_TEST(words.starts_with("#0 (anonymous namespace)::read_from("), words);
    BOOST_TEST(holds(words, "\n#1 (anonymous namespace)::read_row(int)+0x"), words);
    BOOST_TEST(!holds(words, "worker_loop"), words);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_05_last_words_of_terminate_are_the_exception_and_its_stack, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(Kind::workers(1));

    auto const crash = crash_of(pool.submit(&close_quietly));

    auto const& words = crash.last_words();
    BOOST_TEST(
        words.starts_with("std::runtime_error: disk full\n#0 (anonymous namespace)::close_file()"),
        words);
    BOOST_TEST(holds(crash.what(), "its last words: std::runtime_error: disk full"), crash.what());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_05_last_words_of_a_tee_are_the_error_streams_end, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(with_tee<Kind>());

    auto const crash = crash_of(pool.submit([] {
        complain(3);
        ::_exit(4);
    }));

    BOOST_TEST(crash.last_words() == "worker's line 0\nworker's line 1\nworker's line 2\n");
    BOOST_TEST(holds(crash.what(), "its last words: worker's line 2"), crash.what());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_05_the_error_streams_end_comes_last_and_is_bounded, Kind,
                              process_pool_kinds)
{
    if (under_asan || under_tsan)
        return;  // they say much there themselves
    typename Kind::pool pool(with_tee<Kind>());

    auto const crash = crash_of(pool.submit([] {
        complain(1000);
        return read_row(1);
    }));

    auto const& words = crash.last_words();
    auto const tail = words.find("its standard error stream:\n");
    BOOST_REQUIRE(tail != std::string::npos);
    BOOST_TEST(holds(words.substr(0, tail), "read_from("));
    BOOST_TEST(words.ends_with("worker's line 999\n"));
    BOOST_TEST(words.size() - tail < 4200u);
}
