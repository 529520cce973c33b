// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/remote_exception.hpp>

#include <cofu/error.hpp>
#include <cofu/serialization.hpp>

#include "detail/exception_registry.hpp"
#include "detail/stack_text.hpp"
#include "detail/thrown_stacks.hpp"

#include <cxxabi.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cofu::detail {

struct origin_access {
    static late_text const& trace(remote_origin const& origin) noexcept
    {
        return origin.text_->trace;
    }
};

namespace {

// What is sent of one exception; one nested in it follows.
struct sent_exception {
    std::string registered_name;  // empty: it becomes a remote_error
    std::string type_name;
    std::string message;
    std::string trace;  // what came as text, else the stack
    stack_tokens stack;
    std::vector<std::byte> values;  // what its codec wrote
    bool has_nested = false;
};

void keep_trace(late_text const& trace, sent_exception& sent)
{
    if (auto const* const source = dynamic_cast<stack_source const*>(&trace.made_of()))
        sent.stack = source->stack();
    else
        sent.trace = trace.get();
}

late_text trace_of(sent_exception const& sent)
{
    if (sent.stack.frames.empty())
        return sent.trace;
    return late_text(std::make_shared<stack_source const>(sent.stack));
}

// One that came from another worker keeps what that one said of it.
void describe(std::exception const& e, sent_exception& sent)
{
    sent.registered_name = exception_name(typeid(e));
    sent.type_name = sent.registered_name;
    sent.message = e.what();
    if (auto const* const origin = origin_of(e)) {
        sent.type_name = origin->type_name();
        sent.message = origin->message();
        keep_trace(origin_access::trace(*origin), sent);
    }
}

void describe(std::exception_ptr const& error, sent_exception& sent)
{
    try {
        std::rethrow_exception(error);
    } catch (std::exception const& e) {
        describe(e, sent);
    } catch (...) {
        auto const* const type = abi::__cxa_current_exception_type();
        sent.registered_name = type ? exception_name(*type) : "";
        sent.type_name = type ? sent.registered_name : "an exception that is not C++'s";
        sent.message = "not a std::exception";
    }
}

std::exception_ptr nested_in(std::exception_ptr const& error)
{
    try {
        std::rethrow_exception(error);
    } catch (std::nested_exception const& e) {
        return e.nested_ptr();
    } catch (...) {
        return nullptr;
    }
}

// Leaves the registered name only if its codec is there and works.
void add_values(std::exception_ptr const& error, sent_exception& sent)
{
    auto const codec = exception_registry::instance().find(sent.registered_name);
    sent.registered_name = codec ? sent.registered_name : "";
    if (!codec)
        return;
    try {
        byte_writer values;
        codec->write(values, error);
        sent.values.assign(values.bytes().begin(), values.bytes().end());
    } catch (...) {
        sent.registered_name.clear();  // an error code of a foreign category, for example
    }
}

void encode_levels(byte_writer& writer, std::exception_ptr error)
{
    for (unsigned level = 1; error; ++level) {
        auto const nested = level < max_nested_exceptions ? nested_in(error) : nullptr;
        sent_exception sent;
        if (auto stack = take_thrown_stack(error))
            sent.stack = std::move(*stack);
        describe(error, sent);
        add_values(error, sent);
        sent.has_nested = nested != nullptr;
        encode(writer, sent);
        error = nested;
    }
}

// What even a nearly full writer may hold.
void encode_short_form(byte_writer& writer)
{
    encode(writer, sent_exception{"", "an exception", "too large to be sent", "", {}, {}, false});
}

class BOOST_SYMBOL_VISIBLE remote_error_nested : public remote_error, public std::nested_exception {
public:
    using remote_error::remote_error;
};

std::exception_ptr make_remote_error(sent_exception const& sent, std::exception_ptr const& nested)
{
    if (!nested)
        return std::make_exception_ptr(remote_error(sent.type_name, sent.message, trace_of(sent)));
    try {
        std::rethrow_exception(nested);
    } catch (...) {
        return std::make_exception_ptr(
            remote_error_nested(sent.type_name, sent.message, trace_of(sent)));
    }
}

std::exception_ptr decode_level(byte_reader& reader)
{
    byte_reader::nested const deeper(reader);
    auto const sent = decode<sent_exception>(reader);
    auto const nested = sent.has_nested ? decode_level(reader) : nullptr;
    auto const codec = exception_registry::instance().find(sent.registered_name);
    if (!codec)
        return make_remote_error(sent, nested);
    byte_reader values(sent.values);
    auto rebuilt =
        codec->read(values, remote_origin(sent.type_name, sent.message, trace_of(sent)), nested);
    values.expect_end();
    return rebuilt;
}

}  // namespace

void encode_exception(byte_writer& writer, std::exception_ptr const& error) noexcept
{
    std::size_t const before = writer.size();
    try {
        encode_levels(writer, error);
        return;
    } catch (...) {
        writer.truncate(before);
    }
    try {
        encode_short_form(writer);
    } catch (...) {
        writer.truncate(before);
    }
}

std::exception_ptr decode_exception(byte_reader& reader) noexcept
{
    try {
        return decode_level(reader);
    } catch (transport_error const&) {
        return std::current_exception();
    } catch (std::exception const& e) {
        try {
            throw transport_error(std::string("an exception of the call could not be rebuilt: ")
                                  + e.what());
        } catch (...) {
            return std::current_exception();
        }
    } catch (...) {
        return std::make_exception_ptr(
            transport_error("an exception of the call could not be rebuilt"));
    }
}

}  // namespace cofu::detail
