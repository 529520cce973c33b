#!/usr/bin/env python3
# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

"""Runs the benchmark programs and compares cofu with its peers.

Contenders of a scenario take turns, round by round, in one process. A ratio is the median of the
ratios of each round; beside it stands the quartile on its worse side. Two regimes: pinned to one
processor (what the software costs), and unpinned (with wake-ups between processors).
"""

import argparse
import collections
import dataclasses
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

import callgrind

REGIMES = ("pinned", "unpinned")
NOTEWORTHY = 1.05  # a ratio on the wrong side of this is said to be slower


@dataclasses.dataclass
class Figure:
    """One figure of a scenario, and how it is compared."""

    scenario: str
    title: str
    unit: str
    base: str  # the contender that others are compared with
    counter: str = "ns_per_call"
    speed: bool = True  # the ratio is base/own, more is better; else own/base, less is better
    must: tuple = (None, None)  # the ratio for cofu, pinned and unpinned
    limit: float = None  # the figure itself for cofu, at most
    scale: float = 1


def of_fan_in(calls):
    return Figure(f"S6/{calls}", f"S6 fan-in, N = {calls:,}", "ns", "asio_parallel_group",
                  limit=120)


def of_bridge(coroutines, must):
    title = "1 coroutine" if coroutines == 1 else f"{coroutines} coroutines"
    return Figure(f"S5/{coroutines}", f"S5 io_context bridge, {title}", "ns", "asio_post_back",
                  must=must)


def of_naps(workers, by):
    return Figure(f"S8/{workers}_{by}", f"S8 naps, {workers} workers, {by}", "us", "asio_post",
                  speed=False, must=(1.05, 1.05), scale=1e-3)


def of_process(scenario, title, unit, counter="median_us", speed=False, **more):
    return Figure(scenario, title, unit, "cpython_executor", counter, speed, **more)


PROGRAMS = {
    "submit": [
        Figure("S1", "S1 submit, 1 producer", "ns", "asio_post", must=(5, 10)),
        Figure("S1x4", "S1x4 submit, 4 producers", "ns", "asio_post", must=(None, 2)),
    ],
    "future": [
        Figure("S2", "S2 submit + future, destroyed", "ns", "asio_use_future", must=(12, 20))
    ],
    "tree": [Figure("S3", "S3 nested tree", "ns", "asio_post", must=(4, 10))],
    "round_trip": [
        Figure("S4", "S4 round trip, median", "us", "asio_use_future", "median_us", speed=False,
               must=(0.9, None)),
        Figure("S4", "S4 round trip, mean", "us", "asio_use_future", "mean_us", speed=False,
               must=(None, 0.15)),
        Figure("S4", "S4 round trip, p99", "us", "asio_use_future", "p99_us", speed=False),
    ],
    "bridge": [of_bridge(1, (1.3, 2.5)), of_bridge(64, (4, 2))],
    "fan_in": [of_fan_in(n) for n in (100, 1_000, 10_000, 100_000)],
    "idle": [
        Figure("S7", "S7 idle, processor", "%", "asio_post", "idle_cpu_percent", speed=False,
               limit=0.05),
        Figure("S7", "S7 idle, memory of 64", "KiB", "asio_post", "kib_of_64", speed=False,
               must=(1, 1)),
    ],
    "process": [
        of_process("P1", "P1 a call there and back, in an io_context", "us", limit=12),
        of_process("P2", "P2 the same from a thread", "us", limit=20),
        of_process("P3", "P3 a call of many", "ns", "ns_per_call", True, limit=5_000),
        of_process("P3x100", "P3 a call of many, chunks of 100", "ns", "ns_per_call", True,
                   limit=333),
        of_process("P4", "P4 a worker's death noticed", "us", limit=200),
        of_process("P5", "P5 a worker more", "us", limit=300),
        of_process("P5at1GiB", "P5 a worker more, 1 GiB of parent", "us", limit=300),
        of_process("P5first", "P5 a pool's first worker", "us"),
        of_process("P6", "P6 an argument of 64 MiB", "ns", "ns_per_call", True),
    ],
    "work_conservation": [of_naps(w, by) for by in ("flat", "nested") for w in (2, 8, 32)],
}

# Programs that measure the same of others; they take turns with ours, round by round.
PEERS = {"process": ["python3", pathlib.Path(__file__).parent / "process_peers.py"]}

# Whose instructions are counted, by program and scenario.
COUNTED = {
    "submit": {"S1": ["asio_post", "cofu_post", "cofu_submit"]},
    "future": {"S2": ["asio_use_future", "asio_packaged_task", "cofu_submit"]},
    "bridge": {"S5/64": ["asio_post_back", "cofu_submit", "cofu_invoke"]},
    "fan_in": {
        "S6/1000": ["asio_parallel_group", "asio_channel", "cofu_as_completed", "cofu_async_next"]
    },
}
COUNTED_SIZES = (0.1, 0.3)


def fail(text):
    sys.exit(f"bench/run.py: {text}")


def pinned_processor():
    """The second processor: the first serves most interrupts."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[min(1, len(allowed) - 1)]


def benchmark(command, regime="unpinned"):
    """The benchmarks of one run, in order: (scenario, contender, counters)."""
    def pin():
        if regime == "pinned":
            os.sched_setaffinity(0, {pinned_processor()})

    try:
        done = subprocess.run([*map(str, command), "--benchmark_format=json"], preexec_fn=pin,
                              capture_output=True, text=True, timeout=1800, check=False)
    except FileNotFoundError:
        fail(f"{command[0]} is missing; build with -DCOFU_BUILD_BENCH=ON")
    if done.returncode != 0:
        fail(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stderr}")
    for run in json.loads(done.stdout)["benchmarks"]:
        scenario, contender = run["name"].split("/iterations:")[0].rsplit("/", 1)
        if run.get("error_occurred"):
            fail(f"{scenario}/{contender}: {run['error_message']}")
        yield scenario, contender, run


def measure(folder, program, regime, options):
    """{scenario: {contender: {counter: [a figure for each round]}}}; a first round warms up."""
    commands = [[folder / f"bench.{program}", f"--size={options.size}"]]
    if program in PEERS:
        commands.append([*PEERS[program], f"--size={options.size}"])
        commands *= options.rounds + 1
    else:
        commands[0].append(f"--rounds={options.rounds + 1}")
    found = collections.defaultdict(
        lambda: collections.defaultdict(lambda: collections.defaultdict(list)))
    counters = {f.counter for f in PROGRAMS[program]} | {"ns_per_call", "cpu_ns_per_call"}
    for command in commands:
        for scenario, contender, run in benchmark(command, regime):
            for counter in counters & run.keys():
                found[scenario][contender][counter].append(run[counter])
    for contenders in found.values():
        for values in contenders.values():
            for counter in values:
                del values[counter][0]
    return found


def quartile(values, lower):
    if len(values) < 2:
        return values[0]
    return statistics.quantiles(values, n=4, method="inclusive")[0 if lower else 2]


def ratios(own, base, speed):
    pairs = [(b, o) if speed else (o, b) for o, b in zip(own, base)]
    return [a / b for a, b in pairs if b > 0]


def compare(figure, regime, contenders):
    """A row for each contender."""
    base = contenders[figure.base]
    for contender, values in contenders.items():
        own = [v * figure.scale for v in values[figure.counter]]
        row = {"title": figure.title, "scenario": figure.scenario, "contender": contender,
               "regime": regime, "unit": figure.unit, "median": statistics.median(own),
               "more_is_better": figure.speed}
        each = ratios(values[figure.counter], base[figure.counter], figure.speed)
        if each and contender != figure.base:
            row["ratio"] = statistics.median(each)
            row["quartile"] = quartile(each, lower=figure.speed)
            row["slower"] = (1 / row["ratio"] if figure.speed else row["ratio"]) > NOTEWORTHY
            if figure.counter == "ns_per_call":
                cpu = ratios(values["cpu_ns_per_call"], base["cpu_ns_per_call"], figure.speed)
                row["cpu_ratio"] = statistics.median(cpu) if cpu else None
        must = figure.must[REGIMES.index(regime)]
        if contender.startswith("cofu"):
            if must is not None and "ratio" in row:
                row["must"] = f"{must:g}x"
                row["met"] = row["quartile"] >= must if figure.speed else row["quartile"] <= must
            if figure.limit is not None:
                row["must"] = f"{figure.limit:g} {figure.unit}"
                row["met"] = quartile(own, lower=False) <= figure.limit
        yield row


def cells(row):
    def number(name, form):
        return form.format(row[name]) if row.get(name) is not None else ""

    ratio = number("ratio", "{:.2f}x")
    if ratio:
        ratio += number("quartile", " ({:.2f}x)")
    verdict = {True: "met", False: "no", None: ""}[row.get("met")]
    return [row["title"], row["contender"], f"{row['median']:.4g} {row['unit']}", ratio,
            number("cpu_ratio", "{:.2f}x"), row.get("must", ""), verdict]


HEAD = ["scenario", "contender", "median", "ratio (quartile)", "cpu ratio", "must", ""]


def text_table(head, lines):
    widths = [max(len(line[i]) for line in [head, *lines]) for i in range(len(head))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(line, widths)).rstrip()
                     for line in [head, ["-" * w for w in widths], *lines])


def markdown_table(head, lines):
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, ["---"] * len(head), *lines])


def growth(rows, regime):
    """What a future costs among 100,000 against one among 1,000."""
    cost = {(r["scenario"], r["contender"]): r["median"] for r in rows if r["regime"] == regime}
    for (scenario, contender), many in cost.items():
        if scenario == "S6/100000" and contender.startswith("cofu"):
            factor = many / cost["S6/1000", contender]
            yield (f"S6 {contender}, {regime}: a future among 100,000 costs {factor:.2f}x of one "
                   f"among 1,000 (must: at most 2x)")


def count_instructions(folder, out, selected):
    """Instructions and allocations a call: the difference between two runs of unlike size."""
    for program, scenarios in COUNTED.items():
        for scenario, contenders in scenarios.items():
            if scenario.split("/")[0] not in selected:
                continue
            for contender in contenders:
                progress(f"instructions {scenario} {contender}")
                runs = []
                for size in COUNTED_SIZES:
                    file = out / f"callgrind.{scenario.replace('/', '_')}.{contender}.{size}"
                    command = ["valgrind", "--quiet", "--tool=callgrind", "--fair-sched=yes",
                               f"--callgrind-out-file={file}", folder / f"bench.{program}",
                               f"--benchmark_filter=^{scenario}/{contender}/", f"--size={size}",
                               "--patient"]
                    calls = sum(run["calls"] for _, _, run in benchmark(command))
                    runs.append((calls, callgrind.read(file)))
                yield {"scenario": scenario, "contender": contender,
                       **callgrind.difference(*runs)}


def machine():
    model = platform.processor()
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
    except OSError:
        pass
    try:
        commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True,
                                text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        commit = "none"
    return {"processor": model, "processors": len(os.sched_getaffinity(0)),
            "system": platform.release(), "commit": commit, "load": os.getloadavg()[0]}


def progress(text):
    print(f"  {text} ...", file=sys.stderr, flush=True)


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=pathlib.Path, help="where the bench.* programs are")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--size", type=float, default=1, help="factor for the numbers of calls")
    parser.add_argument("--only", default="", help="scenarios, as S1,S2; else all")
    parser.add_argument("--regime", choices=[*REGIMES, "both"], default="both")
    parser.add_argument("--instructions", action="store_true",
                        help="count instructions of S1, S2, S5 and S6 by callgrind instead")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("build/bench"),
                        help="folder for results.md and results.json, or instructions.*")
    options = parser.parse_args()
    if options.rounds < 1 or options.size <= 0:
        parser.error("--rounds and --size must be positive")
    return options


def times(options, selected):
    regimes = REGIMES if options.regime == "both" else (options.regime,)
    measured = {}
    rows = []
    notes = []
    for regime in regimes:
        measured[regime] = {}
        for program, figures in PROGRAMS.items():
            figures = [f for f in figures if f.scenario.split("/")[0] in selected]
            if not figures:
                continue
            progress(f"{regime}: {program}, {options.rounds} rounds")
            found = measure(options.folder, program, regime, options)
            measured[regime].update(found)
            for figure in figures:
                rows += compare(figure, regime, found[figure.scenario])
        notes += growth(rows, regime)
    sections = [(regime, HEAD, [cells(r) for r in rows if r["regime"] == regime])
                for regime in regimes]
    slower = [f"slower than asio, {r['regime']}: {r['title']}, {r['contender']} "
              f"{r['ratio']:.2f}x" for r in rows
              if r["contender"].startswith("cofu") and r.get("slower")]
    return sections, notes + slower, {"rows": rows, "rounds": measured}


def instructions(options, selected):
    rows = list(count_instructions(options.folder, options.out, selected))
    sections = [("instructions",
                 ["scenario", "contender", "instructions a call", "allocations a call"],
                 [[r["scenario"], r["contender"], f"{r['instructions']:.0f}",
                   f"{r['allocations']:.2f}"] for r in rows])]
    for r in rows:
        sections.append((f"{r['scenario']} {r['contender']}, by function",
                         ["instructions a call", "function"],
                         [[f"{cost:.1f}", name] for name, cost in r["functions"]]))
    return sections, [], {"rows": rows}


def main():
    options = parse_options()
    options.out.mkdir(parents=True, exist_ok=True)
    known = [f.scenario.split("/")[0] for figures in PROGRAMS.values() for f in figures]
    selected = options.only.split(",") if options.only else known
    if unknown := sorted(set(selected) - set(known)):
        fail(f"no scenario {unknown[0]}; there are {', '.join(dict.fromkeys(known))}")

    where = machine()
    run, name = (instructions, "instructions") if options.instructions else (times, "results")
    sections, notes, data = run(options, selected)
    place = (f"{where['processor']}, {where['processors']} processors, commit {where['commit']}, "
             f"load {where['load']:.1f} before, {os.getloadavg()[0]:.1f} after")
    if not options.instructions:
        place += f", {options.rounds} rounds"
    for title, head, lines in sections:
        print(f"\n{title}\n{text_table(head, lines)}")
    print("", place, *notes, sep="\n")

    parts = [f"# {name}", place, *(f"## {title}\n\n{markdown_table(head, lines)}"
                                   for title, head, lines in sections)]
    if notes:
        parts.append("\n".join(f"- {note}" for note in notes))
    (options.out / f"{name}.md").write_text("\n\n".join(parts) + "\n")
    (options.out / f"{name}.json").write_text(
        json.dumps({"machine": where, "options": {"rounds": options.rounds, "size": options.size},
                    **data}, indent=1) + "\n")
    print(f"written: {options.out / name}.md, .json")


if __name__ == "__main__":
    main()
