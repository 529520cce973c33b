# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

"""The page of the documentation, from what was measured: a Markdown file and its plots."""

import instructions
import plots
import scaling
import tables
import times
from programs import REGIMES

REGIME_TITLES = {"pinned": "Pinned to one processor", "unpinned": "Unpinned"}
MACHINES = ["measured", "on", "processors", "commit", "rounds", "others took",
            "a line took"]
INTRODUCTION = """\
What cofu's pools cost, beside what else an Asio program could use. Written by `bench/run.py`;
`./tools/dev bench` measures anew, with tables on the screen and this page in `build/bench/`,
`./tools/dev bench --full` writes it here.

- A **ratio** compares with the first contender of its scenario, a use of `asio::thread_pool` or
  CPython's pool. It is the median of the ratios of each round, in which all contenders take turns;
  in parentheses is the quartile on its worse side.
- A **must** or a **goal** is met when that worse quartile meets it.
- *Pinned* means all threads on one processor: what the software costs. *Unpinned* has wake-ups
  between processors, which a virtual machine makes dear and irregular.
- *Others took* says what part of the processors other programs used meanwhile: the higher, the less
  the figures are worth, above all the unpinned ones.
- *A line took* says how long a cache line took to another processor and back, between the unpinned
  scenarios. The host of a virtual machine changes it by the minute, and unpinned figures with it.
- What is measured is the public interface with its full semantics. `cofu_submit` makes futures that
  can be cancelled, awaited and waited for; `cofu_post` is `asio::post` on the pool's executor;
  `cofu_post_back` is the bridge to an `io_context` as one writes it by hand, with cofu's pool."""


def merged(files):
    """The last measurement of each contender, in the order of the first."""
    rows = {}
    for file in files:
        for r in file["rows"]:
            key = (r.get("regime"), r.get("title", r["scenario"]), r["contender"],
                   r.get("workers"))
            rows[key] = r
    return list(rows.values())


def what_was_measured(file):
    groups = ", ".join(dict.fromkeys(r["scenario"].split("/")[0] for r in file["rows"]))
    if file["mode"] == "results":
        regimes = " and ".join(dict.fromkeys(r["regime"] for r in file["rows"]))
        return f"{groups}, {regimes}"
    return f"{file['mode']} of {groups}"


def span(line_ns):
    if not line_ns:
        return ""
    least, most = f"{min(line_ns):.0f}", f"{max(line_ns):.0f}"
    return f"{least} ns" if least == most else f"{least} to {most} ns"


def machines(files):
    """What was measured where and how."""
    for file in files:
        where = file["machine"]
        calls = "" if file["size"] == 1 else f", {file['size']:g} times the calls"
        yield [what_was_measured(file), where["processor"], str(where["processors"]),
               where["commit"], f"{file['rounds_measured']}{calls}",
               f"{where['others']:.0%}", span(file.get("line_ns"))]


def plot(page, name):
    return f"![{name.replace('-', ' ')}]({page.stem}/{name}.svg)"


def best_peer(row, rows):
    peers = [r for r in rows if r["title"] == row["title"] and "ratio" in r
             and not r["contender"].startswith("cofu")]
    if not peers:
        return ""
    best = (max if row["more_is_better"] else min)(peers, key=lambda r: r["ratio"])
    return f"{best['contender']} {best['ratio']:.2f}x"


def demands(rows):
    head = ["scenario", "base", "best peer", "cofu", "median", "ratio (quartile)",
            "must", "", "goal", ""]
    base = {r["title"]: r for r in rows if r["contender"] == r["base"]}
    return head, [[r["title"], f"{r['base']} {times.figure_of(base[r['title']])}",
                   best_peer(r, rows), r["contender"], times.figure_of(r), times.ratio_of(r),
                   r.get("must", ""), times.verdict_of(r, "must"),
                   r.get("goal", ""), times.verdict_of(r, "goal")]
                  for r in rows if r["contender"].startswith("cofu")]


def of_times(page, rows):
    for regime in REGIMES:
        of_regime = [r for r in rows if r["regime"] == regime and not r["workers"]]
        if not of_regime:
            continue
        yield f"## {REGIME_TITLES[regime]}"
        for name, processes in (("threads", False), ("processes", True)):
            if chosen := [r for r in of_regime if r["scenario"].startswith("P") == processes]:
                if drawn := [r for r in chosen if plots.is_time(r)]:
                    plots.times(page.with_suffix("") / f"{name}-{regime}.svg", drawn)
                    yield plot(page, f"{name}-{regime}")
                yield tables.as_markdown(*demands(chosen))
    if notes := list(times.notes({"rows": [r for r in rows if not r["workers"]]})):
        yield "Also to be known:"
        yield "\n".join(f"- {note}" for note in notes)


def by_workers(rows):
    for title, head, lines in scaling.sections({"rows": rows}):
        yield f"{title}:"
        yield tables.as_markdown(head, lines)


def of_variants(page, rows):
    for regime in REGIMES:
        chosen = [r for r in rows if r["regime"] == regime and r["workers"]]
        if not chosen:
            continue
        for r in chosen:
            r["ns_per_call"] = r["median"]
            r["millions"] = 1e3 / r["median"]
            r["title"] = r["title"].rsplit(", ", 1)[0]
        yield f"## Variants of S1, {regime}"
        yield ("Calls from a thread outside (flat) or from a call of the pool (nested), with "
               "closures of 8 or 256 bytes.")
        plots.by_workers(page.with_suffix("") / f"variants-{regime}.svg", chosen)
        yield plot(page, f"variants-{regime}")
        yield from by_workers(chosen)


def of_instructions(rows):
    yield "## Instructions"
    yield ("Counted by callgrind, the difference between two runs of unlike size: the figures to "
           "compare from change to change.")
    yield tables.as_markdown(*instructions.table(rows))


def of_scaling(page, rows):
    yield "## Scaling"
    for r in rows:
        r["millions"] = 1e3 / r["ns_per_call"]
    plots.by_workers(page.with_suffix("") / "scaling.svg", rows)
    yield plot(page, "scaling")
    yield from by_workers(rows)


def of_all_contenders(rows):
    yield "## All contenders"
    for title, head, lines in times.sections({"rows": [r for r in rows if not r["workers"]]}):
        yield f"{REGIME_TITLES[title]}:"
        yield tables.as_markdown(head, lines)


def write(page, files):
    """page: the Markdown file; the plots go to the folder of its name."""
    page.with_suffix("").mkdir(parents=True, exist_ok=True)
    rows = {mode: merged(f for f in files if f["mode"] == mode)
            for mode in ("results", "instructions", "scaling")}
    parts = ["# Benchmarks", INTRODUCTION, tables.as_markdown(MACHINES, list(machines(files)))]
    if rows["results"]:
        parts += of_times(page, rows["results"])
    if rows["instructions"]:
        parts += of_instructions(rows["instructions"])
    if rows["results"]:
        parts += of_variants(page, rows["results"])
    if rows["scaling"]:
        parts += of_scaling(page, rows["scaling"])
    if rows["results"]:
        parts += of_all_contenders(rows["results"])
    page.write_text("\n\n".join(parts) + "\n")
