// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The newest entry of a package's changelog, unpacked by zlib: a C library on data that may be bad.

#pragma once

#include <string>

namespace package_server {

/// Blocks. Throws http_error: not_found without a changelog, bad_gateway where zlib refuses it.
/// Takes any file name, so that it can run in another process, where only values arrive.
std::string newest_change(std::string package);

/// Writes through a null pointer, as a C library may that was given bad data.
void crash();

}  // namespace package_server
