// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The main function of every test program.
#define BOOST_TEST_MODULE cofu
#include <boost/test/unit_test.hpp>

#include "case_guards.hpp"

using cofu::test::case_guards;
BOOST_TEST_GLOBAL_CONFIGURATION(case_guards);
