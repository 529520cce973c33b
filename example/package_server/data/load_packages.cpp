// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "package_db.hpp"
#include "sqlite.hpp"

namespace package_server {

void load_packages(data_paths const& paths)
{
    std::filesystem::remove(paths.database);  // an old one must not pass for this
    auto const packages = read_status_file(paths.status);
    auto db = sqlite(paths.database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    db.run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;"
           "CREATE TABLE package (name TEXT, architecture TEXT, version TEXT, section TEXT,"
           " maintainer TEXT, summary TEXT, description TEXT, depends TEXT);");
    sqlite_statement insert(db, "INSERT INTO package VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    for (auto const& p : packages) {
        int place = 0;
        for (auto const* text : {&p.name, &p.architecture, &p.version, &p.section, &p.maintainer,
                                 &p.summary, &p.description, &p.depends})
            insert.bind(++place, *text);
        insert.step();
        insert.reset();
    }
    db.run("CREATE INDEX by_name ON package (name); COMMIT;");
}

}  // namespace package_server
