// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The main function of every benchmark program. Beside those of google-benchmark it has the options
// --rounds=N, --size=FACTOR, --workers=N, --patient and --turns: a round begins when a line comes from
// the standard input, and its end is told on the standard error output, so that programs take turns.

#include "contender.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

namespace {

struct entry {
    std::string name;
    std::function<outcome()> run;
};

std::vector<entry>& entries()
{
    static std::vector<entry> all;
    return all;
}

settings& chosen() noexcept
{
    static settings s;
    return s;
}

class turns {
public:
    void take() { taken_ = true; }

    void begin(std::size_t round)
    {
        if (!taken_ || round == round_)
            return;
        if (round_ != 0)
            end();
        round_ = round;
        std::string line;
        std::getline(std::cin, line);
    }
    void end() const
    {
        if (taken_)
            std::cerr << "round done" << std::endl;
    }

private:
    bool taken_ = false;
    std::size_t round_ = 0;  // counted from 1
};

turns& turn() noexcept
{
    static turns t;
    return t;
}

void measure(benchmark::State& state, std::size_t round, std::function<outcome()> const& run)
{
    turn().begin(round);
    for (auto _ : state) {
        try {
            auto result = run();
            state.SetIterationTime(result.seconds);
            state.counters = std::move(result.more);
            auto const calls = static_cast<double>(result.calls);
            state.counters["ns_per_call"] = result.seconds * 1e9 / calls;
            state.counters["cpu_ns_per_call"] = result.cpu_seconds * 1e9 / calls;
            state.counters["calls"] = calls;
        } catch (std::exception const& e) {
            state.SkipWithError(e.what());
            break;
        }
    }
}

bool take_option(std::string_view argument)
{
    auto const value_of = [argument](std::string_view name) {
        return argument.starts_with(name) ? argument.data() + name.size() : nullptr;
    };
    auto& s = chosen();
    if (auto const* rounds = value_of("--rounds="))
        s.rounds = std::strtoul(rounds, nullptr, 10);
    else if (auto const* size = value_of("--size="))
        s.size = std::strtod(size, nullptr);
    else if (auto const* workers = value_of("--workers="))
        s.workers = std::max(1ul, std::strtoul(workers, nullptr, 10));
    else if (argument == "--patient")
        s.patient = true;
    else if (argument == "--turns")
        turn().take();
    else
        return false;
    return true;
}

// Round by round; in each round the next contender begins, so that none is always the first.
void register_all()
{
    auto& all = entries();
    for (std::size_t round = 1; round <= chosen().rounds; ++round) {
        for (auto const& e : all)
            benchmark::RegisterBenchmark(e.name.c_str(), measure, round, e.run)
                ->UseManualTime()
                ->Iterations(1);
        std::rotate(all.begin(), all.begin() + 1, all.end());
    }
}

}  // namespace

settings const& options() noexcept { return chosen(); }

std::size_t scaled(std::size_t calls) noexcept
{
    return std::max<std::size_t>(
        1, static_cast<std::size_t>(static_cast<double>(calls) * options().size));
}

contender::contender(std::string name, std::function<outcome()> run)
{
    entries().push_back({std::move(name), std::move(run)});
}

}  // namespace bench

int main(int argc, char** argv)
{
    argc = static_cast<int>(std::remove_if(argv + 1, argv + argc, bench::take_option) - argv);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return EXIT_FAILURE;
    bench::register_all();
    benchmark::RunSpecifiedBenchmarks();
    bench::turn().end();
    benchmark::Shutdown();
}
