// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "demo.hpp"

#include <cmath>
#include <iostream>
#include <stdexcept>

#include "choice.hpp"
#include "load.hpp"
#include "report.hpp"
#include "server_process.hpp"
#include "verify.hpp"

namespace package_server {
namespace {

struct scale {
    std::size_t connections, verified;
    std::chrono::seconds time;
    std::size_t max_requests;
};

struct measured {
    load_result with, without;
};

[[noreturn]] void fail(std::string const& what) { throw std::runtime_error("FAILED: " + what); }

void require_none(std::string const& fault)
{
    if (!fault.empty())
        fail(fault);
}

load_result measure(load_plan plan, std::uint16_t port, char const* kind)
{
    std::cout << "measuring " << kind << ": " << plan.connections << " connections, "
              << plan.time.count() << " s ..." << std::endl;
    plan.port = port;
    auto result = run_load(plan);
    if (result.wrong != 0)
        fail(std::to_string(result.wrong) + " wrong answers " + kind + "; " + result.first_wrong);
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
    measured m;
    {
        server_process server(o, false);
        // Verifying first also brings some files into the page cache, for both sides alike.
        verify(o, server.port(), verified);
        m.with = measure(plan, server.port(), "with cofu");
        server.stop();
    }
    {
        server_process server(o, true);
        m.without = measure(plan, server.port(), "without cofu");
        server.stop();
    }
    return m;
}

}  // namespace

int demo(options const& o)
{
    auto const m = run(o, {o.connections, 20, std::chrono::seconds(o.seconds), 500'000});
    std::cout << '\n';
    print_table(std::cout, m.with, m.without);
    auto const with = percentile(m.with, ping, 0.99), without = percentile(m.without, ping, 0.99);
    if (!(without > with))
        fail("the p99 of /ping is no better with cofu (" + std::to_string(with)
             + " ms) than without (" + std::to_string(without)
             + " ms): is the machine busy with something else?");
    std::cout << "\nOK: " << m.with.requests() + m.without.requests()
              << " answers, all right; the p99 of /ping is " << std::round(10 * without / with) / 10
              << " times as long when handlers block" << std::endl;
    return 0;
}

int check(options const& o)
{
    auto const m = run(o, {8, 3, std::chrono::seconds(1), 2000});
    std::cout << "OK: " << m.with.requests() + m.without.requests() << " answers, all right"
              << std::endl;
    return 0;
}

}  // namespace package_server
