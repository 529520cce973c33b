// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "answer_check.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "../server/url.hpp"

namespace package_server {
namespace {

namespace json = boost::json;

std::string expect(json::object const& answer, char const* field, std::string const& value)
{
    auto const* found = answer.if_contains(field);
    if (found && found->is_string() && found->get_string() == std::string_view(value))
        return {};
    return std::string(field) + " should be " + value + ", the answer has "
           + (found ? json::serialize(*found) : "none");
}

// An answer that was streamed says at its end how much there was.
std::string expect_all(json::object const& answer, char const* rows, char const* count)
{
    auto const& list = answer.at(rows).as_array();
    if (list.size() == answer.at(count).to_number<std::size_t>())
        return {};
    return std::string("has ") + std::to_string(list.size()) + ' ' + rows + ", but says otherwise";
}

std::string check_json(question const& q, json::object const& answer)
{
    std::string fault;
    switch (q.about) {
    case packages:
        fault = expect(answer, "name", q.asked.name);
        if (fault.empty())
            fault = expect(answer, "version", q.asked.version);
        return fault;
    case search:
        fault = expect(answer, "word", q.word);
        if (fault.empty())
            fault = expect_all(answer, "rows", "count");
        return fault;
    case digest:
        fault = expect(answer, "package", q.asked.name);
        if (fault.empty())
            fault = expect_all(answer, "files", "hashed");
        return fault;
    case ping:
    case endpoint_count:
        break;
    }
    return "not asked for";
}

}  // namespace

std::string target_of(question const& q)
{
    switch (q.about) {
    case packages:
        return "/packages/" + percent_encode(q.asked.full_name());
    case search:
        return "/search?q=" + percent_encode(q.word);
    case digest:
        return "/digest/" + percent_encode(q.asked.full_name());
    case ping:
    case endpoint_count:
        break;
    }
    return "/ping";
}

std::string check_answer(question const& q, unsigned status, std::string const& body)
{
    if (status != 200)
        return "status " + std::to_string(status) + " " + body;
    if (q.about == ping)
        return body == "pong\n" ? "" : "the body is not 'pong'";
    try {
        return check_json(q, json::parse(body).as_object());
    } catch (std::exception const& e) {
        return std::string("the body is not the JSON it should be: ") + e.what();
    }
}

}  // namespace package_server
