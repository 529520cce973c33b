// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "demo.hpp"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <stdexcept>
#include <vector>

#include "choice.hpp"
#include "crash_round.hpp"
#include "load.hpp"
#include "report.hpp"
#include "server_process.hpp"
#include "verify.hpp"

namespace package_server {
namespace {

struct scale {
    std::size_t connections, verified, rounds, crashes;
    std::chrono::milliseconds time;  // of each side in each round
    std::size_t max_requests;
};

struct measured {
    load_result with, without;
    crash_result crashes;
    std::vector<double> ping_ratios;  // p99 without / with cofu, a round each
};

[[noreturn]] void fail(std::string const& what) { throw std::runtime_error("FAILED: " + what); }

void require_none(std::string const& fault)
{
    if (!fault.empty())
        fail(fault);
}

load_result measure(load_plan plan, server_process const& server, char const* kind)
{
    plan.port = server.port();
    auto result = run_load(plan);
    if (result.wrong != 0)
        fail(std::to_string(result.wrong) + " wrong answers " + kind + "; " + result.first_wrong);
    return result;
}

// The two sides take turns, so that what else the machine does falls on both.
measured measure_both(load_plan plan, std::size_t rounds, server_process const& with,
                      server_process const& without)
{
    std::cout << "measuring with and without cofu in turn: " << rounds << " rounds of 2 x "
              << plan.time.count() << " ms, " << plan.connections << " connections" << std::flush;
    measured m;
    for (std::size_t i = 0; i != rounds; ++i) {
        plan.seed += i * plan.connections;
        auto const a = measure(plan, with, "with cofu");
        auto const b = measure(plan, without, "without cofu");
        m.ping_ratios.push_back(percentile(b, ping, 0.99) / percentile(a, ping, 0.99));
        m.with.add(a);
        m.without.add(b);
        std::cout << '.' << std::flush;
    }
    std::cout << std::endl;
    return m;
}

crash_result measure_crashes(load_plan plan, scale const& s, server_process const& with)
{
    std::cout << "crashing " << s.crashes << " calls in worker processes under the same load"
              << std::endl;
    plan.port = with.port();
    plan.time = std::max(plan.time, std::chrono::milliseconds(15 * s.crashes));
    auto result = crash_under_load(plan, s.crashes);
    require_none(result.fault);
    return result;
}

void verify(options const& o, std::uint16_t port, std::vector<package> const& chosen)
{
    auto const v = verify_packages(o, port, chosen);
    require_none(v.fault);
    require_none(verify_errors(port));
    require_none(verify_hang_up(port));
    std::cout << "verified " << v.packages << " packages: versions as dpkg-query says, "
              << v.digests << " digests as sha256sum says, " << v.missing << " files missing\n"
              << "verified bad requests, and that clients who hang up take back their calls"
              << std::endl;
}

measured run(options const& o, scale const& s)
{
    std::mt19937_64 random(o.seed);
    auto const installed = read_status_file(o.paths.status);
    auto const asked = choose(installed, 8 * 1024, 64, random);
    auto const verified = choose(installed, 32 * 1024, s.verified, random);
    if (asked.empty() || verified.empty())
        fail("no package is small enough to ask for");
    load_plan const plan{.connections = s.connections,
                         .time = s.time,
                         .max_requests = s.max_requests,
                         .seed = o.seed,
                         .asked = asked};
    std::cout << installed.size() << " packages in " << o.paths.status.string() << ", seed "
              << o.seed << std::endl;
    server_process with(o, false), without(o, true);
    // Verifying first also brings some files into the page cache, for both sides alike.
    verify(o, with.port(), verified);
    auto m = measure_both(plan, s.rounds, with, without);
    m.crashes = measure_crashes(plan, s, with);
    with.stop();
    without.stop();
    return m;
}

}  // namespace

int demo(options const& o)
{
    constexpr std::size_t rounds = 5;
    auto m = run(o, {o.connections, 20, rounds, 100,
                     std::chrono::milliseconds(std::chrono::seconds(o.seconds)) / rounds, 500'000});
    std::cout << '\n';
    print_table(std::cout, m.with, m.without);
    std::ranges::sort(m.ping_ratios);
    auto const ratio = m.ping_ratios[rounds / 2];
    if (!(ratio > 1))
        fail("the p99 of /ping is no worse without cofu (" + std::to_string(ratio)
             + " times as long, the median of " + std::to_string(rounds)
             + " rounds): is the machine busy with something else?");
    std::cout << std::fixed << std::setprecision(1) << '\n'
              << m.crashes.crashes << " requests to /crash got 502, each in "
              << m.crashes.answered_ms << " ms; of " << m.crashes.load.requests()
              << " others meanwhile 0 failed; a worker process answered again after "
              << m.crashes.recovered_ms << " ms (medians, under load)\n"
              << "\nOK: "
              << m.with.requests() + m.without.requests()
              << " answers, all right; the p99 of /ping is " << ratio
              << " times as long when handlers block (median of " << rounds << " rounds, "
              << m.ping_ratios.front() << " to " << m.ping_ratios.back() << ')' << std::endl;
    return 0;
}

int check(options const& o)
{
    auto const m = run(o, {8, 3, 1, 5, std::chrono::seconds(1), 2000});
    std::cout << "OK: " << m.with.requests() + m.without.requests() << " answers, all right"
              << std::endl;
    return 0;
}

}  // namespace package_server
