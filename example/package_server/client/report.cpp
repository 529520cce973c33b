// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <ostream>

namespace package_server {
namespace {

double per_second(std::size_t requests, load_result const& result)
{
    return static_cast<double>(requests) / std::chrono::duration<double>(result.elapsed).count();
}

void print_side(std::ostream& out, load_result const& result, endpoint about)
{
    out << " |" << std::setprecision(0) << std::setw(8)
        << per_second(result.latency[about].size(), result) << std::setprecision(2) << std::setw(11)
        << percentile(result, about, 0.50) << std::setw(11) << percentile(result, about, 0.99);
}

}  // namespace

double percentile(load_result const& result, endpoint about, double share)
{
    auto sorted = result.latency[about];
    if (sorted.empty())
        return 0;
    auto const rank =
        static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
    auto const place =
        sorted.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
    std::nth_element(sorted.begin(), place, sorted.end());
    return std::chrono::duration<double, std::milli>(*place).count();
}

void print_table(std::ostream& out, load_result const& with, load_result const& without)
{
    auto const flags = out.flags();
    auto const precision = out.precision();
    out << std::fixed << "           |          with cofu           |     without: handlers block\n"
        << "           |   req/s     p50 ms     p99 ms |   req/s     p50 ms     p99 ms\n"
        << "-----------+------------------------------+------------------------------\n";
    for (std::size_t i = 0; i != endpoint_count; ++i) {
        out << std::left << std::setw(11) << endpoint_names[i] << std::right;
        print_side(out, with, static_cast<endpoint>(i));
        print_side(out, without, static_cast<endpoint>(i));
        out << '\n';
    }
    out << std::setprecision(0) << "all        "
        << " |" << std::setw(8) << per_second(with.requests(), with) << std::string(22, ' ') << " |"
        << std::setw(8) << per_second(without.requests(), without) << '\n';
    out.flags(flags);
    out.precision(precision);
}

}  // namespace package_server
