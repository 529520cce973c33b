// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The page at "/": what to try in a browser.

#pragma once

namespace package_server {

inline constexpr char index_page[] = R"(<!doctype html>
<title>package_server</title>
<h1>Packages of this machine</h1>
<ul>
<li><a href="/packages/bash">/packages/bash</a>: a package (a blocking SQLite query)
<li><a href="/search?q=library">/search?q=library</a>: four queries at once, rows as they come
<li><a href="/digest/coreutils">/digest/coreutils</a>: SHA-256 of every file of a package
<li><a href="/changelog/bash">/changelog/bash</a>: its newest entry, unpacked by zlib in a worker process
<li><a href="/stats">/stats</a>: what the pool is doing
<li><a href="/ping">/ping</a>: how quick the loop is
</ul>
<form action="/search">Search: <input name="q" autofocus></form>
)";

}  // namespace package_server
