#!/usr/bin/env python3
# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

"""Measures CPython's thread pool as the programs here measure ours, in the same words."""

import concurrent.futures
import itertools
import statistics
import threading
import time

import peer


def succ(i):
    return i + 1


class Ticks:
    """Counts to a goal; next() of a counter is atomic."""

    def __init__(self, goal):
        self.numbers = itertools.count(1)
        self.goal = goal
        self.reached = threading.Event()

    def tick(self):
        if next(self.numbers) == self.goal:
            self.reached.set()


def executor(options):
    return concurrent.futures.ThreadPoolExecutor(options.workers)


def of_rate(calls, started):
    return {"ns_per_call": (time.perf_counter() - started) * 1e9 / calls, "calls": calls}


def submit(options, producers):
    each = max(1, int(4_000 * options.size)) // producers

    def produce(e, ticks):
        for _ in range(each):
            e.submit(ticks.tick)

    def burst(e):
        ticks = Ticks(each * producers)
        threads = [threading.Thread(target=produce, args=(e, ticks)) for _ in range(producers - 1)]
        for t in threads:
            t.start()
        produce(e, ticks)
        ticks.reached.wait()
        for t in threads:
            t.join()

    with executor(options) as e:
        burst(e)
        started = time.perf_counter()
        burst(e)
        return of_rate(each * producers, started)


def futures(options):
    calls = max(1, int(2_000 * options.size))
    with executor(options) as e:
        def burst():
            return sum(f.result() for f in [e.submit(succ, i) for i in range(calls)])

        burst()
        started = time.perf_counter()
        assert burst() == calls * (calls + 1) // 2
        return of_rate(calls, started)


def tree(options):
    depth = max(1, int(2_048 * options.size)).bit_length() - 1
    ticks = Ticks(1 << depth)

    with executor(options) as e:
        def branch(depth):
            if depth == 0:
                ticks.tick()
                return
            e.submit(branch, depth - 1)
            e.submit(branch, depth - 1)

        started = time.perf_counter()
        e.submit(branch, depth)
        ticks.reached.wait()
        return of_rate((2 << depth) - 1, started)


def round_trips(options):
    times = []
    with executor(options) as e:
        for i in range(100):
            e.submit(succ, i).result()
        started = time.perf_counter()
        for i in range(max(1, int(1_000 * options.size))):
            before = time.perf_counter()
            assert e.submit(succ, i).result() == i + 1
            times.append(time.perf_counter() - before)
        result = of_rate(len(times), started)
    times.sort()
    return {**result, "median_us": statistics.median(times) * 1e6,
            "p99_us": times[len(times) * 99 // 100] * 1e6,
            "mean_us": result["ns_per_call"] / 1e3}


def fan_in(options, calls):
    with executor(options) as e:
        def batch():
            all_calls = [e.submit(succ, i) for i in range(calls)]
            return sum(f.result() for f in concurrent.futures.as_completed(all_calls))

        batch()
        started = time.perf_counter()
        assert batch() == calls * (calls + 1) // 2
        return of_rate(calls, started)


peer.main(__doc__, {
    "S1/cpython_executor": lambda o: submit(o, 1),
    "S1x4/cpython_executor": lambda o: submit(o, 4),
    "S2/cpython_executor": futures,
    "S3/cpython_executor": tree,
    "S4/cpython_executor": round_trips,
    "S6/100/cpython_executor": lambda o: fan_in(o, 100),
    "S6/1000/cpython_executor": lambda o: fan_in(o, 1_000),
    "S6/10000/cpython_executor": lambda o: fan_in(o, 10_000),
})
