// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "case_guards.hpp"

#include "scale.hpp"

#include <boost/make_shared.hpp>
#include <boost/test/framework.hpp>
#include <boost/test/results_collector.hpp>
#include <boost/test/tree/fixture.hpp>
#include <boost/test/tree/traverse.hpp>
#include <boost/test/tree/visitor.hpp>
#include <boost/test/unit_test.hpp>

#include <iostream>
#include <optional>

namespace cofu::test {
namespace {

namespace ut = boost::unit_test;

std::optional<leak_guard> current;

void print_seed_of_failed(ut::test_unit_id id)
{
    if (ut::results_collector.results(id).p_assertions_failed != 0u)
        std::cerr << "to repeat this case: COFU_TEST_SEED=" << seed() << std::endl;
}

/// The outermost fixture of each case.
class guarded_case : public ut::test_unit_fixture
{
public:
    guarded_case(ut::test_unit const& unit, watchdog& dog) : unit_(unit), dog_(dog) {}

private:
    void setup() override
    {
        if (auto const limit = time_limit::of(unit_))
            dog_.arm(unit_.full_name(), *limit);
        current.emplace();
    }

    void teardown() override
    {
        dog_.disarm();
        auto const text = current->left_over();
        current.reset();
        if (!text.empty())
            BOOST_ERROR(unit_.full_name() << " " << text);
        print_seed_of_failed(unit_.p_id);
    }

    ut::test_unit const& unit_;
    watchdog& dog_;
};

class installer : public ut::test_tree_visitor
{
public:
    explicit installer(watchdog& dog) : dog_(dog) {}

    void visit(ut::test_case const& const_unit) override
    {
        auto& unit = ut::framework::get<ut::test_case>(const_unit.p_id);
        auto& fixtures = unit.p_fixtures.value;
        fixtures.insert(fixtures.begin(), boost::make_shared<guarded_case>(unit, dog_));
    }

private:
    watchdog& dog_;
};

} // namespace

case_guards::case_guards()
{
    // ThreadSanitizer starts a thread of its own together with the first one of the program: the
    // watchdog is there already, before any case.
    installer visitor(watchdog_);
    ut::traverse_test_tree(ut::framework::master_test_suite(), visitor, true);
    BOOST_TEST_MESSAGE("COFU_TEST_SEED=" << seed());
}

leak_guard* case_guards::current_leak_guard() noexcept
{
    return current ? &*current : nullptr;
}

} // namespace cofu::test
