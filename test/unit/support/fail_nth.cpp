// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "support/fail_nth.hpp"

#include "support/counted.hpp"
#include "support/gate.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <system_error>
#include <thread>
#include <vector>

using namespace cofu::test;

namespace {

boost::test_tools::assertion_result malloc_is_watched(boost::unit_test::test_unit_id)
{
    boost::test_tools::assertion_result result(watches_malloc);
    result.message() << "a sanitizer brings its own malloc: "
                        "https://github.com/google/sanitizers/wiki/AddressSanitizer#faq";
    return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(support_fail_nth)

BOOST_AUTO_TEST_CASE(only_the_kth_allocation_fails)
{
    bool second_failed = false;
    fail_allocation guard(2);
    auto a = std::make_unique<counted>();
    try
    {
        auto b = std::make_unique<counted>();
    }
    catch (std::bad_alloc const&)
    {
        second_failed = true;
    }
    auto c = std::make_unique<counted>();
    guard.disarm();

    BOOST_TEST(second_failed);
    BOOST_TEST(guard.fired());
    BOOST_TEST((c != nullptr));
}

BOOST_AUTO_TEST_CASE(
    c_allocation_functions_fail, *boost::unit_test::precondition(malloc_is_watched))
{
    fail_allocation guard(1, watched::this_thread, failing::onward);
    void* results[4] = {std::malloc(1), std::calloc(1, 1), std::aligned_alloc(64, 64), nullptr};
    int const error = posix_memalign(&results[3], 64, 64);
    guard.disarm();

    for (void* result : results)
        BOOST_TEST(result == nullptr);
    BOOST_TEST(error == ENOMEM);
    BOOST_TEST(guard.seen() == 4u);
}

BOOST_AUTO_TEST_CASE(counts_nothing_where_nothing_is_allocated)
{
    count_allocations count;
    counted value(1);
    counted copy = value;
    count.disarm();
    BOOST_TEST(count.seen() == 0u);
    BOOST_TEST(copy.value == 1);
}

BOOST_AUTO_TEST_CASE(asio_allocations_are_seen, *boost::unit_test::precondition(malloc_is_watched))
{
    boost::asio::io_context context;
    bool failed = false;
    fail_allocation guard(1);
    try
    {
        boost::asio::post(context, [] {});
    }
    catch (std::bad_alloc const&)
    {
        failed = true;
    }
    guard.disarm();
    BOOST_TEST(failed);
}

BOOST_AUTO_TEST_CASE(other_threads_fail_only_in_the_mode_of_the_whole_process)
{
    auto failed_elsewhere = [](watched who) {
        gate start;
        bool failed = false;
        std::thread thread([&] {
            start.wait();
            try
            {
                auto a = std::make_unique<counted>();
            }
            catch (std::bad_alloc const&)
            {
                failed = true;
            }
        });
        fail_allocation guard(1, who, failing::onward);
        start.open();
        thread.join();
        guard.disarm();
        return failed;
    };
    BOOST_TEST(!failed_elsewhere(watched::this_thread));
    BOOST_TEST(failed_elsewhere(watched::whole_process));
}

BOOST_AUTO_TEST_CASE(every_allocation_of_a_scenario_fails_once)
{
    tally_since<counted> change;
    auto const points = for_every_allocation([](auto&) {
        auto a = std::make_unique<counted>();
        std::vector<counted> b(3);
        auto c = std::make_shared<counted>();
    });
    BOOST_TEST(points == 3u);
    BOOST_TEST(change().live == 0);
}

BOOST_AUTO_TEST_CASE(kth_thread_creation_fails)
{
    std::size_t made = 0, refused = 0;
    auto const points = for_every_thread_creation([&](auto&) {
        for (int i = 0; i < 3; ++i)
            try
            {
                std::thread([] {}).join();
                ++made;
            }
            catch (std::system_error const& e)
            {
                refused += e.code() == std::errc::resource_unavailable_try_again ? 1 : 0;
            }
    });
    BOOST_TEST(points == 3u);
    BOOST_TEST(refused == 3u);
    BOOST_TEST(made == 9u);
}

BOOST_AUTO_TEST_CASE(thread_creation_fails_from_the_kth_on)
{
    std::size_t refused = 0;
    fail_thread_creation guard(2, failing::onward);
    for (int i = 0; i < 4; ++i)
        try
        {
            std::thread([] {}).join();
        }
        catch (std::system_error const&)
        {
            ++refused;
        }
    BOOST_TEST(refused == 3u);
    BOOST_TEST(guard.fired());
    BOOST_TEST(guard.seen() == 4u);
}

BOOST_AUTO_TEST_SUITE_END()
