// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// SHA-256 of the files that a package installed.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "package_db.hpp"

namespace package_server {

struct file_digest {
    enum kind_type {
        hashed,
        missing,    ///< not there or not readable, as most files are in a slim container image
        not_a_file  ///< a directory or device: nothing to hash
    };
    std::string path;
    kind_type kind = missing;
    std::string sha256 = {};  ///< 64 lower-case hexadecimal digits
    std::uint64_t bytes = 0;
};

struct package_files {
    package owner;
    std::vector<std::string> paths;
};

/// The package and the paths that dpkg lists for it, directories too.
/// Blocks. Throws http_error as find_package does; internal_server_error without a list.
package_files files_of(data_paths const& paths, std::string const& name);

/// The same for a package already found.
std::vector<std::string> listed_files(std::filesystem::path const& info, package const& owner);

/// Hashes the file at the path, following links. Blocks. A file that cannot be read is `missing`.
file_digest digest_file(std::string path);

}  // namespace package_server
