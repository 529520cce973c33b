#!/usr/bin/env python3
# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

"""Checks that each relative link in the project's Markdown leads to a file, and to a heading of it."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINK = re.compile(r"\]\((?!\w+:)([^)\s#]*)(?:#([^)\s]+))?\)")


def prose(page):
    return re.sub(r"^```.*?^```|`[^`\n]+`", "", page.read_text(), flags=re.M | re.S)


def anchors(page):
    headings = re.findall(r"^#+ +(.+?) *$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


problems = []
pages = [*ROOT.glob("*.md"), *(page for folder in ("doc", "example", "test", "bench")
                               for page in (ROOT / folder).rglob("*.md"))]
for page in sorted(pages):
    for path, anchor in LINK.findall(prose(page)):
        target = page.parent / path if path else page
        if not target.exists():
            problems.append(f"{page.relative_to(ROOT)}: no such file: {path}")
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            problems.append(f"{page.relative_to(ROOT)}: no such heading: {path}#{anchor}")
print("\n".join(problems) or f"{len(pages)} pages, every link leads somewhere")
sys.exit(bool(problems))
