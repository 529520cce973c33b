// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// As much of SQLite as this server needs: a connection and a prepared statement that clean up.

#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace package_server {

/// An error that SQLite reports; code() is one of SQLITE_CANTOPEN, SQLITE_INTERRUPT ...
class sqlite_error : public std::runtime_error {
public:
    sqlite_error(int code, std::string const& what) : std::runtime_error(what), code_(code) {}
    int code() const noexcept { return code_; }

private:
    int code_;
};

/// A connection to a database file. Not thread-safe: each thread opens its own.
class sqlite {
public:
    sqlite(std::filesystem::path const& file, int flags)
    {
        sqlite3* opened = nullptr;
        int const code = sqlite3_open_v2(file.c_str(), &opened, flags, nullptr);
        db_.reset(opened);
        check(code);
    }
    void run(char const* sql) { check(sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr)); }
    void check(int code) const
    {
        if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE)
            throw sqlite_error(code, std::string("SQLite: ") + sqlite3_errmsg(db_.get()));
    }
    sqlite3* handle() const noexcept { return db_.get(); }

private:
    struct closer {
        void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
    };
    std::unique_ptr<sqlite3, closer> db_;
};

/// A prepared statement; `for (s.bind(1, x); s.step();) s.text(0)` reads its rows.
class sqlite_statement {
public:
    sqlite_statement(sqlite& db, char const* sql) : db_(db)
    {
        sqlite3_stmt* made = nullptr;
        db_.check(sqlite3_prepare_v2(db.handle(), sql, -1, &made, nullptr));
        statement_.reset(made);
    }
    sqlite_statement& bind(int place, std::string_view text)
    {
        db_.check(sqlite3_bind_text(statement_.get(), place, text.data(),
                                    static_cast<int>(text.size()), SQLITE_TRANSIENT));
        return *this;
    }
    bool step()
    {
        int const code = sqlite3_step(statement_.get());
        db_.check(code);
        return code == SQLITE_ROW;
    }
    void reset() { sqlite3_reset(statement_.get()); }
    std::string text(int column) const
    {
        auto const* bytes = sqlite3_column_text(statement_.get(), column);
        return bytes ? reinterpret_cast<char const*>(bytes) : "";
    }

private:
    struct finaliser {
        void operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }
    };
    sqlite& db_;
    std::unique_ptr<sqlite3_stmt, finaliser> statement_;
};

}  // namespace package_server
