# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

"""Runs benchmark programs, which take turns round by round."""

import collections
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading

REGIMES = ("pinned", "unpinned")
TIME_LIMIT = 1800
ROUND_DONE = "round done\n"  # as support/main.cpp has it


def fail(text):
    sys.exit(f"bench/run.py: {text}")


def progress(text):
    print(f"  {text} ...", file=sys.stderr, flush=True)


def pinned_processor():
    """The second processor: the first serves most interrupts."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[min(1, len(allowed) - 1)]


class Program:
    """A program whose rounds are begun one by one."""

    def __init__(self, command, regime, rounds):
        def pin():
            if regime == "pinned":
                os.sched_setaffinity(0, {pinned_processor()})

        self.command = [*map(str, command), "--benchmark_format=json", "--turns",
                        f"--rounds={rounds}"]
        self.output = tempfile.TemporaryFile("w+")
        self.said = []
        try:
            self.process = subprocess.Popen(self.command, preexec_fn=pin, text=True,
                                            stdin=subprocess.PIPE, stdout=self.output,
                                            stderr=subprocess.PIPE)
        except FileNotFoundError:
            fail(f"{self.command[0]} is missing; build with -DCOFU_BUILD_BENCH=ON")
        self.timer = threading.Timer(TIME_LIMIT, self.process.kill)
        self.timer.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.timer.cancel()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stderr.close()
        self.output.close()

    def run_round(self):
        with contextlib.suppress(BrokenPipeError):
            print(file=self.process.stdin, flush=True)
        while (line := self.process.stderr.readline()) not in ("", ROUND_DONE):
            self.said.append(line)
        if not line:
            self.finish()
            fail(f"{' '.join(self.command)} did not run all rounds")

    def finish(self):
        status = self.process.wait()
        if status != 0:
            fail(f"{' '.join(self.command)} ended with {status}:\n{''.join(self.said)}")

    def benchmarks(self):
        """(scenario, contender, counters) of each, in order."""
        self.finish()
        self.output.seek(0)
        for run in json.load(self.output)["benchmarks"]:
            scenario, contender = run["name"].split("/iterations:")[0].rsplit("/", 1)
            if run.get("error_occurred"):
                fail(f"{scenario}/{contender}: {run['error_message']}")
            yield scenario, contender, run


def run_rounds(commands, regime="unpinned", rounds=1):
    with contextlib.ExitStack() as stack:
        programs = [stack.enter_context(Program(c, regime, rounds)) for c in commands]
        for _ in range(rounds):
            for program in programs:
                program.run_round()
        for program in programs:
            yield from program.benchmarks()


def measure(commands, scenarios, counters, regime, rounds):
    """{scenario: {contender: {counter: [a figure for each round]}}}; a round before warms up."""
    selected = f"--benchmark_filter=^({'|'.join(scenarios)})/"
    found = collections.defaultdict(
        lambda: collections.defaultdict(lambda: collections.defaultdict(list)))
    for scenario, contender, run in run_rounds([[*c, selected] for c in commands], regime,
                                               rounds + 1):
        for counter in counters & run.keys():
            found[scenario][contender][counter].append(run[counter])
    for contenders in found.values():
        for values in contenders.values():
            for counter in values:
                del values[counter][0]
    return found
