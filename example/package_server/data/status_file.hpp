// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Reads Debian's package database, the text file /var/lib/dpkg/status.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace package_server {

/// One installed package, as its paragraph in the status file tells it.
struct package {
    std::string name;
    std::string architecture;
    std::string version;
    std::string section;
    std::string maintainer;
    std::string summary;      ///< first line of the description
    std::string description;  ///< the whole description, lines joined by '\n'
    std::string depends;
    std::uint64_t installed_kib = 0;  ///< what the package says it takes on disk

    /// "libc6:amd64": unique even where two architectures of one package are installed.
    std::string full_name() const { return name + ':' + architecture; }
};

/// The installed packages in the order of the file.
/// Throws std::runtime_error that names the file when it cannot be read or holds no package.
std::vector<package> read_status_file(std::filesystem::path const& file);

}  // namespace package_server
