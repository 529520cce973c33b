// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "options.hpp"

#include <unistd.h>

#include <charconv>
#include <functional>
#include <map>
#include <stdexcept>
#include <string_view>

namespace package_server {

char const usage[] = R"(package_server: an HTTP server over this machine's Debian packages

  package_server --serve [--port N] [--inline]   serve until Ctrl-C
  package_server --demo                          measure it with and without cofu, under a minute
  package_server --check                         a short self-check, a few seconds

  --inline           run slow work inside the handlers, without cofu
  --unsafe           answer /crash, which crashes a worker process
  --workers N        threads of the pool (0: cofu's default)
  --connections N    clients of the demo (64)     --seconds N   it measures each side (8)
  --seed N           chooses its packages and its load
  --status FILE      dpkg's status file (/var/lib/dpkg/status)
  --info DIR         its folder of file lists (/var/lib/dpkg/info)
  --database FILE    the SQLite file to write (beside this program; removed at the end)
)";

namespace {

template <class Number>
Number number(std::string_view option, std::string_view text, Number least, Number most)
{
    Number value{};
    auto const end = text.data() + text.size();
    auto const parsed = std::from_chars(text.data(), end, value);
    if (parsed.ec != std::errc() || parsed.ptr != end || value < least || value > most)
        throw std::invalid_argument(std::string(option) + " needs a number from "
                                    + std::to_string(least) + " to " + std::to_string(most)
                                    + ", not '" + std::string(text) + "'");
    return value;
}

// A name of its own for each process, so that two servers at once don't share a file.
std::filesystem::path default_database()
{
    auto const program = std::filesystem::read_symlink("/proc/self/exe");
    return program.parent_path() / ("packages-" + std::to_string(::getpid()) + ".sqlite");
}

}  // namespace

options parse_options(int argc, char const* const* argv)
{
    options o;
    std::string_view name, value;
    std::map<std::string_view, std::function<void()>> const flags = {
        {"--help", [&] { o.mode = options::help; }}, {"--serve", [&] { o.mode = options::serve; }},
        {"--demo", [&] { o.mode = options::demo; }}, {"--check", [&] { o.mode = options::check; }},
        {"--inline", [&] { o.blocking = true; }}, {"--unsafe", [&] { o.unsafe = true; }},
    };
    std::map<std::string_view, std::function<void()>> const settings = {
        {"--port", [&] { o.port = number<std::uint16_t>(name, value, 0, 65535); }},
        {"--workers", [&] { o.workers = number<std::size_t>(name, value, 0, 1024); }},
        {"--connections", [&] { o.connections = number<std::size_t>(name, value, 1, 1000); }},
        {"--seconds", [&] { o.seconds = number<unsigned>(name, value, 1, 20); }},
        {"--seed", [&] { o.seed = number<std::uint64_t>(name, value, 0, UINT64_MAX); }},
        {"--parent", [&] { o.parent = number<int>(name, value, 1, INT32_MAX); }},
        {"--status", [&] { o.paths.status = value; }},
        {"--info", [&] { o.paths.info = value; }},
        {"--database", [&] { o.paths.database = value; }},
    };
    for (int i = 1; i < argc; ++i) {
        name = argv[i];
        if (auto const flag = flags.find(name); flag != flags.end()) {
            flag->second();
            continue;
        }
        auto const setting = settings.find(name);
        if (setting == settings.end())
            throw std::invalid_argument("unknown option '" + std::string(name) + "'");
        if (++i == argc)
            throw std::invalid_argument(std::string(name) + " needs a value");
        value = argv[i];
        setting->second();
    }
    if (o.paths.database.empty())
        o.paths.database = default_database();
    return o;
}

}  // namespace package_server
