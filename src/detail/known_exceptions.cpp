// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// The exceptions of the standard library, Boost and cofu, and what each needs to be made again.

#include "detail/exception_registry.hpp"

#include <cofu/detail/exception_text.hpp>
#include <cofu/error.hpp>
#include <cofu/serialization.hpp>

#include <boost/system/system_error.hpp>
#include <boost/thread/exceptions.hpp>

#include <any>
#include <filesystem>
#include <functional>
#include <future>
#include <ios>
#include <memory>
#include <new>
#include <optional>
#include <regex>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <typeinfo>
#include <variant>

namespace cofu::detail {
namespace {

using nested_ptr = std::exception_ptr const&;

// What a constructor took before it added the text of the code.
std::string without_suffix(std::string_view text, std::string const& suffix)
{
    if (text.ends_with(suffix))
        text.remove_suffix(suffix.size());
    if (text.ends_with(": "))
        text.remove_suffix(2);
    return std::string(text);
}

// One that is made by `Make` from the values that `Take` gets from it, a tuple.
template <class E, auto Take, auto Make>
exception_codec by_values()
{
    using values = decltype(Take(std::declval<E const&>()));
    return {[](byte_writer& writer, std::exception_ptr const& error) {
                try {
                    std::rethrow_exception(error);
                } catch (E const& e) {
                    encode<values>(writer, Take(e));
                }
            },
            [](byte_reader& reader, remote_origin const& origin, nested_ptr nested) {
                return make_rebuilt<E>(std::apply(Make, decode<values>(reader)), origin, nested);
            }};
}

template <class E>
exception_codec by_message()
{
    return {[](byte_writer&, std::exception_ptr const&) {},
            [](byte_reader&, remote_origin const& origin, nested_ptr nested) {
                return make_rebuilt<E>(E(origin.message()), origin, nested);
            }};
}

template <class E>
exception_codec by_default()
{
    return {[](byte_writer&, std::exception_ptr const&) {},
            [](byte_reader&, remote_origin const& origin, nested_ptr nested) {
                return make_rebuilt<E>(E(), origin, nested);
            }};
}

// A code, and a text that comes before the code's own.
template <class E>
exception_codec by_code_and_text()
{
    constexpr auto take = [](E const& e) {
        return std::tuple(e.code(), without_suffix(e.what(), e.code().message()));
    };
    constexpr auto make = [](auto code, std::string const& text) {
        if constexpr (std::is_constructible_v<E, decltype(code), std::string>)
            return E(code, text);
        else
            return E(text, code);
    };
    return by_values<E, take, make>();
}

// A class of ours with a text of its own before the code's.
template <class E>
exception_codec by_text()
{
    constexpr auto take = [](E const& e) {
        return std::tuple(without_suffix(e.what(), e.code().what()));
    };
    constexpr auto make = [](std::string const& text) { return E(text); };
    return by_values<E, take, make>();
}

// A class of ours whose code is a parameter.
template <class E>
exception_codec by_errc_and_text()
{
    constexpr auto take = [](E const& e) {
        return std::tuple(e.code().value(), without_suffix(e.what(), e.code().what()));
    };
    constexpr auto make = [](int code, std::string const& text) {
        return E(static_cast<errc>(code), text);
    };
    return by_values<E, take, make>();
}

exception_codec boost_system_error()
{
    using boost::system::system_error;
    constexpr auto take = [](system_error const& e) {
        return std::tuple(e.code(), without_suffix(e.what(), e.code().what()));
    };
    constexpr auto make = [](boost::system::error_code code, std::string const& text) {
        return text.empty() ? system_error(code) : system_error(code, text);
    };
    return by_values<system_error, take, make>();
}

exception_codec filesystem_error()
{
    using std::filesystem::filesystem_error, std::filesystem::path;
    constexpr auto take = [](filesystem_error const& e) {
        return std::tuple(e.code(), e.path1(), e.path2(),
                          without_suffix(e.std::system_error::what(), e.code().message()));
    };
    constexpr auto make = [](std::error_code code, path const& a, path const& b,
                             std::string const& text) { return filesystem_error(text, a, b, code); };
    return by_values<filesystem_error, take, make>();
}

exception_codec future_error()
{
    constexpr auto take = [](std::future_error const& e) { return std::tuple(e.code().value()); };
    constexpr auto make = [](int code) {
        return std::future_error(static_cast<std::future_errc>(code));
    };
    return by_values<std::future_error, take, make>();
}

exception_codec regex_error()
{
    constexpr auto take = [](std::regex_error const& e) { return std::tuple(int(e.code())); };
    constexpr auto make = [](int code) {
        if (code < 0 || code > int(std::regex_constants::error_stack))
            byte_reader::fail("a regular expression's error is none");
        return std::regex_error(static_cast<std::regex_constants::error_type>(code));
    };
    return by_values<std::regex_error, take, make>();
}

exception_codec crashed_worker()
{
    constexpr auto take = [](worker_crashed const& e) {
        return std::tuple(worker_end{e.pid(), e.signal(), e.exit_code(), e.last_words()},
                          e.code().value());
    };
    constexpr auto make = [](worker_end const& end, int code) {
        return worker_crashed(end, static_cast<errc>(code));
    };
    return by_values<worker_crashed, take, make>();
}

exception_codec exceeded_limit()
{
    constexpr auto take = [](limit_exceeded const& e) {
        return std::tuple(without_suffix(e.what(), e.code().what()), e.limit(), e.value());
    };
    constexpr auto make = [](std::string const& text, std::uint64_t limit, std::uint64_t value) {
        return limit_exceeded(text, limit, value);
    };
    return by_values<limit_exceeded, take, make>();
}

template <class... E>
void keep_by_message(exception_registry& registry)
{
    (registry.keep(exception_name(typeid(E)), by_message<E>()), ...);
}

template <class... E>
void keep_by_default(exception_registry& registry)
{
    (registry.keep(exception_name(typeid(E)), by_default<E>()), ...);
}

template <class... E>
void keep_by_text(exception_registry& registry)
{
    (registry.keep(exception_name(typeid(E)), by_text<E>()), ...);
}

void keep_standard(exception_registry& registry)
{
    keep_by_message<std::logic_error, std::invalid_argument, std::domain_error, std::length_error,
                    std::out_of_range, std::runtime_error, std::range_error, std::overflow_error,
                    std::underflow_error>(registry);
    keep_by_default<std::exception, std::bad_alloc, std::bad_array_new_length, std::bad_cast,
                    std::bad_typeid, std::bad_exception, std::bad_function_call, std::bad_weak_ptr,
                    std::bad_optional_access, std::bad_variant_access, std::bad_any_cast>(registry);
    registry.keep(exception_name(typeid(std::system_error)), by_code_and_text<std::system_error>());
    registry.keep(exception_name(typeid(std::ios_base::failure)),
                  by_code_and_text<std::ios_base::failure>());
    registry.keep(exception_name(typeid(std::filesystem::filesystem_error)), filesystem_error());
    registry.keep(exception_name(typeid(std::future_error)), future_error());
    registry.keep(exception_name(typeid(std::regex_error)), regex_error());
}

void keep_ours(exception_registry& registry)
{
    keep_by_default<cancelled_error, broken_promise, shut_down_error, queue_full_error>(registry);
    keep_by_text<timeout_error, invalid_state_error, broken_thread_pool, broken_process_pool,
                 task_timed_out, transport_error>(registry);
    registry.keep(exception_name(typeid(error)), by_errc_and_text<error>());
    registry.keep(exception_name(typeid(broken_executor)), by_errc_and_text<broken_executor>());
    registry.keep(exception_name(typeid(worker_crashed)), crashed_worker());
    registry.keep(exception_name(typeid(limit_exceeded)), exceeded_limit());
    // How a call that was interrupted ends.
    registry.keep(exception_name(typeid(interrupted_call)), by_default<cancelled_error>());
    registry.keep(exception_name(typeid(boost::thread_interrupted)), by_default<cancelled_error>());
}

}  // namespace

void keep_known_exceptions(exception_registry& registry)
{
    keep_standard(registry);
    keep_ours(registry);
    registry.keep(exception_name(typeid(boost::system::system_error)), boost_system_error());
}

}  // namespace cofu::detail
