// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "changelog.hpp"

#include <zlib.h>

#include <cofu/register_exception.hpp>

#include <memory>
#include <string_view>
#include <type_traits>

#include "../server/http_error.hpp"

// What a call in a worker process throws arrives here as itself.
template <>
struct cofu::serializer<package_server::http_error> {
    static void write(byte_writer& to, package_server::http_error const& e)
    {
        encode(to, static_cast<unsigned>(e.status()));
        encode(to, std::string(e.what()));
    }
    static package_server::http_error read(byte_reader& from)
    {
        auto const status = decode<unsigned>(from);
        auto const message = decode<std::string>(from);
        return {static_cast<boost::beast::http::status>(status), message};
    }
};

namespace package_server {
namespace {

bool const registered = cofu::register_exception<http_error>();

struct close_file {
    void operator()(gzFile file) const { gzclose(file); }
};
using compressed_file = std::unique_ptr<std::remove_pointer_t<gzFile>, close_file>;

compressed_file open_changelog(std::string const& package)
{
    for (auto const* const name : {"changelog.Debian.gz", "changelog.gz"}) {
        auto const path = "/usr/share/doc/" + package + '/' + name;
        if (compressed_file file(gzopen(path.c_str(), "rbe")); file)
            return file;
    }
    throw http_error(http::status::not_found, "there is no changelog of '" + package
                                                  + "' here; slim images leave them out");
}

}  // namespace

std::string newest_change(std::string package)
{
    auto const file = open_changelog(package);
    std::string entry;
    char line[4096];
    while (entry.size() < 64 * 1024 && gzgets(file.get(), line, sizeof line)) {
        // "bash (5.2-1) unstable; urgency=medium" begins an entry, " -- Name <mail>  date" ends it.
        entry += line;
        if (std::string_view(line).starts_with(" -- "))
            break;
    }
    int error = Z_OK;
    auto const* const text = gzerror(file.get(), &error);
    if (error < 0)
        throw http_error(http::status::bad_gateway,
                         "the changelog of '" + package + "' can't be unpacked: " + text);
    return entry;
}

void crash()
{
    int volatile* volatile nowhere = nullptr;  // volatile twice: nothing may be left out
    *nowhere = 1;
}

}  // namespace package_server
