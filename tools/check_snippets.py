#!/usr/bin/env python3
# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

"""Checks that the C++ in README.md and doc/ is cut from files that are compiled and run.

A block is preceded by <!-- snippet: example/beside_sockets.cpp#tag --> and equals what stands there
between "// [tag]" and "// [/tag]", less its indentation; without #tag it is the whole file. A block
that is no code of ours says <!-- no-snippet: reason --> instead. With --write, blocks are refreshed."""

import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(
    r"^(?:<!-- (?P<mark>[^\n]*?) -->\n\n?)?(?P<open>```(?:cpp|c\+\+)\n)(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL)


def region(source):
    """The text that 'path#tag' names; raises LookupError with what is wrong."""
    path, _, tag = source.partition("#")
    if not (ROOT / path).is_file():
        raise LookupError(f"no such file: {path}")
    text = (ROOT / path).read_text()
    if tag:
        name = re.escape(tag)
        found = re.findall(rf"^ *// \[{name}\]\n(.*?)^ *// \[/{name}\]$", text, re.M | re.S)
        if len(found) != 1:
            raise LookupError(f"{path} has {len(found)} regions // [{tag}] ... // [/{tag}]")
        text = found[0]
    inner_marks = re.compile(r"^ *// \[/?[\w-]+\]\n", re.MULTILINE)
    return textwrap.dedent(inner_marks.sub("", text)).strip("\n") + "\n"


def check(page, write):
    problems = []
    text = page.read_text()

    def visit(block):
        mark, code = block["mark"] or "", block["code"]
        where = f"{page.relative_to(ROOT)}:{text.count(chr(10), 0, block.start('open')) + 1}"
        if re.fullmatch(r"no-snippet: .+", mark):
            return block[0]
        if not mark.startswith("snippet: "):
            problems.append(f"{where}: C++ without a source; cut it from a compiled file and put "
                            "<!-- snippet: path#tag --> before it")
            return block[0]
        try:
            wanted = region(mark.removeprefix("snippet: ").strip())
        except LookupError as error:
            problems.append(f"{where}: {error}")
            return block[0]
        if code != wanted and not write:
            problems.append(f"{where}: differs from {mark.removeprefix('snippet: ')}; "
                            "tools/check_snippets.py --write refreshes it")
        return block[0][:block.start("code") - block.start()] + wanted + "```"

    fresh = BLOCK.sub(visit, text)
    if write and fresh != text:
        page.write_text(fresh)
    return problems


pages = [page for page in [ROOT / "README.md", *sorted((ROOT / "doc").rglob("*.md"))] if page.is_file()]
problems = [problem for page in pages for problem in check(page, "--write" in sys.argv)]
print("\n".join(problems) or f"{len(pages)} pages, every snippet is compiled code")
sys.exit(bool(problems))
