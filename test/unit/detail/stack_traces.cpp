// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Where an exception was thrown: taken before the stack is unwound, sent as tokens, read as text.

#include <cofu/detail/passing_exception.hpp>
#include <cofu/detail/remote_exception.hpp>
#include <cofu/error.hpp>

#include <detail/stack_text.hpp>
#include <detail/thrown_stacks.hpp>
#include <posix/module_list.hpp>
#include <posix/symbol_names.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>

#include <sys/stat.h>
#include <unistd.h>

using namespace cofu::detail;

namespace {

struct keeping {
    keeping() { keep_thrown_stacks(); }
    ~keeping() { forget_thrown_stacks(); }
};

[[gnu::noipa]] void throw_deep_down(int depth)
{
    if (depth == 0)
        throw std::out_of_range("deep down");
    throw_deep_down(depth - 1);
    asm volatile("");  // so that the call is none in tail position
}

[[gnu::noipa]] void throw_on()
{
    try {
        throw_deep_down(1);
    } catch (...) {
        throw;
    }
}

template <class F>
std::exception_ptr passed(F f)
{
    try {
        f();
    } catch (passing_exception const&) {
    } catch (...) {
        return std::current_exception();
    }
    return nullptr;
}

std::size_t count(std::string const& text, std::string const& part)
{
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++n;
    return n;
}

std::string trace_after_crossing(std::exception_ptr const& error)
{
    cofu::byte_writer writer;
    encode_exception(writer, error);
    cofu::byte_reader reader(writer.bytes());
    try {
        std::rethrow_exception(decode_exception(reader));
    } catch (std::exception const& e) {
        auto const* const origin = cofu::origin_of(e);
        return origin ? origin->trace() : "no origin";
    }
}

// A file that is gone afterwards.
struct temporary_file {
    explicit temporary_file(std::string const& content)
    {
        ::close(::mkstemp(path));
        std::ofstream(path) << content;
    }
    ~temporary_file() { std::remove(path); }
    char path[32] = "/tmp/cofu_symbols_XXXXXX";
};

std::string own_file()
{
    std::ifstream file("/proc/self/exe", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::uint64_t own_offset()
{
    auto const module = list_modules().front();
    return reinterpret_cast<std::uintptr_t>(&throw_deep_down) - module.base;
}

}  // namespace

BOOST_AUTO_TEST_CASE(PPE_04_the_stack_is_that_of_the_throw)
{
    keeping const k;

    auto const trace = trace_after_crossing(passed([] { throw_deep_down(3); }));

    BOOST_TEST_CONTEXT(trace)
    {
        BOOST_TEST(trace.starts_with("#0 (anonymous namespace)::throw_deep_down(int)+0x"));
        BOOST_TEST(count(trace, "throw_deep_down(int)") == 4u);
        BOOST_TEST(count(trace, "__cxa_throw") == 0u);
    }
}

BOOST_AUTO_TEST_CASE(an_exception_that_is_thrown_on_has_the_stack_of_that)
{
    keeping const k;

    auto const trace = trace_after_crossing(passed(&throw_on));

    BOOST_TEST_CONTEXT(trace)
    {
        BOOST_TEST(trace.starts_with("#0 (anonymous namespace)::throw_on()"));
        BOOST_TEST(count(trace, "throw_deep_down") == 0u);
    }
}

BOOST_AUTO_TEST_CASE(one_that_passed_no_handler_has_none)
{
    keeping const k;
    passed([] { throw_deep_down(0); });
    forget_thrown_stacks();

    BOOST_TEST(trace_after_crossing(std::make_exception_ptr(std::out_of_range("made"))) == "");
}

BOOST_AUTO_TEST_CASE(other_threads_keep_none)
{
    keeping const k;
    bool has_one = true;

    std::thread([&] {
        auto const error = passed([] { throw_deep_down(0); });
        has_one = take_thrown_stack(error).has_value();
    }).join();

    BOOST_TEST(!has_one);
}

BOOST_AUTO_TEST_CASE(several_exceptions_keep_theirs)
{
    keeping const k;
    auto const first = passed([] { throw_deep_down(5); });
    auto const second = passed([] { throw 42; });

    BOOST_TEST(count(trace_after_crossing(first), "throw_deep_down") == 6u);
    auto const of_an_int = take_thrown_stack(second);
    BOOST_REQUIRE(of_an_int.has_value());
    BOOST_TEST(count(stack_text(*of_an_int), "throw_deep_down") == 0u);
    BOOST_TEST(!take_thrown_stack(second).has_value());
}

BOOST_AUTO_TEST_CASE(one_that_crosses_twice_keeps_its_stack)
{
    keeping const k;
    cofu::byte_writer writer;
    encode_exception(writer, passed([] { throw_deep_down(2); }));
    cofu::byte_reader reader(writer.bytes());

    auto const trace = trace_after_crossing(decode_exception(reader));

    BOOST_TEST(count(trace, "throw_deep_down") == 3u, trace);
}

BOOST_AUTO_TEST_CASE(a_deep_stack_is_cut)
{
    keeping const k;

    auto const stack = take_thrown_stack(passed([] { throw_deep_down(10'000); }));

    BOOST_REQUIRE(stack.has_value());
    BOOST_TEST(stack->frames.size() == max_stack_frames);
}

BOOST_AUTO_TEST_CASE(R5_tokens_that_mean_nothing_are_shown_as_they_are)
{
    stack_tokens stack;
    stack.frames = {{0, 0x123}, {77, 5}, {78, 6}, {list_modules().front().id, ~std::uint64_t(0)}};
    stack.modules = {{77, "/no/such/library.so"}, {78, ""}};

    auto const text = stack_text(stack);

    BOOST_TEST_CONTEXT(text)
    {
        BOOST_TEST(text.starts_with("#0 ?? (0x123)\n"
                                    "#1 ?? (/no/such/library.so+0x5)\n"
                                    "#2 ?? (the worker's program+0x6)\n"));
        BOOST_TEST(text.ends_with("+0xffffffffffffffff)\n"));
    }
}

BOOST_AUTO_TEST_CASE(R5_a_stack_of_any_length_is_cut)
{
    stack_tokens stack;
    stack.frames.resize(100'000);

    BOOST_TEST(count(stack_text(stack), "\n") == max_stack_frames);
}

BOOST_AUTO_TEST_CASE(symbols_are_those_of_the_file)
{
    std::uint64_t const offsets[] = {own_offset(), own_offset() + 1, 1};

    auto const names = symbol_names("/proc/self/exe", list_modules().front().id, offsets);

    BOOST_TEST(names[0].name.find("throw_deep_down") != std::string::npos);
    BOOST_TEST(names[0].offset == 0u);
    BOOST_TEST(names[1].name == names[0].name);
    BOOST_TEST(names[1].offset == 1u);
    BOOST_TEST(names[2].name == "");
}

BOOST_AUTO_TEST_CASE(a_file_of_another_build_gives_no_names)
{
    std::uint64_t const offsets[] = {own_offset()};

    BOOST_TEST(symbol_names("/proc/self/exe", 12345, offsets)[0].name == "");
}

BOOST_AUTO_TEST_CASE(R5_files_that_are_none_give_no_names)
{
    std::uint64_t const offsets[] = {own_offset()};
    auto const name_in = [&](char const* path) { return symbol_names(path, 0, offsets)[0].name; };
    temporary_file const text("no library at all"), empty("");
    char fifo[] = "/tmp/cofu_fifo_XXXXXX";
    BOOST_REQUIRE(::mkdtemp(fifo));
    auto const pipe = std::string(fifo) + "/pipe";
    BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);

    BOOST_TEST(name_in("/no/such/file") == "");
    BOOST_TEST(name_in("/tmp") == "");
    BOOST_TEST(name_in("/dev/zero") == "");
    BOOST_TEST(name_in(pipe.c_str()) == "");
    BOOST_TEST(name_in(text.path) == "");
    BOOST_TEST(name_in(empty.path) == "");
    ::unlink(pipe.c_str());
    ::rmdir(fifo);
}

BOOST_AUTO_TEST_CASE(R5_damaged_files_do_no_harm)
{
    auto const whole = own_file();
    std::uint64_t const offsets[] = {own_offset()};
    auto const header = std::min<std::size_t>(64, whole.size());
    for (std::size_t at = 0; at < header; ++at) {
        auto damaged = whole;
        damaged[at] = static_cast<char>(~damaged[at]);
        temporary_file const file(damaged);
        symbol_names(file.path, 0, offsets);
    }
    temporary_file const half(whole.substr(0, whole.size() / 2));

    BOOST_TEST(symbol_names(half.path, 0, offsets)[0].name == "");
}
