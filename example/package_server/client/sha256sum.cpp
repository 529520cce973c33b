// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "sha256sum.hpp"

#include <filesystem>

#include "child.hpp"

namespace package_server {
namespace {

// sha256sum -z writes "SUM  PATH\0" for each file.
void add_sums(sums& all, std::vector<std::string> const& command)
{
    std::string const output = output_of(command);
    for (std::size_t at = 0; at < output.size();) {
        auto const end = std::min(output.find('\0', at), output.size());
        all[output.substr(at + 66, end - at - 66)] = output.substr(at, 64);
        at = end + 1;
    }
}

}  // namespace

sums sha256sum(std::vector<std::string> const& paths)
{
    std::vector<std::string> const program = {"sha256sum", "-z", "--"};
    constexpr std::size_t batch = 500;  // arguments, well under what exec takes
    sums all;
    auto command = program;
    for (auto const& path : paths) {
        std::error_code ignored;
        if (std::filesystem::is_regular_file(path, ignored))
            command.push_back(path);
        if (command.size() < batch)
            continue;
        add_sums(all, command);
        command = program;
    }
    if (command.size() > program.size())
        add_sums(all, command);
    return all;
}

}  // namespace package_server
