#!/usr/bin/env python3
# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

"""Checks who includes whom: a file includes its own layer and lower ones, never in a circle, and
nothing in include/ reaches into src/. A source has the layer of the header it mirrors. Also: every
source is in src/sources.txt, which both build systems read."""

import pathlib
import re
import sys

# A new public header needs a line here. Detail headers that are not named have layer 3.
LAYERS = {
    0: "config fwd",
    1: "error future_state task_options map_options shutdown_options thread_pool_options pool_stats "
       "pool_observer return_when release_memory io_poll start_method detail/exception_text detail/late_text",
    2: "detail/call_word detail/deadline detail/worker_count "  # pure decisions: the standard library only
       "byte_writer byte_reader",
    4: "future promise any_future as_future call completion_signature spawn worker_main hook/wrap_main "
       "detail/codec_function",
    5: "pool_like thread_pool_executor wrap_future boost_future detail/room_wait detail/pool_members "
       "serialization boost_serialization detail/archive remote_call detail/remote_call register_exception "
       "process_pool_options process_pool_executor remote_executor "
       "detail/process_access detail/process_task detail/process_call detail/process_pool_core "
       "detail/process_pool_actions detail/process_pool_callbacks detail/process_pool_driving detail/process_pool_io "
       "detail/process_pool_shutdown "
       "detail/map_crossing detail/known_exceptions detail/remote_exception detail/remote_worker "
       "detail/worker_channel detail/io_context_watch",
    6: "wait as_completed map detail/future_range detail/map_run detail/map_wait",
    7: "cofu",
}
PURE = 2
DETAIL = 3

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
layer_of = {name: layer for layer, names in LAYERS.items() for name in names.split()}
problems = []


def name_of(path):
    """include/cofu/detail/x.hpp and src/detail/x.cpp are both detail/x."""
    relative = path.relative_to(ROOT).with_suffix("").as_posix()
    return re.sub(r"^(include/cofu|include|src)/", "", relative)


def layer(path):
    name = name_of(path)
    if name in layer_of:
        return layer_of[name]
    if name.startswith(("detail/", "posix/")):
        return DETAIL
    problems.append(f"{path.relative_to(ROOT)}: has no layer; give it one in tools/check_layers.py")
    return layer_of.setdefault(name, max(LAYERS))


def included(path):
    """Yields (spelling, our own file or None)."""
    for bracket, spelling in INCLUDE.findall(path.read_text()):
        places = [ROOT / "include" / spelling]
        if bracket == '"' or not path.is_relative_to(ROOT / "include"):
            places += [path.parent / spelling, ROOT / "src" / spelling]
        yield spelling, next((place.resolve() for place in places if place.exists()), None)


def check_file(path):
    shown, own = path.relative_to(ROOT), layer(path)
    public = path.is_relative_to(ROOT / "include")
    for spelling, target in included(path):
        if target is None:
            if spelling.startswith("cofu"):
                problems.append(f"{shown}: includes <{spelling}>, which is not there")
            elif own == PURE and public and not re.fullmatch(r"[a-z_]+", spelling):
                problems.append(f"{shown}: decides only, so it may not include <{spelling}>")
        elif public and target.is_relative_to(ROOT / "src"):
            problems.append(f"{shown}: reaches into src/ for {spelling}")
        elif layer(target) > own:
            problems.append(f"{shown} (layer {own}) includes {spelling} (layer {layer(target)})")


def check_cycles(files):
    graph = {path: [target for _, target in included(path) if target] for path in files}
    state = {}

    def visit(path, trail):
        state[path] = "open"
        for target in graph.get(path, []):
            if state.get(target) == "open":
                circle = trail[trail.index(target):] + [target]
                problems.append("circle: " + " -> ".join(name_of(step) for step in circle))
            elif target not in state:
                visit(target, trail + [target])
        state[path] = "closed"

    for path in files:
        if path not in state:
            visit(path, [path])


def check_sources():
    listed = set((ROOT / "src/sources.txt").read_text().split())
    present = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.cpp")}
    present = {name for name in present if not name.startswith("hook/")}  # linked to executables
    problems.extend(f"src/{name}: not in src/sources.txt" for name in sorted(present - listed))
    problems.extend(f"src/sources.txt: no such file: {name}" for name in sorted(listed - present))


files = sorted([*(ROOT / "include").rglob("*.hpp"), *(ROOT / "src").rglob("*.[ch]pp")])
for file in files:
    check_file(file)
check_cycles(files)
check_sources()
print("\n".join(problems) or f"{len(files)} files, layers kept")
sys.exit(bool(problems))
