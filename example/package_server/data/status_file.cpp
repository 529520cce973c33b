// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "status_file.hpp"

#include <charconv>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string_view>

namespace package_server {
namespace {

using paragraph = std::map<std::string, std::string, std::less<>>;

// A line that begins with a space goes on with the field before it; " ." is an empty line.
void add_line(paragraph& fields, std::string& last, std::string_view line)
{
    if (line.front() == ' ' || line.front() == '\t') {
        line.remove_prefix(1);
        fields[last].append("\n").append(line == "." ? "" : line);
        return;
    }
    auto const colon = line.find(':');
    if (colon == line.npos)
        return;
    last = line.substr(0, colon);
    auto const value = line.find_first_not_of(" \t", colon + 1);
    fields[last] = value == line.npos ? "" : line.substr(value);
}

std::string take(paragraph& fields, std::string_view name)
{
    auto const found = fields.find(name);
    return found == fields.end() ? std::string() : std::move(found->second);
}

bool installed(paragraph const& fields)
{
    auto const status = fields.find("Status");
    return status != fields.end() && status->second.ends_with(" installed");
}

package to_package(paragraph& fields)
{
    package p{.name = take(fields, "Package"),
              .architecture = take(fields, "Architecture"),
              .version = take(fields, "Version"),
              .section = take(fields, "Section"),
              .maintainer = take(fields, "Maintainer"),
              .summary = {},
              .description = take(fields, "Description"),
              .depends = take(fields, "Depends")};
    p.summary = p.description.substr(0, p.description.find('\n'));
    auto const size = take(fields, "Installed-Size");
    std::from_chars(size.data(), size.data() + size.size(), p.installed_kib);
    return p;
}

}  // namespace

std::vector<package> read_status_file(std::filesystem::path const& file)
{
    std::ifstream in(file);
    if (!in)
        throw std::runtime_error("cannot read the package database " + file.string()
                                 + ": give the path of a dpkg status file with --status");
    std::vector<package> packages;
    paragraph fields;
    std::string line, last;
    auto const finish = [&] {
        if (installed(fields))
            packages.push_back(to_package(fields));
        fields.clear();
    };
    while (std::getline(in, line))
        line.empty() ? finish() : add_line(fields, last, line);
    finish();
    if (packages.empty())
        throw std::runtime_error("no installed package in " + file.string()
                                 + ": is it a dpkg status file?");
    return packages;
}

}  // namespace package_server
