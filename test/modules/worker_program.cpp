// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Workers that run another executable than the program.

#include "modules/calls.hpp"

#include "contract/pool_kinds.hpp"

#include <cofu/error.hpp>
#include <cofu/process_pool_executor.hpp>

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>

using namespace cofu::test;
namespace fs = std::filesystem;

namespace {

fs::path const worker = WORKER_PROGRAM;

int own_function(int n)
{
    return n;
}

cofu::process_pool_options with_program(std::string const& program)
{
    auto options = process_pool_kind::workers(1);
    options.worker_program = program;
    return options;
}

template <class Future>
std::string failure_of(Future const& f)
{
    try {
        f.result();
    } catch (cofu::broken_process_pool const& e) {
        try {
            std::rethrow_if_nested(e);
        } catch (std::exception const& cause) {
            return std::string("broken: ") + cause.what();
        }
        return "broken";
    } catch (cofu::transport_error const& e) {
        return std::string("transport: ") + e.what();
    }
    return "none";
}

bool holds(std::string const& text, char const* part)
{
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_09_functions_of_libraries_run_in_another_program, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(with_program(worker.string()));

    BOOST_TEST(pool.submit(&twice_in_library, 21).result() == 42);
    BOOST_TEST(pool.submit(&length_of_program_name, 0).result()
               == static_cast<int>(worker.filename().string().size()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_09_functions_of_the_program_itself_are_refused, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(with_program(worker.string()));

    auto const own = failure_of(pool.submit(&own_function, 1));
    auto const lambda = failure_of(pool.submit([] { return 1; }));

    BOOST_TEST(holds(own, "transport: "), own);
    BOOST_TEST(holds(own, "is not in the worker's program"), own);
    BOOST_TEST(holds(lambda, "is not in the worker's program"), lambda);
    BOOST_TEST(pool.submit(&twice_in_library, 4).result() == 8);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_04_an_exception_there_has_its_stack, Kind, process_pool_kinds)
{
    typename Kind::pool pool(with_program(worker.string()));
    auto const f = pool.submit(&twice_in_library, -1);

    try {
        f.result();
        BOOST_TEST(false, "nothing was thrown");
    } catch (std::out_of_range const& e) {
        auto const& trace = cofu::origin_of(e)->trace();
        BOOST_TEST(trace.starts_with("#0 twice_in_library(int)+0x"), trace);
        BOOST_TEST(holds(trace, "libcofu_test_calls.so+0x"), trace);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_09_both_kinds_of_workers_side_by_side, Kind, process_pool_kinds)
{
    typename Kind::pool other(with_program(worker.string())), own(Kind::workers(1));

    BOOST_TEST(other.submit(&twice_in_library, 1).result() == 2);
    BOOST_TEST(own.submit(&own_function, 3).result() == 3);
    BOOST_TEST(own.submit(&twice_in_library, 2).result() == 4);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_09_a_relative_path_is_of_the_folder_then, Kind, process_pool_kinds)
{
    auto const here = fs::current_path();
    fs::current_path(worker.parent_path());
    typename Kind::pool pool(with_program("./" + worker.filename().string()));
    fs::current_path("/");

    BOOST_TEST(pool.submit(&twice_in_library, 5).result() == 10);
    fs::current_path(here);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(PPE_09_a_program_that_is_no_worker_breaks_the_pool, Kind,
                              process_pool_kinds)
{
    typename Kind::pool pool(with_program("/bin/true"));

    auto const failure = failure_of(pool.submit(&twice_in_library, 5));

    BOOST_TEST(holds(failure, "broken: "), failure);
    BOOST_TEST(holds(failure, "worker_main"), failure);
}

BOOST_AUTO_TEST_CASE(PPE_09_what_can_not_be_run_is_refused)
{
    auto const refusal_of = [](std::string const& path) -> std::string {
        try {
            cofu::process_pool_executor pool(with_program(path));
        } catch (std::invalid_argument const& e) {
            return e.what();
        }
        return "none";
    };

    BOOST_TEST(holds(refusal_of("/no/such/program"), "worker_program '/no/such/program'"));
    BOOST_TEST(holds(refusal_of("/no/such/program"), "No such file"));
    BOOST_TEST(holds(refusal_of("/tmp"), "can't be run"));
    BOOST_TEST(holds(refusal_of("/etc/passwd"), "Permission denied"));
}
