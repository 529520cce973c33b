// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "verify.hpp"

#include <boost/json.hpp>

#include "../data/digest.hpp"
#include "../server/url.hpp"
#include "child.hpp"
#include "http_get.hpp"
#include "sha256sum.hpp"

namespace package_server {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

json::object get_json(std::uint16_t port, std::string const& target)
{
    auto const answer = http_get(port, target);
    if (answer.status != 200)
        throw std::runtime_error(target + ": status " + std::to_string(answer.status));
    return json::parse(answer.body).as_object();
}

std::size_t missing_of(std::vector<std::string> const& paths, sums const& hashed)
{
    std::size_t missing = 0;
    for (auto const& path : paths) {
        std::error_code ignored;
        auto const status = fs::status(path, ignored);
        if (!fs::exists(status) || (fs::is_regular_file(status) && !hashed.contains(path)))
            ++missing;
    }
    return missing;
}

std::string check_version(options const& o, std::uint16_t port, package const& p)
{
    auto const served = get_json(port, "/packages/" + percent_encode(p.full_name()));
    auto const known = output_of({"dpkg-query", "--admindir", o.paths.status.parent_path().string(),
                                  "-W", "-f", "${Version}", p.full_name()});
    auto const version = std::string(served.at("version").as_string());
    if (version == known)
        return {};
    return p.full_name() + ": version " + version + ", but dpkg-query says '" + known + "'";
}

std::string check_digests(options const& o, std::uint16_t port, package const& p,
                          verification& count)
{
    auto const served = get_json(port, "/digest/" + percent_encode(p.full_name()));
    sums hashed;
    for (auto const& file : served.at("files").as_array())
        hashed[std::string(file.at("path").as_string())] = file.at("sha256").as_string();
    auto const paths = listed_files(o.paths.info, p);
    auto const known = sha256sum(paths);
    auto const missing = served.at("missing").to_number<std::size_t>();
    count.digests += known.size();
    count.missing += missing;
    if (hashed != known)
        return p.full_name() + ": digests other than those of sha256sum";
    if (missing != missing_of(paths, known))
        return p.full_name() + ": wrong count of missing files";
    return {};
}

}  // namespace

verification verify_packages(options const& o, std::uint16_t port,
                             std::vector<package> const& chosen)
{
    verification v;
    for (auto const& p : chosen) {
        try {
            v.fault = check_version(o, port, p);
            if (v.fault.empty())
                v.fault = check_digests(o, port, p, v);
        } catch (std::exception const& e) {
            v.fault = p.full_name() + ": " + e.what();
        }
        if (!v.fault.empty())
            break;
        ++v.packages;
    }
    return v;
}

}  // namespace package_server
