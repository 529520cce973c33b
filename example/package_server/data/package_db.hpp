// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The package database in SQLite and the blocking questions that the server asks of it.

#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "status_file.hpp"

namespace package_server {

/// Where the data lies.
struct data_paths {
    std::filesystem::path status = "/var/lib/dpkg/status";
    std::filesystem::path info = "/var/lib/dpkg/info";  ///< holds NAME.list or NAME:ARCH.list
    std::filesystem::path database = {};                ///< the SQLite file made from `status`
};

/// Which column a search looks into.
enum class search_field { name, description, maintainer, section };
inline constexpr search_field search_fields[] = {search_field::name, search_field::description,
                                                 search_field::maintainer, search_field::section};

struct search_row {
    std::string name, version, summary;
};
struct search_batch {
    std::string matched;  ///< the column where the word was found
    std::vector<search_row> rows;
};

/// Reads paths.status and writes paths.database anew. Throws std::runtime_error.
void load_packages(data_paths const& paths);

/// The package called "NAME" or "NAME:ARCH".
/// Blocks. Throws http_error: not_found, service_unavailable when there is no database.
package find_package(data_paths const& paths, std::string const& name);

/// Every package whose field contains the word, upper and lower case alike.
/// Blocks; ends early by throwing sqlite_error when a stop is requested.
search_batch search_by(std::stop_token stop, data_paths const& paths, search_field field,
                       std::string const& word);

}  // namespace package_server
