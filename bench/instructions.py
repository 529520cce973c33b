# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

"""Instructions and allocations a call, counted by callgrind."""

import callgrind
import programs

COUNTED = {  # by program and scenario
    "submit": {"S1": ["asio_post", "cofu_post", "cofu_submit"]},
    "future": {"S2": ["asio_use_future", "asio_packaged_task", "cofu_submit"]},
    "tree": {"S3": ["asio_post", "cofu_submit"]},
    "bridge": {"S5/64": ["asio_post_back", "cofu_submit", "cofu_invoke"]},
    "fan_in": {
        "S6/1000": ["asio_parallel_group", "asio_channel", "cofu_as_completed", "cofu_async_next"]
    },
}
SIZES = (0.1, 0.3)


def count(folder, out, program, scenario, contender):
    """The difference between two runs of unlike size: what no call costs is in both."""
    runs = []
    for size in SIZES:
        file = out / f"callgrind.{scenario.replace('/', '_')}.{contender}.{size}"
        command = ["valgrind", "--quiet", "--tool=callgrind", "--fair-sched=yes",
                   f"--callgrind-out-file={file}", folder / f"bench.{program}",
                   f"--benchmark_filter=^{scenario}/{contender}/", f"--size={size}", "--patient"]
        calls = sum(run["calls"] for _, _, run in programs.run_rounds([command]))
        runs.append((calls, callgrind.read(file)))
    return {"scenario": scenario, "contender": contender, **callgrind.difference(*runs)}


def run(options, selected):
    rows = []
    for program, scenarios in COUNTED.items():
        for scenario, contenders in scenarios.items():
            if scenario.split("/")[0] in selected:
                for contender in contenders:
                    programs.progress(f"instructions: {scenario} {contender}")
                    rows.append(count(options.folder, options.out, program, scenario, contender))
    return {"rows": rows}


def table(rows):
    return (["scenario", "contender", "instructions a call", "allocations a call"],
            [[r["scenario"], r["contender"], f"{r['instructions']:.0f}",
              f"{abs(r['allocations']):.2f}"] for r in rows])


def sections(data):
    yield ("Instructions", *table(data["rows"]))
    for r in data["rows"]:
        yield (f"{r['scenario']} {r['contender']}, by function",
               ["instructions a call", "function"],
               [[f"{cost:.1f}", name] for name, cost in r["functions"]])


def notes(_):
    return []
