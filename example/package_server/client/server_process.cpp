// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "server_process.hpp"

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <stdexcept>

namespace package_server {
namespace {

std::vector<std::string> server_command(options const& o, bool blocking)
{
    std::vector<std::string> command = {std::filesystem::read_symlink("/proc/self/exe").string(),
                                        "--serve",
                                        "--port",
                                        "0",
                                        "--parent",
                                        std::to_string(::getpid()),
                                        "--workers",
                                        std::to_string(o.workers),
                                        "--status",
                                        o.paths.status.string(),
                                        "--info",
                                        o.paths.info.string(),
                                        "--database",
                                        o.paths.database.string()};
    if (blocking) {
        command.back() += ".inline";  // two servers may run side by side
        command.push_back("--inline");
    } else {
        command.push_back("--unsafe");
    }
    return command;
}

}  // namespace

server_process::server_process(options const& o, bool blocking)
    : child_(server_command(o, blocking))
{
    auto const line = child_.read_line();  // "listening on http://127.0.0.1:PORT/"
    auto const colon = line.rfind(':');
    if (!line.starts_with("listening on ") || colon == line.npos)
        throw std::runtime_error("the server did not start; it said '" + line + "'");
    port_ = static_cast<std::uint16_t>(std::stoul(line.substr(colon + 1)));
}

server_process::~server_process()
{
    if (!child_.running())
        return;
    child_.signal(SIGTERM);  // lets it remove its database
    child_.wait(2000);
}

void server_process::stop()
{
    child_.signal(SIGTERM);
    if (int const status = child_.wait(15000); status != 0)
        throw std::runtime_error(status < 0
                                     ? "the server did not end within 15 s of SIGTERM"
                                     : "the server ended with status " + std::to_string(status));
}

}  // namespace package_server
