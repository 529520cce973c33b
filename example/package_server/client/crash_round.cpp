// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "crash_round.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include "http_get.hpp"

namespace package_server {
namespace {

using clock = std::chrono::steady_clock;

double since(clock::time_point begin)
{
    return std::chrono::duration<double, std::milli>(clock::now() - begin).count();
}

double median(std::vector<double>& times)
{
    std::ranges::sort(times);
    return times.empty() ? 0 : times[times.size() / 2];
}

}  // namespace

crash_result crash_under_load(load_plan plan, std::size_t times)
{
    crash_result result;
    std::vector<double> answered, recovered;
    auto const crash = [&] {
        for (std::size_t i = 0; i != times && result.fault.empty(); ++i) {
            auto const begin = clock::now();
            auto const answer = http_get(plan.port, "/crash");
            answered.push_back(since(begin));
            if (answer.status != 502 || answer.body.find("SIGSEGV") == std::string::npos)
                result.fault = "/crash: status " + std::to_string(answer.status) + ", "
                               + answer.body;
            auto const end = clock::now();
            if (auto const next = http_get(plan.port, "/worker"); next.status != 200)
                result.fault = "/worker after a crash: status " + std::to_string(next.status);
            recovered.push_back(since(end));
            ++result.crashes;
        }
    };
    std::exception_ptr failed;
    std::jthread crashing([&] {
        try {
            crash();
        } catch (...) {
            failed = std::current_exception();
        }
    });
    result.load = run_load(plan);
    crashing.join();
    if (failed)
        std::rethrow_exception(failed);
    if (result.fault.empty() && result.load.wrong != 0)
        result.fault = std::to_string(result.load.wrong) + " other requests failed; "
                       + result.load.first_wrong;
    result.answered_ms = median(answered);
    result.recovered_ms = median(recovered);
    return result;
}

}  // namespace package_server
