// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/thread_pool_executor.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>

namespace {

struct with_one_word {
    long word;

    long operator()() const { return word; }
};

struct with_two_words {
    long words[2];

    void operator()() const {}
};

}  // namespace

BOOST_AUTO_TEST_CASE(R3_a_small_call_fits_into_a_cache_line)
{
    using namespace cofu::detail;
    using call = thread_calls::call<no_task_options, std::allocator<void>, with_one_word>;

    using call_of_two_words =
        thread_calls::call<no_task_options, std::allocator<void>, with_two_words>;

    BOOST_TEST(sizeof(call) <= 64u);
    BOOST_TEST(sizeof(call_of_two_words) <= 64u);
}
