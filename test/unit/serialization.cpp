// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/serialization.hpp>

#include <cofu/error.hpp>

#include "support/encoded.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace cofu::test;
using cofu::transportable;

namespace {

class money {
public:
    explicit money(long cents) : cents_(cents) {}
    long cents() const { return cents_; }

private:
    long cents_;
};

template <class T>
class box {
public:
    explicit box(T value) : value_(std::move(value)) {}
    T const& value() const { return value_; }

private:
    T value_;
};

class colour {
public:
    colour() = default;
    explicit colour(unsigned rgb) : rgb_(rgb) {}
    unsigned rgb() const { return rgb_; }

private:
    unsigned rgb_ = 0;
};

class private_inside {
public:
    int get() const { return n_; }

private:
    int n_ = 0;
};

struct immovable {
    int n = 0;
    immovable(int i) : n(i) {}
    immovable(immovable const&) = delete;
    immovable& operator=(immovable const&) = delete;
};

struct chain {
    int n;
    std::unique_ptr<chain> next;
};

}  // namespace

template <>
struct cofu::serializer<money> {
    static void write(byte_writer& to, money const& m) { encode(to, m.cents()); }
    static money read(byte_reader& from)
    {
        auto const cents = decode<long>(from);
        if (cents < 0)
            throw std::invalid_argument("a debt");
        return money(cents);
    }
};
template <cofu::transportable T>
struct cofu::serializer<box<T>> {
    static void write(byte_writer& to, box<T> const& b) { encode(to, b.value()); }
    static box<T> read(byte_reader& from) { return box<T>(decode<T>(from)); }
};
template <>
struct cofu::serializer<immovable> {
    static void write(byte_writer& to, immovable const& i) { encode(to, i.n); }
    static immovable read(byte_reader& from) { return immovable(decode<int>(from)); }
};
template <>
inline constexpr bool cofu::transport_as_bytes<colour> = true;

BOOST_AUTO_TEST_SUITE(serialization)

BOOST_AUTO_TEST_CASE(PPE_02_what_has_no_meaning_elsewhere_is_not_transportable)
{
    static_assert(!transportable<int*>);
    static_assert(!transportable<char const*>);
    static_assert(!transportable<std::nullptr_t>);
    static_assert(!transportable<int&>);
    static_assert(!transportable<int const>);
    static_assert(!transportable<int[3]>);
    static_assert(!transportable<void>);
    static_assert(!transportable<int money::*>);
    static_assert(!transportable<long (money::*)() const>);
    static_assert(!transportable<std::string_view>);
    static_assert(!transportable<std::span<int>>);
    static_assert(!transportable<std::initializer_list<int>>);
    static_assert(!transportable<std::reference_wrapper<int>>);
    static_assert(!transportable<std::shared_ptr<int>>);
    static_assert(!transportable<std::weak_ptr<int>>);
    static_assert(!transportable<std::function<void()>>);
    static_assert(!transportable<std::thread>);
    static_assert(!transportable<std::mutex>);
    static_assert(!transportable<private_inside>);
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_CASE(PPE_02_nor_is_anything_that_has_such_a_part)
{
    static_assert(!transportable<std::vector<int*>>);
    static_assert(!transportable<std::map<int, std::string_view>>);
    static_assert(!transportable<std::optional<std::span<int>>>);
    static_assert(!transportable<std::tuple<int, int&>>);
    static_assert(!transportable<std::pair<int, void*>>);
    static_assert(!transportable<std::variant<int, std::vector<char const*>>>);
    static_assert(!transportable<std::array<int*, 2>>);
    static_assert(!transportable<std::unique_ptr<int[]>>);
    static_assert(!transportable<std::unique_ptr<std::exception>>);
    static_assert(!transportable<box<int*>>);
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_CASE(PPE_02_a_lambda_crosses_only_without_captures)
{
    int n = 0;
    auto const nothing = [](int i) { return i; };
    auto const captures_none = [&](int i) { return i; };
    auto const by_value = [n] { return n; };
    auto const by_reference = [&n] { return n; };

    static_assert(transportable<std::remove_const_t<decltype(nothing)>>);
    static_assert(transportable<std::remove_const_t<decltype(captures_none)>>);
    static_assert(!transportable<std::remove_const_t<decltype(by_value)>>);
    static_assert(!transportable<std::remove_const_t<decltype(by_reference)>>);
    BOOST_TEST(by_value() + by_reference() == 0);
}

BOOST_AUTO_TEST_CASE(PPE_02_a_class_with_a_serializer_crosses)
{
    static_assert(transportable<money>);

    BOOST_TEST(round_trip(money(250)).cents() == 250);
    BOOST_TEST(round_trip(std::vector{money(1), money(2)})[1].cents() == 2);
    BOOST_TEST(round_trip(box<std::string>("inside")).value() == "inside");
    BOOST_TEST(round_trip(box<box<money>>(box<money>(money(7)))).value().value().cents() == 7);
}

BOOST_AUTO_TEST_CASE(a_serializer_refuses_what_its_type_does_not_allow)
{
    BOOST_CHECK_THROW(round_trip(money(-1)), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_class_that_can_not_be_moved_crosses)
{
    immovable const before(5);

    cofu::byte_writer writer;
    cofu::encode(writer, before);
    cofu::byte_reader reader(writer.bytes());
    immovable const after = cofu::decode<immovable>(reader);

    BOOST_TEST(after.n == 5);
}

BOOST_AUTO_TEST_CASE(PPE_02_a_class_may_be_declared_to_be_its_bytes)
{
    std::vector<colour> const colours{colour(0xff0000), colour(0x00ff00)};

    auto const after = round_trip(colours);

    BOOST_TEST(after.at(1).rgb() == 0x00ff00u);
    BOOST_TEST(encoded(colours).size() == 8 + 2 * sizeof(colour));
}

BOOST_AUTO_TEST_CASE(nesting_has_a_limit_on_both_sides)
{
    auto const chain_of = [](unsigned length) {
        std::unique_ptr<chain> head;
        for (unsigned n = 0; n < length; ++n)
            head.reset(new chain{static_cast<int>(n), std::move(head)});
        return head;
    };
    auto const longest = cofu::byte_writer::max_depth;
    std::vector<std::byte> hostile(10 * 5 * longest, std::byte(1));

    BOOST_TEST(round_trip(chain_of(longest))->n == int(longest) - 1);
    BOOST_CHECK_THROW(encoded(chain_of(longest + 1)), cofu::transport_error);
    BOOST_CHECK_THROW(decoded<std::unique_ptr<chain>>(hostile), cofu::transport_error);
}

BOOST_AUTO_TEST_SUITE_END()
