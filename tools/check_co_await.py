#!/usr/bin/env python3
# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

"""Finds the temporaries that g++ 12 destroys twice: closures with captures and braced aggregates
inside the full-expression of a co_await. Looks through the C++ and the Markdown of the project.

It reads text, not types. Closures that capture by reference only, types of std:: and the aggregates
in SAFE, which are trivially destructible, pass; any other is to be named before the statement.
A page that explains the fault marks its sample with <!-- no-snippet: wrong -->.

--self-test runs it on the samples at the end of this file."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("example", "test", "bench", "doc")
SAFE = {"task_options", "map_options", "shutdown_options", "int", "bool", "char", "double", "size_t"}
OPEN, CLOSE = "([{", ")]}"
NOISE = re.compile(r'R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'(?!\w)|//[^\n]*|/\*.*?\*/', re.S)
FENCED = re.compile(r"(?<!no-snippet: wrong -->\n)^```(?:cpp|c\+\+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def partners(code):
    """Where the bracket that matches the one at each index is."""
    pairs, trail = {}, []
    for index, char in enumerate(code):
        if char in OPEN:
            trail.append(index)
        elif char in CLOSE and trail:
            pairs[index] = trail.pop()
            pairs[pairs[index]] = index
    return pairs


def full_expression(code, pairs, at):
    """The range of the full-expression, or a little more before it, around index `at`."""
    begin = at
    while begin > 0:
        char = code[begin - 1]
        if char in ";{":
            break
        if char in CLOSE:
            after = code[begin:at].lstrip()
            if char == "}" and not after.startswith((",", ")", "(", ".", "]", "}", "|", "&&", "+", "=")):
                break  # the end of the statement before
            begin = pairs.get(begin - 1, begin - 1)
        else:
            begin -= 1
    end = at
    while end < len(code):
        char = code[end]
        if char in ";}":
            break
        if char in OPEN:
            end = pairs.get(end, end)
        elif char == ")" and re.search(r"\b(if|while|for|switch)\s*$", code[:pairs.get(end, 0)]):
            break
        end += 1
    return begin, end


def captures_safely(captures):
    items = [item.strip() for item in re.sub(r"\([^()]*\)|\{[^{}]*\}", "", captures).split(",")]
    return all(item in ("", "this") or item.startswith("&") for item in items)


def faults(code):
    """Yields (index, what) for each unsafe temporary."""
    pairs, seen = partners(code), set()
    for found in re.finditer(r"\bco_await\b", code):
        index, end = full_expression(code, pairs, found.start())
        while index < end:
            char, before = code[index], code[:index].rstrip()
            if char == "[" and not re.search(r"(\w|\)|\]|\[)$", before) and code[index + 1] != "[":
                captures = code[index + 1:pairs.get(index, index)]
                if not captures_safely(captures) and index not in seen:
                    seen.add(index)
                    yield index, f"the closure [{captures}]"
                index = skip_lambda(code, pairs, index)
            elif char == "[" and re.search(r"\b(return|co_return|co_await)$", before):
                index = skip_lambda(code, pairs, index)
            elif char == "{":
                name = re.search(r"([\w:]+)\s*(<[^;{}]*>)?$", before)
                if name and not safe_type(name[1]) and index not in seen:
                    seen.add(index)
                    yield index, f"the temporary {name[1]}{{...}}"
            index += 1


def safe_type(name):
    return name.split("::")[-1] in SAFE or (name.startswith("std::") and name != "std::array")


def skip_lambda(code, pairs, index):
    """From the [ of a closure to the } of its body, whose statements are others."""
    index = pairs.get(index, index) + 1
    while index < len(code) and code[index] not in ";{":
        index = pairs.get(index, index) + 1 if code[index] in "([" else index + 1
    return pairs.get(index, index) if index < len(code) and code[index] == "{" else index


def check_code(text):
    """Lines and texts of what is wrong in a piece of C++."""
    code = NOISE.sub(lambda noise: blank(noise[0]), text)
    return [(code.count("\n", 0, index) + 1, what) for index, what in faults(code)]


def check_file(path):
    text = path.read_text()
    if path.suffix == ".md":
        text = "".join(part if number % 2 else blank(part)
                       for number, part in enumerate(FENCED.split(text)))
    for line, what in check_code(text):
        yield (f"{path.relative_to(ROOT)}:{line}: {what} is a temporary in an awaited expression, which "
               "g++ 12 destroys twice; pass arguments to a closure without captures, or name it first")


GOOD = """
co_await pool.submit([](int n) { return n; }, 7);
auto call = [text] { return text; }; co_await pool.submit(call);
co_await pool.submit([&] { return n; });  co_await pool.submit([&a, &b = c] { return a; });
co_await pool.submit(cofu::task_options{.name = "x"}, f);
co_spawn(io, [p]() -> awaitable<void> { co_await p->wait(); }, detached);
auto f = [p]() -> awaitable<int> { co_return co_await p->get(); }; g([p] { return 1; });
while (auto next = co_await stream.async_next()) { use([next] { return next; }); }
if (co_await ready()) { post(io, [text] { print(text); }); }
co_await timer.async_wait(names[i], std::string{"x"}); // co_await f([x] { });
"""
BAD = [
    "co_await pool.submit([text] { return text; });",
    "co_await pool.submit([=] { return text; });",
    "auto r = co_await pool.submit([&a, b = std::move(b)] { return b; });",
    "int n = g([text] { return 1; }, co_await f());",
    "if (ready) { x(); } co_await (f([p = q()] { }) || g());",
    "while (auto n = co_await s.next([text](int x) mutable -> int { return x; })) { }",
    "co_await pool.submit(options{.name = text}, f);",
    "co_await cofu::connect(my::point<int>{1, 2});",
    "co_return co_await f([*this] { });",
]


def self_test():
    wrong = [f"found in a good sample: {what}, line {line}" for line, what in check_code(GOOD)]
    wrong += [f"found {len(check_code(sample))} in: {sample}" for sample in BAD if len(check_code(sample)) != 1]
    return wrong, "finds all samples"


def check_project():
    files = [ROOT / "README.md"] + [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*"))
                                    if file.suffix in (".cpp", ".hpp", ".md")]
    files = [file for file in files if file.is_file()]
    return [fault for file in files for fault in check_file(file)], f"{len(files)} files, none found"


problems, verdict = self_test() if "--self-test" in sys.argv else check_project()
print("\n".join(problems) or verdict)
sys.exit(bool(problems))
