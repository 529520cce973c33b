# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

"""Times, and their ratios to the peers'."""

import itertools
import os
import statistics
import sys

import comparison
import programs
import scenarios
from programs import REGIMES

NOTEWORTHY = 1.05  # a ratio on the wrong side of this is said to be slower


def demands(figure, regime):
    """(name, ratio or None, figure itself or None)"""
    index = REGIMES.index(regime)
    yield "must", figure.must[index], figure.limit[index]
    yield "goal", figure.goal[index], figure.aim[index]


def compare(figure, regime, contenders):
    """A row for each contender."""
    base = contenders[figure.base]
    for contender, values in contenders.items():
        if figure.counter not in values:
            continue
        own = [v * figure.scale for v in values[figure.counter]]
        median_of_base = statistics.median(base[figure.counter]) * figure.scale
        row = {"title": figure.title, "scenario": figure.scenario, "workers": figure.workers,
               "contender": contender, "base": figure.base, "regime": regime, "unit": figure.unit,
               "median": statistics.median(own), "more_is_better": figure.speed}
        each = comparison.ratios(values[figure.counter], base[figure.counter], figure.speed)
        if each and contender != figure.base:
            row["ratio"] = statistics.median(each)
            row["quartile"] = comparison.quartile(each, lower=figure.speed)
            row["slower"] = (1 / row["ratio"] if figure.speed else row["ratio"]) > NOTEWORTHY
            if figure.counter == "ns_per_call":
                cpu = comparison.ratios(values["cpu_ns_per_call"], base["cpu_ns_per_call"],
                                        figure.speed)
                row["cpu_ratio"] = statistics.median(cpu) if cpu else None
        if scenarios.has_demands(figure, contender):
            for name, ratio, figure_itself in demands(figure, regime):
                if ratio is not None and "ratio" in row:
                    row[name] = f"{ratio:g}x"
                    row[f"{name}_at"] = median_of_base * (1 / ratio if figure.speed else ratio)
                    row[f"{name}_met"] = comparison.reaches(row["quartile"], ratio, figure.speed)
                if figure_itself is not None:
                    row[name] = f"{figure_itself:g} {figure.unit}"
                    row[f"{name}_at"] = figure_itself
                    row[f"{name}_met"] = comparison.quartile(own, lower=False) <= figure_itself
        yield row


def commands(options, program, workers):
    arguments = [f"--size={options.size}", *([f"--workers={workers}"] if workers else [])]
    yield [options.folder / f"bench.{program}", *arguments]
    if program in scenarios.PEERS:
        yield [sys.executable, scenarios.PEERS[program], *arguments]


def line_ns(options):
    """How long a cache line takes there and back at this moment; nothing on one processor."""
    if len(os.sched_getaffinity(0)) == 1:
        return []
    found = programs.measure([[options.folder / "bench.cache_line"]], ["line"], {"ns_per_call"},
                             "unpinned", 3)
    return [statistics.median(found["line"]["machine"]["ns_per_call"])]


def run(options, selected):
    rows = []
    rounds = []
    lines = []
    for regime in REGIMES if options.regime == "both" else (options.regime,):
        for program, figures in scenarios.PROGRAMS.items():
            figures = [f for f in figures if f.group in selected]
            for workers, group in itertools.groupby(sorted(figures, key=lambda f: f.workers or 0),
                                                    lambda f: f.workers):
                group = list(group)
                programs.progress(f"{regime}: {program}, {options.rounds} rounds"
                                  + (f", {workers} workers" if workers else ""))
                names = dict.fromkeys(f.scenario for f in group)
                counters = {f.counter for f in group} | {"ns_per_call", "cpu_ns_per_call"}
                found = programs.measure(list(commands(options, program, workers)), names,
                                         counters, regime, options.rounds)
                rounds.append({"regime": regime, "workers": workers, "scenarios": found})
                if regime == "unpinned":
                    lines += line_ns(options)
                for figure in group:
                    rows += compare(figure, regime, found[figure.scenario])
    return {"rows": rows, "rounds": rounds, "line_ns": lines}


def ratio_of(row):
    if row.get("ratio") is None:
        return ""
    return f"{row['ratio']:.2f}x ({row['quartile']:.2f}x)"


def figure_of(row):
    return f"{row['median']:.4g} {row['unit']}"


def verdict_of(row, name):
    return {True: "met", False: "no", None: ""}[row.get(f"{name}_met")]


HEAD = ["scenario", "contender", "median", "ratio (quartile)", "cpu ratio", "must", "", "goal", ""]


def cells(row):
    cpu = f"{row['cpu_ratio']:.2f}x" if row.get("cpu_ratio") is not None else ""
    return [row["title"], row["contender"], figure_of(row), ratio_of(row), cpu,
            row.get("must", ""), verdict_of(row, "must"),
            row.get("goal", ""), verdict_of(row, "goal")]


def sections(data):
    for regime in REGIMES:
        if lines := [cells(r) for r in data["rows"] if r["regime"] == regime]:
            yield regime, HEAD, lines


def growth(rows):
    """What a future costs among 100,000 against one among 1,000."""
    cost = {(r["regime"], r["scenario"], r["contender"]): r["median"] for r in rows}
    for (regime, scenario, contender), many in cost.items():
        if scenario == "S6/100000" and contender.startswith("cofu"):
            factor = many / cost[regime, "S6/1000", contender]
            yield (f"S6 {contender}, {regime}: a future among 100,000 costs {factor:.2f}x of one "
                   f"among 1,000 (must: at most 2x)")


def missing_peers(rows):
    contenders = {r["contender"].split("_")[0] for r in rows if r["scenario"] == "S1"}
    if contenders and "tbb" not in contenders:
        yield "oneTBB is left out: the programs were built without it (Debian: libtbb-dev)"


def notes(data):
    rows = data["rows"]
    yield from missing_peers(rows)
    yield from growth(rows)
    for r in rows:
        if r["contender"].startswith("cofu") and r.get("slower"):
            yield (f"slower than {r['base']}, {r['regime']}: {r['title']}, {r['contender']} "
                   f"{r['ratio']:.2f}x")
