# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

"""What the programs measure, and what is asked of cofu."""

import dataclasses
import pathlib


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
    goal: tuple = (None, None)
    limit: tuple = (None, None)  # the figure itself for cofu, at most
    aim: tuple = (None, None)  # the same, as a goal
    scale: float = 1
    workers: int = None  # threads of a pool, where it is not the program's choice

    @property
    def group(self):
        return self.scenario.split("/")[0]


def of_variant(by, size, workers):
    threads = "1 worker" if workers == 1 else f"{workers} workers"
    return Figure(f"S1v/{by}_{size}B", f"S1v submit, {by}, {size} B, {threads}", "ns", "asio_post",
                  workers=workers)


def of_fan_in(calls):
    return Figure(f"S6/{calls}", f"S6 fan-in, N = {calls:,}", "ns", "asio_parallel_group",
                  limit=(120, 120), aim=(50, 50))


def of_bridge(scenario, title, must=(None, None), goal=(None, None)):
    return Figure(scenario, f"S5 io_context bridge, {title}", "ns", "asio_post_back", must=must,
                  goal=goal)


def of_naps(workers, by):
    return Figure(f"S8/{workers}_{by}", f"S8 naps, {workers} workers, {by}", "us", "asio_post",
                  speed=False, must=(1.05, 1.05), goal=(1, 1), scale=1e-3)


def of_process(scenario, title, unit, counter="median_us", speed=False, regime=0, must=None,
               goal=None):
    """What is asked of processes is asked of one regime: pinned is 0, unpinned 1."""
    pair = lambda x: (x, None) if regime == 0 else (None, x)
    return Figure(scenario, title, unit, "cpython_executor", counter, speed, limit=pair(must),
                  aim=pair(goal))


PROGRAMS = {
    "submit": [
        Figure("S1", "S1 submit, 1 producer", "ns", "asio_post", must=(5, 10), goal=(20, 20)),
        Figure("S1x4", "S1x4 submit, 4 producers", "ns", "asio_post", must=(None, 2),
               goal=(None, 3)),
        *(of_variant(by, size, workers) for by in ("flat", "nested") for size in (8, 256)
          for workers in (1, 2, 4, 8, 32)),
    ],
    "future": [
        Figure("S2", "S2 submit + future, destroyed", "ns", "asio_use_future", must=(12, 20),
               goal=(20, 40))
    ],
    "tree": [
        Figure("S3", "S3 nested tree", "ns", "asio_post", must=(4, 10), goal=(20, 20))
    ],
    "round_trip": [
        Figure("S4", "S4 round trip, median", "us", "asio_use_future", "median_us", speed=False,
               must=(0.9, None), goal=(0.8, None)),
        Figure("S4", "S4 round trip, mean", "us", "asio_use_future", "mean_us", speed=False,
               must=(None, 0.15), goal=(None, 0.05)),
        Figure("S4", "S4 round trip, p99", "us", "asio_use_future", "p99_us", speed=False),
    ],
    "bridge": [
        of_bridge("S5/1", "1 coroutine", (1.3, 2.5), (1.6, 9)),
        of_bridge("S5/64", "64 coroutines", (4, 2), (6, 6)),
        of_bridge("S5/512", "512 coroutines"),
        of_bridge("S5/64x2", "64 coroutines, io_context of 2 threads"),
    ],
    "fan_in": [of_fan_in(n) for n in (100, 1_000, 10_000, 100_000)],
    "idle": [
        Figure("S7", "S7 idle, processor", "%", "asio_post", "idle_cpu_percent", speed=False,
               limit=(0.05, 0.05)),
        Figure("S7", "S7 idle, memory of a pool of 64", "KiB", "asio_post", "kib_of_64", speed=False,
               must=(1, 1)),
        Figure("S7", "S7 idle, memory after 64 calls at once", "KiB", "asio_post",
               "kib_of_64_at_once", speed=False),
    ],
    "process": [
        of_process("P1", "P1 a call there and back, in an io_context", "us", must=12, goal=6),
        of_process("P2", "P2 the same from a thread", "us", must=20, goal=12),
        of_process("P3", "P3 a call of many", "ns", "ns_per_call", True, must=5_000, goal=2_500),
        of_process("P3x100", "P3 a call of many, chunks of 100", "ns", "ns_per_call", True,
                   must=333, goal=167),
        of_process("P4", "P4 a worker's death noticed", "us", regime=1, must=200,
                   goal=60),
        of_process("P5", "P5 a worker more", "us", must=300, goal=120),
        of_process("P5at1GiB", "P5 a worker more, 1 GiB of parent", "us", must=300, goal=120),
        of_process("P5first", "P5 a pool's first worker", "us"),
        of_process("P6", "P6 an argument of 64 MiB", "ns", "ns_per_call", True),
    ],
    "work_conservation": [of_naps(w, by) for by in ("flat", "nested") for w in (2, 8, 32)],
}
# A bridge written by hand, and one without what makes it quick: not what a must is about.
WITHOUT_DEMANDS = {"cofu_post_back", "cofu_submit_no_poll"}
# Functions posted by a call are run in order, behind those from outside; a tree wants the newest.
# A coroutine is asked to take all that are there whenever it is resumed, as cofu_try_next does.
WITHOUT_DEMANDS_IN = {("S3", "cofu_post"), ("S6", "cofu_async_next")}
FIGURES = [figure for figures in PROGRAMS.values() for figure in figures]
ONLY_IN_FULL = {"S1v"}


def has_demands(figure, contender):
    return (contender.startswith("cofu") and contender not in WITHOUT_DEMANDS
            and (figure.group, contender) not in WITHOUT_DEMANDS_IN)


# Programs that measure the same of others; they take turns with ours, round by round.
THREAD_PEERS = pathlib.Path(__file__).parent / "thread_peers.py"
PROCESS_PEERS = pathlib.Path(__file__).parent / "process_peers.py"
PEERS = {**dict.fromkeys(("submit", "future", "tree", "round_trip", "fan_in"), THREAD_PEERS),
         "process": PROCESS_PEERS}
