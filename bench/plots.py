# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

"""The plots of the documentation."""

import math

import svg

NANOSECONDS = {"ns": 1, "us": 1e3}
LIBRARIES = {  # by the first word of a contender's name
    "asio": ("Asio", "#6e7781"),
    "std": ("std::async", "#cf222e"),
    "tbb": ("oneTBB", "#bf8700"),
    "cpython": ("CPython", "#1a7f37"),
    "cofu": ("cofu", "#0969da"),
}
DASHES = ("", "7 3", "2 3")


def library(contender):
    return contender.split("_")[0]


def colour(contender):
    return LIBRARIES[library(contender)][1]


def legend(picture, x, y, contenders):
    for name in dict.fromkeys(map(library, contenders)):
        title, tint = LIBRARIES[name]
        picture.dot(x, y - 4, tint, title)
        picture.text(x + 10, y, title)
        x += 36 + 7 * len(title)
    return x


def duration(ns):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if ns >= size:
            return f"{ns / size:g} {unit}"
    return f"{ns:g} ns"


def is_time(row):
    """One that contenders differ in: naps take their time."""
    return row["unit"] in NANOSECONDS and row["median"] > 0 and not row["scenario"].startswith("S8")


def times(path, rows):
    """A line for each figure, a dot for each contender, marks for what is asked of cofu."""
    titles = list(dict.fromkeys(r["title"] for r in rows))
    left, right, top, step = 270, 24, 64, 30
    width, bottom = 860, top + step * len(titles)
    values = [r["median"] * NANOSECONDS[r["unit"]] for r in rows]
    first, last = (round_to(math.log10(edge(values))) for edge, round_to in
                   ((min, math.floor), (max, math.ceil)))

    def x_of(ns):
        return left + (math.log10(ns) - first) / (last - first) * (width - left - right)

    picture = svg.Picture(width, bottom + 30)
    x = legend(picture, 20, 24, [r["contender"] for r in rows])
    for name, tint, shift in (("must", svg.INK, 0), ("goal", "#8250df", 70)):
        picture.line(x + shift, 12, x + shift, 28, tint, 2)
        picture.text(x + shift + 8, 24, name)
    picture.text(width - right, 24, "time a call: less is better", "end")
    for power in range(first, last + 1):
        picture.line(x_of(10**power), top - 16, x_of(10**power), bottom - 8)
        picture.text(x_of(10**power), bottom + 10, duration(10**power), "middle", 11)
    for i, title in enumerate(titles):
        y = top + i * step
        of_title = [r for r in rows if r["title"] == title]
        picture.line(left, y, width - right, y)
        picture.text(left - 12, y + 4, title, "end")
        for name, tint in (("must", svg.INK), ("goal", "#8250df")):
            for at in {r[f"{name}_at"] * NANOSECONDS[r["unit"]] for r in of_title
                       if f"{name}_at" in r}:
                if 10**first <= at <= 10**last:
                    picture.line(x_of(at), y - 9, x_of(at), y + 9, tint, 2)
        for r in of_title:
            picture.dot(x_of(r["median"] * NANOSECONDS[r["unit"]]), y, colour(r["contender"]),
                        f"{r['contender']}: {r['median']:.4g} {r['unit']}")
    picture.save(path)


def marks_up_to(most):
    """Round steps from 0 past the most, about five of them."""
    rough = most / 5
    power = 10 ** math.floor(math.log10(rough))
    step = next(s * power for s in (1, 2, 5, 10) if s * power >= rough)
    return [i * step for i in range(math.ceil(most / step) + 1)]


def panel(picture, x, y, width, height, title, rows):
    """Million calls a second by the number of workers, a line for each contender."""
    counts = sorted({r["workers"] for r in rows})
    marks = marks_up_to(max(r["millions"] for r in rows))

    def point(r):
        across = math.log2(r["workers"] / counts[0]) / max(1, math.log2(counts[-1] / counts[0]))
        return x + across * width, y + height - r["millions"] / marks[-1] * height

    picture.text(x, y - 12, title, weight="bold")
    for mark in marks:
        level = y + height - mark / marks[-1] * height
        picture.line(x, level, x + width, level)
        picture.text(x - 6, level + 4, f"{mark:g}", "end", 11)
    for n in counts:
        picture.text(point({"workers": n, "millions": 0})[0], y + height + 16, str(n), "middle", 11)
    seen = {}
    for contender in dict.fromkeys(r["contender"] for r in rows):
        of_contender = sorted((r for r in rows if r["contender"] == contender),
                              key=lambda r: r["workers"])
        style = seen[library(contender)] = seen.get(library(contender), -1) + 1
        dashes = DASHES[style % len(DASHES)]
        picture.path([point(r) for r in of_contender], colour(contender), dashes)
        for r in of_contender:
            picture.dot(*point(r), colour(contender),
                        f"{contender}: {r['millions']:.3g} M/s", radius=3)
        line = y + 4 + 16 * list(dict.fromkeys(r["contender"] for r in rows)).index(contender)
        picture.path([(x + width + 16, line), (x + width + 44, line)], colour(contender), dashes)
        picture.text(x + width + 50, line + 4, contender, size=11)


def by_workers(path, rows):
    """A panel for each title; the rows have workers and millions (of calls a second)."""
    titles = list(dict.fromkeys(r["title"] for r in rows))
    width, height, left, beside, above = 440, 200, 50, 190, 60
    picture = svg.Picture(left + width + beside, above + len(titles) * (height + above) - 10)
    picture.text(left + width + beside - 12, 20,
                 "million calls a second by the number of workers: more is better", "end")
    for i, title in enumerate(titles):
        panel(picture, left, above + i * (height + above), width, height, title,
              [r for r in rows if r["title"] == title])
    picture.save(path)
