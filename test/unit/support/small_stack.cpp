// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "support/small_stack.hpp"

#include <boost/test/unit_test.hpp>

#include <pthread.h>
#include <stdexcept>

using namespace cofu::test;

BOOST_AUTO_TEST_SUITE(support_small_stack)

BOOST_AUTO_TEST_CASE(runs_on_a_stack_of_that_size)
{
    std::size_t size = 0;
    run_on_small_stack([&] {
        pthread_attr_t attributes;
        pthread_getattr_np(pthread_self(), &attributes);
        pthread_attr_getstacksize(&attributes, &size);
        pthread_attr_destroy(&attributes);
    });
    BOOST_TEST(size >= small_stack_size);
    BOOST_TEST(size <= 2 * small_stack_size);
}

BOOST_AUTO_TEST_CASE(passes_an_exception_on)
{
    BOOST_CHECK_THROW(run_on_small_stack([] { throw std::range_error("x"); }), std::range_error);
}

BOOST_AUTO_TEST_SUITE_END()
