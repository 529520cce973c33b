// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "package_db.hpp"

#include <algorithm>
#include <optional>

#include "../server/http_error.hpp"
#include "sqlite.hpp"

namespace package_server {
namespace {

char const* column(search_field field)
{
    switch (field) {
    case search_field::name:
        return "name";
    case search_field::description:
        return "description";
    case search_field::maintainer:
        return "maintainer";
    case search_field::section:
        return "section";
    }
    return "";
}

// Each thread that asks keeps a connection of its own, opened by its first question: a worker of
// the pool, or the thread of the loop when handlers block. It closes when the thread ends.
sqlite& connection_of_this_thread(std::filesystem::path const& file)
{
    thread_local std::optional<sqlite> connection;
    if (connection)
        return *connection;
    try {
        return connection.emplace(file, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX);
    } catch (sqlite_error const& e) {
        throw http_error(http::status::service_unavailable,
                         "no package database at " + file.string()
                             + ": start the server with --status FILE (" + e.what() + ")");
    }
}

// Interrupts the thread's query once a stop is requested; SQLite asks every 1000 instructions.
struct stoppable {
    stoppable(sqlite& db, std::stop_token& stop) : db(db)
    {
        auto const asked = [](void* s) -> int {
            return static_cast<std::stop_token*>(s)->stop_requested();
        };
        sqlite3_progress_handler(db.handle(), 1000, asked, &stop);
    }
    ~stoppable() { sqlite3_progress_handler(db.handle(), 0, nullptr, nullptr); }
    sqlite& db;
};

std::string like_pattern(std::string const& word)
{
    std::string pattern = "%";
    for (char c : word) {
        if (c == '%' || c == '_' || c == '\\')
            pattern += '\\';
        pattern += c;
    }
    return pattern + '%';
}

}  // namespace

package find_package(data_paths const& paths, std::string const& name)
{
    auto const colon = std::min(name.find(':'), name.size());
    auto const architecture = colon == name.size() ? "%" : name.substr(colon + 1);
    auto& db = connection_of_this_thread(paths.database);
    sqlite_statement query(db, "SELECT name, architecture, version, section, maintainer, summary,"
                               " description, depends FROM package"
                               " WHERE name = ?1 AND (?2 = '%' OR architecture = ?2)");
    query.bind(1, std::string_view(name).substr(0, colon)).bind(2, architecture);
    if (!query.step())
        throw http_error(http::status::not_found, "no installed package is called '" + name
                                                      + "': /search?q=WORD finds names");
    return {.name = query.text(0),
            .architecture = query.text(1),
            .version = query.text(2),
            .section = query.text(3),
            .maintainer = query.text(4),
            .summary = query.text(5),
            .description = query.text(6),
            .depends = query.text(7)};
}

search_batch search_by(std::stop_token stop, data_paths const& paths, search_field field,
                       std::string const& word)
{
    auto& db = connection_of_this_thread(paths.database);
    stoppable const guard(db, stop);
    auto const sql = std::string("SELECT name, version, summary FROM package WHERE ")
                     + column(field) + " LIKE ? ESCAPE '\\' ORDER BY name";
    sqlite_statement query(db, sql.c_str());
    search_batch batch{column(field), {}};
    for (query.bind(1, like_pattern(word)); query.step();)
        batch.rows.push_back({query.text(0), query.text(1), query.text(2)});
    return batch;
}

}  // namespace package_server
