# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

"""The main function of a Python program that measures, with the options of support/main.cpp."""

import argparse
import json
import re
import sys
import time


def main(title, contenders):
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--size", type=float, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--turns", action="store_true")
    parser.add_argument("--benchmark_filter", default="")
    parser.add_argument("--benchmark_format", choices=["json"], default="json")
    options = parser.parse_args()
    chosen = {name: run for name, run in contenders.items()
              if re.search(options.benchmark_filter, f"{name}/")}
    runs = []
    for _ in range(options.rounds):
        if options.turns:
            sys.stdin.readline()
        for name, run in chosen.items():
            cpu = time.process_time()
            result = run(options)
            result["cpu_ns_per_call"] = (time.process_time() - cpu) * 1e9 / result["calls"]
            runs.append({"name": f"{name}/iterations:1", **result})
        if options.turns:
            print("round done", file=sys.stderr, flush=True)
    print(json.dumps({"benchmarks": runs}))
