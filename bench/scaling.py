# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

"""From one worker to as many as the machine has processors."""

import os
import statistics

import comparison
import programs

# Program, scenario, what is measured, and whom the others are compared with.
SCENARIOS = [
    ("submit", "S1x4", "S1x4 submit, 4 producers", "asio_post"),
    ("future", "S2", "S2 submit + future, destroyed", "asio_use_future"),
    ("tree", "S3", "S3 nested tree", "asio_post"),
]
FEWEST_AT_THE_END = 32
WITHOUT_WORKERS = {"std_async"}


def worker_counts(processors):
    """Powers of two, and the number of processors."""
    most = max(FEWEST_AT_THE_END, processors)
    return sorted({1 << i for i in range(most.bit_length())} | {processors})


def rows_of(scenario, title, base, workers, contenders):
    for contender, values in contenders.items():
        if contender in WITHOUT_WORKERS:
            continue
        own = values["ns_per_call"]
        row = {"scenario": scenario, "title": title, "contender": contender, "workers": workers,
               "ns_per_call": statistics.median(own), "rounds": own}
        if contender != base:
            each = comparison.ratios(own, contenders[base]["ns_per_call"], True)
            row["ratio"] = statistics.median(each)
            row["quartile"] = comparison.quartile(each, lower=True)
        yield row


def run(options, selected):
    rows = []
    for program, scenario, title, base in SCENARIOS:
        if scenario not in selected:
            continue
        for workers in worker_counts(len(os.sched_getaffinity(0))):
            programs.progress(f"scaling: {scenario}, {workers} workers, {options.rounds} rounds")
            command = [options.folder / f"bench.{program}", f"--size={options.size}",
                       f"--workers={workers}"]
            found = programs.measure([command], [scenario], {"ns_per_call"}, "unpinned",
                                     options.rounds)
            rows += rows_of(scenario, title, base, workers, found[scenario])
    return {"rows": rows}


def sections(data):
    rows = data["rows"]
    for title in dict.fromkeys(r["title"] for r in rows):
        of_scenario = [r for r in rows if r["title"] == title]
        counts = sorted({r["workers"] for r in of_scenario})
        cells = {}
        for r in of_scenario:
            cell = f"{1e3 / r['ns_per_call']:.3g}"
            if "ratio" in r:
                cell += f", {r['ratio']:.2f}x ({r['quartile']:.2f}x)"
            cells[r["contender"], r["workers"]] = cell
        yield (f"{title}: million calls a second, ratio to asio (quartile)",
               ["contender", *(f"{n} worker{'s' * (n > 1)}" for n in counts)],
               [[c, *(cells[c, n] for n in counts)]
                for c in dict.fromkeys(r["contender"] for r in of_scenario)])


def notes(_):
    return []
