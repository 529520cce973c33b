#!/usr/bin/env python3
# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

"""Runs the benchmark programs and compares cofu with its peers.

Contenders of a scenario take turns, round by round. A ratio is the median of the ratios of each
round; beside it stands the quartile on its worse side. Two regimes: pinned to one processor (what
the software costs), and unpinned (with wake-ups between processors). The programs need not lie
where they were built: run.py, the modules beside it and a folder with the programs suffice.
"""

import argparse
import json
import os
import pathlib
import platform
import subprocess
import time

import document
import instructions
import scaling
import scenarios
import tables
import times
from programs import REGIMES, fail

MODES = {"results": times, "instructions": instructions, "scaling": scaling}
ROUNDS = {"results": 11, "scaling": 5}


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
            "system": platform.release(), "commit": commit}


class OtherPrograms:
    """The part of all processor time that others took from now on."""

    def __init__(self):
        self.started = time.monotonic()
        self.before = self.taken()

    @staticmethod
    def taken():
        with open("/proc/stat", encoding="ascii") as stat:
            user, nice, system, _, _, irq, softirq, steal = map(int, stat.readline().split()[1:9])
        all_programs = (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")
        return all_programs - sum(os.times()[:4])

    def share(self):
        there_was = (time.monotonic() - self.started) * os.cpu_count()
        return max(0, (self.taken() - self.before) / there_was)


def place(where, rounds):
    return (f"{where['processor']}, {where['processors']} processors, commit {where['commit']}, "
            f"{rounds} round{'s' * (rounds > 1)}, "
            f"other programs took {where['others']:.0%} of the processors")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=pathlib.Path, nargs="?",
                        help="where the bench.* programs are")
    parser.add_argument("--rounds", type=int, help="else 11, and 5 for --scaling")
    parser.add_argument("--size", type=float, default=1, help="factor for the numbers of calls")
    parser.add_argument("--only", default="", help="scenarios, as S1,S2; else all but S1v")
    parser.add_argument("--regime", choices=[*REGIMES, "both"], default="both")
    parser.add_argument("--instructions", action="store_true",
                        help="count instructions of S1, S2, S5 and S6 by callgrind instead")
    parser.add_argument("--scaling", action="store_true",
                        help="S1x4, S2 and S3 with 1, 2, 4 ... workers instead")
    parser.add_argument("--full", action="store_true",
                        help="all scenarios with S1v, then the instructions, then the scaling")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("build/bench"),
                        help="folder for {results,instructions,scaling}.{md,json}")
    parser.add_argument("--json", type=pathlib.Path, help="the JSON there instead")
    parser.add_argument("--doc", type=pathlib.Path, metavar="NAME",
                        help="write the page NAME.md with plots in NAME/; else OUT/benchmarks")
    parser.add_argument("--from", dest="files", type=pathlib.Path, nargs="+", metavar="JSON",
                        help="measure nothing, write the page from these")
    options = parser.parse_args()
    if bool(options.folder) == bool(options.files):
        parser.error("either a folder with programs, or --from with what was measured")
    if (options.rounds is not None and options.rounds < 1) or options.size <= 0:
        parser.error("--rounds and --size must be positive")
    if options.instructions + options.scaling + options.full > 1:
        parser.error("one of --instructions, --scaling and --full")
    if options.json and options.full:
        parser.error("--full writes several JSON files, by their names")
    return options


def choose(options):
    known = list(dict.fromkeys(f.group for f in scenarios.FIGURES))
    if not options.only:
        return [g for g in known if options.full or g not in scenarios.ONLY_IN_FULL]
    selected = options.only.split(",")
    if unknown := sorted(set(selected) - set(known)):
        fail(f"no scenario {unknown[0]}; there are {', '.join(known)}")
    return selected


def run(mode, options, selected):
    rounds = (options.rounds or ROUNDS[mode]) if mode in ROUNDS else 1
    measured = argparse.Namespace(**{**vars(options), "rounds": rounds})
    where = machine()
    others = OtherPrograms()
    data = MODES[mode].run(measured, selected)
    where["others"] = others.share()
    here = place(where, rounds)
    sections = list(MODES[mode].sections(data))
    notes = list(MODES[mode].notes(data))
    for title, head, lines in sections:
        print(f"\n{title}\n{tables.as_text(head, lines)}")
    print("", here, *notes, sep="\n")

    parts = [f"# {mode}", here, *(f"## {title}\n\n{tables.as_markdown(head, lines)}"
                                  for title, head, lines in sections)]
    if notes:
        parts.append("\n".join(f"- {note}" for note in notes))
    as_markdown = options.out / f"{mode}.md"
    as_json = options.json or options.out / f"{mode}.json"
    as_markdown.write_text("\n\n".join(parts) + "\n")
    as_json.write_text(json.dumps({"mode": mode, "machine": where, "rounds_measured": rounds,
                                   "size": options.size, **data}, indent=1) + "\n")
    print(f"written: {as_markdown} {as_json}")
    return as_json


def measure(options):
    options.out.mkdir(parents=True, exist_ok=True)
    if options.full:
        modes = list(MODES)
    else:
        modes = ["instructions" if options.instructions else
                 "scaling" if options.scaling else "results"]
    return [run(mode, options, choose(options)) for mode in modes]


def main():
    options = parse_options()
    files = options.files or measure(options)
    page = (options.doc or options.out / "benchmarks").with_suffix(".md")
    document.write(page, [json.loads(f.read_text()) for f in files])
    print(f"written: {page} and its plots")


if __name__ == "__main__":
    main()
