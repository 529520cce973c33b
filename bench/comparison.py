# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

"""Ratios of each round, their median, and the quartile on their worse side."""

import statistics


def quartile(values, lower):
    if len(values) < 2:
        return values[0]
    return statistics.quantiles(values, n=4, method="inclusive")[0 if lower else 2]


def ratios(own, base, more_is_better):
    """more_is_better: how often as fast (base/own), else what part of its cost (own/base)."""
    pairs = [(b, o) if more_is_better else (o, b) for o, b in zip(own, base)]
    return [a / b for a, b in pairs if b > 0]


def reaches(value, mark, more_is_better):
    return value >= mark if more_is_better else value <= mark
