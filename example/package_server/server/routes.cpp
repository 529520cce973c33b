// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "routes.hpp"

#include <cofu/error.hpp>

#include <boost/json/serialize.hpp>

#include "http_error.hpp"
#include "index_page.hpp"
#include "url.hpp"

namespace package_server {
namespace {

constexpr std::string_view json_type = "application/json";

asio::awaitable<void> send_json(connection& client, json::object answer)
{
    co_await client.send(http::status::ok, json_type, json::serialize(answer) + '\n');
}

asio::awaitable<void> show_package(std::string name, connection& client, work& slow)
{
    auto const p = co_await slow.find(std::move(name));
    json::object answer{{"name", p.name},
                        {"version", p.version},
                        {"architecture", p.architecture},
                        {"section", p.section},
                        {"maintainer", p.maintainer},
                        {"depends", p.depends},
                        {"description", p.description}};
    co_await send_json(client, std::move(answer));
}

// {"word": W, "rows": [{"matched": "name", ...}, ...], "count": N}, one line a row.
asio::awaitable<void> search(std::string word, connection& client, work& slow)
{
    if (word.empty())
        throw http_error(http::status::bad_request, "a search needs a word: /search?q=WORD");
    std::size_t count = 0;
    auto head = "{\"word\": " + json::serialize(json::string(word)) + ", \"rows\": [\n";
    auto const send_batch = [&](search_batch batch) -> asio::awaitable<void> {
        std::string lines;
        // Begun with the first result, so that a search that fails still has a status to say so.
        if (!client.answering()) {
            co_await client.begin_stream(json_type);
            lines = std::move(head);
        }
        for (auto const& row : batch.rows) {
            if (count++ != 0)
                lines += ",\n";
            lines += json::serialize(json::object{{"matched", batch.matched},
                                                  {"name", row.name},
                                                  {"version", row.version},
                                                  {"summary", row.summary}});
        }
        co_await client.send_chunk(std::move(lines));
    };
    co_await slow.search(std::move(word), send_batch);
    co_await client.send_chunk("\n], \"count\": " + std::to_string(count) + "}\n");
    co_await client.end_stream();
}

// A name that stays one folder.
bool is_package_name(std::string_view name)
{
    return !name.empty() && name.find('/') == name.npos && name != "." && name != "..";
}

asio::awaitable<void> show_change(std::string name, connection& client, work& slow)
{
    if (!is_package_name(name))
        throw http_error(http::status::bad_request, "a package is needed: /changelog/NAME");
    auto entry = co_await slow.change(std::move(name));
    co_await client.send(http::status::ok, "text/plain", std::move(entry));
}

asio::awaitable<void> show_worker(connection& client, work& slow)
{
    auto const pid = co_await slow.worker();
    json::object answer{{"pid", pid}};
    co_await send_json(client, std::move(answer));
}

// A worker that dies costs its own request.
asio::awaitable<void> crash(connection& client, work& slow)
{
    try {
        co_await slow.crash();
    } catch (cofu::worker_crashed const& e) {
        throw http_error(http::status::bad_gateway, e.what());
    }
    co_await client.send(http::status::ok, "text/plain", "survived\n");
}

// {"package": P, "version": V, "files": [{"path", "sha256", "bytes"}, ...], "hashed": N, "missing": M}
asio::awaitable<void> digest(std::string name, connection& client, work& slow)
{
    auto files = co_await slow.files(std::move(name));
    std::size_t hashed = 0, missing = 0;
    auto const send_file = [&](file_digest file) -> asio::awaitable<void> {
        if (file.kind == file_digest::missing)
            ++missing;
        if (file.kind != file_digest::hashed)
            co_return;
        auto line = json::serialize(
            json::object{{"path", file.path}, {"sha256", file.sha256}, {"bytes", file.bytes}});
        co_await client.send_chunk((hashed++ == 0 ? "" : ",\n") + line);
    };
    auto head = json::serialize(json::object{{"package", files.owner.name},
                                             {"architecture", files.owner.architecture},
                                             {"version", files.owner.version}});
    head.replace(head.size() - 1, 1, ", \"files\": [\n");
    co_await client.begin_stream(json_type);
    co_await client.send_chunk(std::move(head));
    co_await slow.digest(std::move(files.paths), send_file);
    co_await client.send_chunk("\n], \"hashed\": " + std::to_string(hashed)
                               + ", \"missing\": " + std::to_string(missing) + "}\n");
    co_await client.end_stream();
}

}  // namespace

asio::awaitable<void> route(request const& asked, connection& client, work& slow, bool unsafe)
{
    if (asked.method() != http::verb::get)
        throw http_error(http::status::method_not_allowed, "only GET is answered here");
    auto const address = parse_url({asked.target().data(), asked.target().size()});
    std::string_view const path = address.path;
    auto const rest = [&](std::string_view prefix) {
        return std::string(path.substr(prefix.size()));
    };
    if (path == "/")
        co_return co_await client.send(http::status::ok, "text/html", index_page);
    if (path == "/ping")
        co_return co_await client.send(http::status::ok, "text/plain", "pong\n");
    if (path == "/stats")
        co_return co_await send_json(client, slow.stats());
    if (path == "/search")
        co_return co_await search(query_value(address, "q"), client, slow);
    if (path.starts_with("/packages/"))
        co_return co_await show_package(rest("/packages/"), client, slow);
    if (path.starts_with("/digest/"))
        co_return co_await digest(rest("/digest/"), client, slow);
    if (path.starts_with("/changelog/"))
        co_return co_await show_change(rest("/changelog/"), client, slow);
    if (path == "/worker")
        co_return co_await show_worker(client, slow);
    if (path == "/crash" && unsafe)
        co_return co_await crash(client, slow);
    throw http_error(http::status::not_found,
                     "no such address: try /, /ping, /stats, /packages/NAME, /search?q=WORD, "
                     "/digest/NAME or /changelog/NAME");
}

asio::awaitable<void> send_error(connection& client, http::status status, std::string message)
{
    auto body = json::serialize(json::object{{"error", std::move(message)}}) + '\n';
    co_await client.send(status, json_type, std::move(body));
}

}  // namespace package_server
