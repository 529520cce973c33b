# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

"""Reads what callgrind wrote: instructions by function, and calls of the allocators."""

import collections
import re

ALLOCATORS = {"malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign", "memalign"}
INNER = ALLOCATORS | {"_mid_memalign"}  # an allocator that calls another one
NAME = re.compile(r"\((\d+)\)(?: (.*))?")


def read(path):
    """(instructions by function itself, calls of allocators)"""
    names = {}

    def name_of(text):
        number, name = NAME.fullmatch(text).groups()
        if name:
            names[number] = name
        return names[number]

    own = collections.Counter()
    allocations = 0
    function = callee = ""
    inclusive = False  # the next line is what a callee cost
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in map(str.rstrip, lines):
            key, _, value = line.partition("=")
            if key == "fn":
                function = name_of(value)
            elif key == "cfn":
                callee = name_of(value)
            elif key == "calls":
                inclusive = True
                if callee in ALLOCATORS and function.split(".")[0] not in INNER:
                    allocations += int(value.split()[0])
            elif line and line[0] in "+-*0123456789":
                if not inclusive:
                    own[function] += int(line.split()[1])
                inclusive = False
    return own, allocations


def brief(name, longest=90):
    """A function's name without template arguments and parameters."""
    while (shorter := re.sub(r"<[^<>]*>|\((?!anonymous)[^()]*\)", "", name)) != name:
        name = shorter
    return name if len(name) <= longest else name[:longest] + "..."


def difference(small, large, most=14):
    """Costs a call, from two runs (calls, what read() found) that differ only in their size."""
    (few, (few_own, few_allocations)), (many, (many_own, many_allocations)) = small, large
    calls = many - few
    own = {name: (cost - few_own[name]) / calls for name, cost in many_own.items()}
    return {"instructions": sum(own.values()),
            "allocations": (many_allocations - few_allocations) / calls,
            "functions": [(brief(name), cost) for name, cost in
                          sorted(own.items(), key=lambda f: -f[1])[:most]]}
