#!/usr/bin/env python3
# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

"""Measures CPython's process pools as bench.process measures ours, in the same words."""

import concurrent.futures
import multiprocessing
import os
import signal
import statistics
import time

import peer

WORKERS = 2


def succ(i):
    return i + 1


def length(s):
    return len(s)


def own_pid():
    return os.getpid()


def wait_for_signal(_):
    while True:
        signal.pause()


def executor(workers=1):
    return concurrent.futures.ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("forkserver"))


def pool(workers=1):
    return multiprocessing.get_context("forkserver").Pool(workers)


def of_times(times, started):
    times.sort()
    return {"median_us": statistics.median(times) * 1e6,
            "p99_us": times[len(times) * 99 // 100] * 1e6,
            "ns_per_call": (time.perf_counter() - started) * 1e9 / len(times),
            "calls": len(times)}


def of_rate(calls, started):
    seconds = time.perf_counter() - started
    return {"ns_per_call": seconds * 1e9 / calls, "calls": calls}


def trips(call, n):
    for i in range(50):
        call(i)
    times = []
    started = time.perf_counter()
    for i in range(n):
        before = time.perf_counter()
        assert call(i) == i + 1
        times.append(time.perf_counter() - before)
    return of_times(times, started)


def executor_trips(size):
    with executor() as e:
        return trips(lambda i: e.submit(succ, i).result(), int(1000 * size))


def pool_trips(size):
    with pool() as p:
        return trips(lambda i: p.apply(succ, (i,)), int(1000 * size))


def mapped(run, calls):
    started = time.perf_counter()
    assert sum(run(range(calls))) == calls * (calls + 1) // 2
    return of_rate(calls, started)


def executor_map(size, calls, chunk):
    with executor(WORKERS) as e:
        list(e.map(succ, range(200)))
        return mapped(lambda r: e.map(succ, r, chunksize=chunk), int(calls * size))


def pool_map(size, calls, chunk):
    with pool(WORKERS) as p:
        p.map(succ, range(200))
        return mapped(lambda r: p.imap(succ, r, chunksize=chunk), int(calls * size))


def executor_death(size):
    times = []
    started = time.perf_counter()
    for _ in range(max(3, int(10 * size))):
        with executor() as e:
            pid = e.submit(own_pid).result()
            lost = e.submit(wait_for_signal, 0)
            while not lost.running():
                time.sleep(0.0005)
            time.sleep(0.01)  # it is running as soon as it is queued
            before = time.perf_counter()
            os.kill(pid, signal.SIGKILL)
            concurrent.futures.wait([lost])
            times.append(time.perf_counter() - before)
    return of_times(times, started)


def executor_more(size, mib):
    """A worker more: by fork, since only then does it start them one by one."""
    ballast = bytearray(mib << 20)
    for i in range(0, len(ballast), 4096):
        ballast[i] = 1
    times = []
    started = time.perf_counter()
    for _ in range(max(3, int(10 * size))):
        with concurrent.futures.ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as e:
            busy = e.submit(time.sleep, 0.05)
            while not busy.running():
                time.sleep(0.0005)
            before = time.perf_counter()
            e.submit(succ, 1).result()
            times.append(time.perf_counter() - before)
    return of_times(times, started)


def executor_first(size):
    """The first worker of a pool, with a fork server that runs."""
    times = []
    with executor() as keeper:
        keeper.submit(succ, 1).result()
        started = time.perf_counter()
        for _ in range(max(3, int(10 * size))):
            with executor() as e:
                before = time.perf_counter()
                e.submit(succ, 1).result()
                times.append(time.perf_counter() - before)
    return of_times(times, started)


def large_argument(size):
    data = b"x" * (64 << 20)
    with executor() as e:
        e.submit(length, data).result()
        n = max(2, int(4 * size))
        started = time.perf_counter()
        for _ in range(n):
            assert e.submit(length, data).result() == len(data)
        result = of_rate(n, started)
    result["gb_per_s"] = len(data) / result["ns_per_call"]
    return result


def main():
    peer.main(__doc__, {
        "P1/cpython_executor": lambda o: executor_trips(o.size),
        "P1/cpython_pool": lambda o: pool_trips(o.size),
        "P2/cpython_executor": lambda o: executor_trips(o.size),
        "P2/cpython_pool": lambda o: pool_trips(o.size),
        "P3/cpython_executor": lambda o: executor_map(o.size, 10_000, 1),
        "P3/cpython_pool": lambda o: pool_map(o.size, 50_000, 1),
        "P3x100/cpython_executor": lambda o: executor_map(o.size, 300_000, 100),
        "P3x100/cpython_pool": lambda o: pool_map(o.size, 500_000, 100),
        "P4/cpython_executor": lambda o: executor_death(o.size),
        "P5/cpython_executor": lambda o: executor_more(o.size, 0),
        "P5at1GiB/cpython_executor": lambda o: executor_more(o.size, 1024),
        "P5first/cpython_executor": lambda o: executor_first(o.size),
        "P6/cpython_executor": lambda o: large_argument(o.size),
    })


if __name__ == "__main__":
    main()
