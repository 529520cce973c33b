// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/remote_exception.hpp>

#include <cofu/detail/exception_text.hpp>
#include <cofu/error.hpp>
#include <cofu/register_exception.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/thread/exceptions.hpp>
#include <boost/throw_exception.hpp>

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
#include <string>
#include <system_error>
#include <typeinfo>
#include <variant>
#include <vector>

using namespace cofu::detail;

namespace {

std::vector<std::byte> sent(std::exception_ptr const& error)
{
    cofu::byte_writer writer;
    encode_exception(writer, error);
    return {writer.bytes().begin(), writer.bytes().end()};
}

std::exception_ptr received(std::span<std::byte const> bytes)
{
    cofu::byte_reader reader(bytes);
    return decode_exception(reader);
}

template <class E>
std::exception_ptr cross(E const& error)
{
    return received(sent(std::make_exception_ptr(error)));
}

// Calls `check` with what was received, if it can be caught as an E.
template <class E, class Check>
void caught_as(std::exception_ptr const& error, Check check)
{
    try {
        std::rethrow_exception(error);
    } catch (E const& e) {
        check(e);
    } catch (...) {
        BOOST_ERROR("caught as " << exception_text(std::current_exception()));
    }
}

// It keeps its type, what it says, and knows where it comes from.
template <class E>
void keeps_its_type(E const& before)
{
    std::string const name = type_text(typeid(E));
    BOOST_TEST_CONTEXT(name)
    {
        caught_as<E>(cross(before), [&](E const& after) {
            BOOST_TEST(after.what() == std::string(before.what()));
            auto const* const origin = cofu::origin_of(after);
            BOOST_REQUIRE(origin);
            BOOST_TEST(origin->type_name() == name);
            BOOST_TEST(origin->message() == before.what());
        });
    }
}

template <class... E>
void keep_their_types()
{
    (keeps_its_type(E()), ...);
}

template <class... E>
void with_a_text_keep_their_types()
{
    (keeps_its_type(E("a text")), ...);
}

struct not_registered : std::logic_error {
    using logic_error::logic_error;
};
struct by_text : std::runtime_error {
    using runtime_error::runtime_error;
};
struct by_default : std::exception {
    char const* what() const noexcept override { return "nothing to say"; }
};
class with_data : public std::runtime_error {
public:
    with_data(std::string const& text, int code) : runtime_error(text), code(code) {}
    int code;
};
struct last : std::runtime_error {
    explicit last(std::string const& text) : runtime_error(text) {}
};
struct final_one final : std::runtime_error {
    using runtime_error::runtime_error;
};
struct plain {
    int n;
};
struct breaks_when_sent : std::runtime_error {
    breaks_when_sent() : runtime_error("fragile") {}
};

class foreign_category final : public std::error_category {
public:
    char const* name() const noexcept override { return "foreign"; }
    std::string message(int) const override { return "?"; }
};

}  // namespace

template <>
struct cofu::serializer<with_data> {
    static void write(byte_writer& to, with_data const& e)
    {
        encode(to, std::string(e.what()));
        encode(to, e.code);
    }
    static with_data read(byte_reader& from)
    {
        auto const text = decode<std::string>(from);
        return with_data(text, decode<int>(from));
    }
};
template <>
struct cofu::serializer<breaks_when_sent> {
    static void write(byte_writer&, breaks_when_sent const&) { throw 1; }
    static breaks_when_sent read(byte_reader&) { return {}; }
};

namespace {

bool const registered =
    cofu::register_exception<by_text>() && cofu::register_exception<by_default>()
    && cofu::register_exception<with_data>() && cofu::register_exception<final_one>()
    && cofu::register_exception<plain>() && cofu::register_exception<int>()
    && cofu::register_exception<breaks_when_sent>();

}  // namespace

BOOST_AUTO_TEST_SUITE(remote_exception)

BOOST_AUTO_TEST_CASE(PPE_04_standard_exceptions_keep_their_type)
{
    with_a_text_keep_their_types<
        std::logic_error, std::invalid_argument, std::domain_error, std::length_error,
        std::out_of_range, std::runtime_error, std::range_error, std::overflow_error,
        std::underflow_error>();
    keep_their_types<std::exception, std::bad_alloc, std::bad_array_new_length, std::bad_cast,
                     std::bad_typeid, std::bad_exception, std::bad_function_call,
                     std::bad_weak_ptr, std::bad_optional_access, std::bad_variant_access,
                     std::bad_any_cast>();
}

BOOST_AUTO_TEST_CASE(PPE_04_standard_exceptions_keep_their_codes)
{
    auto const missing = std::make_error_code(std::errc::no_such_file_or_directory);
    keeps_its_type(std::system_error(missing, "open"));
    keeps_its_type(std::system_error(missing));
    keeps_its_type(std::ios_base::failure("read", std::io_errc::stream));
    keeps_its_type(std::future_error(std::future_errc::broken_promise));
    keeps_its_type(std::regex_error(std::regex_constants::error_brack));
    keeps_its_type(std::filesystem::filesystem_error("copy", "/a", "/b", missing));

    caught_as<std::system_error>(cross(std::system_error(missing, "open")), [&](auto const& e) {
        BOOST_TEST((e.code() == missing));
        std::system_error const sliced = e;
        BOOST_TEST(sliced.what() == std::string(std::system_error(missing, "open").what()));
    });
    caught_as<std::filesystem::filesystem_error>(
        cross(std::filesystem::filesystem_error("copy", "/a", "/b", missing)), [&](auto const& e) {
            BOOST_TEST(e.path1() == "/a");
            BOOST_TEST(e.path2() == "/b");
            BOOST_TEST((e.code() == missing));
        });
    caught_as<std::regex_error>(
        cross(std::regex_error(std::regex_constants::error_brack)),
        [](auto const& e) { BOOST_TEST((e.code() == std::regex_constants::error_brack)); });
}

BOOST_AUTO_TEST_CASE(PPE_04_boosts_exceptions_keep_their_type)
{
    boost::system::error_code const refused = boost::asio::error::connection_refused;
    keeps_its_type(boost::system::system_error(refused, "connect"));
    keeps_its_type(boost::system::system_error(boost::asio::error::eof));

    caught_as<boost::system::system_error>(
        cross(boost::system::system_error(refused, "connect")),
        [&](auto const& e) { BOOST_TEST((e.code() == refused)); });
}

BOOST_AUTO_TEST_CASE(PPE_04_what_boost_wraps_around_an_exception_does_not_matter)
{
    boost::system::error_code const eof = boost::asio::error::eof;
    caught_as<boost::system::system_error>(
        cross(boost::wrapexcept<boost::system::system_error>(boost::system::system_error(eof))),
        [&](auto const& e) {
            BOOST_TEST((e.code() == eof));
            BOOST_TEST(cofu::origin_of(e)->type_name() == "boost::system::system_error");
        });
    caught_as<std::out_of_range>(
        cross(boost::wrapexcept<std::out_of_range>(std::out_of_range("index"))),
        [&](auto const& e) { BOOST_TEST(e.what() == std::string("index")); });
}

BOOST_AUTO_TEST_CASE(PPE_04_the_librarys_own_errors_keep_their_type)
{
    using namespace cofu;
    keep_their_types<cancelled_error, timeout_error, broken_promise, shut_down_error,
                     queue_full_error, broken_thread_pool, broken_process_pool>();
    with_a_text_keep_their_types<timeout_error, invalid_state_error, broken_thread_pool,
                                 broken_process_pool, task_timed_out, transport_error>();
    keeps_its_type(error(errc::deadlock, "a and b"));
    keeps_its_type(broken_executor(errc::broken_process_pool));
    keeps_its_type(worker_crashed({12, 11, {}, "last"}));
    keeps_its_type(worker_crashed({12, {}, 3, ""}, errc::worker_lost));
    keeps_its_type(limit_exceeded("address space", 100, 200));

    caught_as<worker_crashed>(cross(worker_crashed({12, {}, 3, "last"}, errc::worker_lost)),
                              [](auto const& e) {
                                  BOOST_TEST(e.pid() == 12);
                                  BOOST_TEST(!e.signal());
                                  BOOST_TEST(e.exit_code().value() == 3);
                                  BOOST_TEST(e.last_words() == "last");
                                  BOOST_TEST((e.code() == errc::worker_lost));
                              });
    caught_as<timeout_error>(cross(timeout_error("2 (of 5)")), [](timeout_error const& e) {
        BOOST_TEST((e.code() == errc::timed_out));
        timeout_error const sliced = e;
        BOOST_TEST(sliced.what() == std::string(timeout_error("2 (of 5)").what()));
    });
}

BOOST_AUTO_TEST_CASE(an_interruption_is_a_cancelled_call)
{
    caught_as<cofu::cancelled_error>(cross(boost::thread_interrupted()), [](auto const&) {});
}

BOOST_AUTO_TEST_CASE(PPE_04_registered_exceptions_keep_their_type)
{
    BOOST_TEST(registered);
    keeps_its_type(by_text("mine"));
    keeps_its_type(by_default());
    keeps_its_type(with_data("mine", 77));

    caught_as<with_data>(cross(with_data("mine", 77)),
                         [](auto const& e) { BOOST_TEST(e.code == 77); });
    caught_as<final_one>(cross(final_one("sealed")), [](auto const& e) {
        BOOST_TEST(e.what() == std::string("sealed"));
    });
    caught_as<plain>(cross(plain{5}), [](auto const& e) { BOOST_TEST(e.n == 5); });
    caught_as<int>(cross(42), [](int e) { BOOST_TEST(e == 42); });
}

BOOST_AUTO_TEST_CASE(PPE_04_others_become_a_remote_error)
{
    caught_as<cofu::remote_error>(cross(not_registered("unknown")), [](auto const& e) {
        BOOST_TEST(e.type_name() == type_text(typeid(not_registered)));
        BOOST_TEST(e.what() == std::string("unknown"));
        BOOST_TEST(e.trace() == "");
        BOOST_TEST((e.code() == cofu::errc::remote_exception));
        BOOST_TEST((cofu::origin_of(e) == &e));
    });
    caught_as<cofu::remote_error>(cross(std::string("text")), [](auto const& e) {
        BOOST_TEST(e.type_name().find("string") != std::string::npos);
    });
    caught_as<std::runtime_error>(cross(not_registered("unknown")), [](auto const&) {});
}

BOOST_AUTO_TEST_CASE(PPE_04_one_that_can_not_be_sent_whole_becomes_a_remote_error)
{
    static foreign_category const foreign;

    caught_as<cofu::remote_error>(cross(breaks_when_sent()), [](auto const& e) {
        BOOST_TEST(e.what() == std::string("fragile"));
    });
    caught_as<cofu::remote_error>(cross(std::system_error(1, foreign)), [](auto const& e) {
        BOOST_TEST(e.type_name() == "std::system_error");
    });
}

BOOST_AUTO_TEST_CASE(PPE_04_nested_exceptions_are_kept)
{
    std::exception_ptr thrown;
    try {
        try {
            try {
                throw not_registered("inner");
            } catch (...) {
                std::throw_with_nested(std::out_of_range("middle"));
            }
        } catch (...) {
            std::throw_with_nested(not_registered("outer"));
        }
    } catch (...) {
        thrown = std::current_exception();
    }

    std::vector<std::string> chain;
    auto const follow = [&](auto const& self, std::exception_ptr const& error) -> void {
        try {
            std::rethrow_exception(error);
        } catch (std::exception const& e) {
            bool const as_itself = dynamic_cast<std::out_of_range const*>(&e);
            chain.push_back(e.what() + std::string(as_itself ? " as itself" : ""));
            if (auto const* const nested = dynamic_cast<std::nested_exception const*>(&e))
                self(self, nested->nested_ptr());
        }
    };
    follow(follow, received(sent(thrown)));

    BOOST_TEST((chain == std::vector<std::string>{"outer", "middle as itself", "inner"}));
}

BOOST_AUTO_TEST_CASE(a_long_chain_is_cut)
{
    auto error = std::make_exception_ptr(std::runtime_error("0"));
    for (int n = 1; n < 1000; ++n) {
        try {
            std::rethrow_exception(error);
        } catch (...) {
            try {
                std::throw_with_nested(std::runtime_error(std::to_string(n)));
            } catch (...) {
                error = std::current_exception();
            }
        }
    }

    auto after = received(sent(error));
    unsigned length = 0;
    while (after) {
        ++length;
        try {
            std::rethrow_exception(std::exchange(after, nullptr));
        } catch (std::nested_exception const& e) {
            after = e.nested_ptr();
        } catch (std::exception const& e) {
            BOOST_TEST(e.what() == std::to_string(1000 - max_nested_exceptions));
        }
    }

    BOOST_TEST(length == max_nested_exceptions);
}

BOOST_AUTO_TEST_CASE(one_that_crosses_twice_keeps_its_first_origin)
{
    auto const once = cross(cofu::remote_error("far::away", "unknown", "first"));
    auto const twice = received(sent(once));

    caught_as<cofu::remote_error>(twice, [](auto const& e) {
        BOOST_TEST(e.type_name() == "far::away");
        BOOST_TEST(e.message() == "unknown");
        BOOST_TEST(e.trace() == "first");
    });
}

BOOST_AUTO_TEST_CASE(one_that_is_larger_than_the_limit_is_said_to_be)
{
    cofu::byte_writer small(150), tiny(10);
    auto const huge = std::make_exception_ptr(std::runtime_error(std::string(1000, 'x')));

    encode_exception(small, huge);
    encode_exception(tiny, huge);

    caught_as<cofu::remote_error>(received(small.bytes()), [](auto const& e) {
        BOOST_TEST(e.what() == std::string("too large to be sent"));
    });
    caught_as<cofu::transport_error>(received(tiny.bytes()), [](auto const&) {});
}

BOOST_AUTO_TEST_CASE(R5_damaged_bytes_give_an_exception_that_was_sent_or_a_transport_error)
{
    std::exception_ptr thrown;
    try {
        try {
            throw std::system_error(2, std::generic_category(), "open");
        } catch (...) {
            std::throw_with_nested(with_data("outer", 1));
        }
    } catch (...) {
        thrown = std::current_exception();
    }
    auto bytes = sent(thrown);

    for (std::size_t n = 0; n < bytes.size(); ++n)
        caught_as<cofu::transport_error>(received({bytes.data(), n}), [](auto const&) {});
    std::size_t others = 0;
    for (auto& byte : bytes) {
        for (unsigned change = 1; change < 256; ++change) {
            byte ^= std::byte(change);
            auto const after = received(bytes);
            try {
                std::rethrow_exception(after);
            } catch (std::runtime_error const&) {
            } catch (...) {
                ++others;
            }
            byte ^= std::byte(change);
        }
    }

    BOOST_TEST(others == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
