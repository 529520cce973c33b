// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/boost_serialization.hpp>

#include <cofu/error.hpp>

#include "support/encoded.hpp"

#include <boost/serialization/access.hpp>
#include <boost/serialization/optional.hpp>
#include <boost/serialization/split_member.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

using namespace cofu::test;

namespace shop {

class account {
public:
    account() = default;
    account(std::string owner, long cents) : owner_(std::move(owner)), cents_(cents) {}

    template <class Archive>
    void serialize(Archive& archive, unsigned)
    {
        archive& owner_& cents_;
    }
    friend bool operator==(account const&, account const&) = default;

private:
    std::string owner_;
    long cents_ = 0;
};

struct base {
    int n = 0;
    template <class Archive>
    void serialize(Archive& archive, unsigned)
    {
        archive& boost::serialization::make_nvp("n", n);
    }
};

struct derived : base {
    std::vector<account> accounts;
    double table[3] = {};
    std::map<std::string, account> by_name;

    template <class Archive>
    void serialize(Archive& archive, unsigned version)
    {
        archive& boost::serialization::base_object<base>(*this);
        archive& BOOST_SERIALIZATION_NVP(accounts);
        archive& table;
        archive& by_name;
        seen_version = version;
    }
    unsigned seen_version = 0;
};

class hidden {
public:
    hidden() = default;
    explicit hidden(int n) : n_(n) {}
    int get() const { return n_; }

private:
    friend class boost::serialization::access;

    template <class Archive>
    void save(Archive& archive, unsigned) const
    {
        archive << n_;
    }
    template <class Archive>
    void load(Archive& archive, unsigned)
    {
        archive >> n_;
        if (n_ < 0)
            throw std::domain_error("negative");
    }
    BOOST_SERIALIZATION_SPLIT_MEMBER()

    int n_ = 0;
};

struct outside {
    int n = 0;
    boost::optional<int> maybe;
};

template <class Archive>
void serialize(Archive& archive, outside& o, unsigned)
{
    archive& o.n& o.maybe;
}

}  // namespace shop

BOOST_CLASS_VERSION(shop::derived, 7)

template <>
struct cofu::serializer<shop::hidden> : cofu::boost_serializer<shop::hidden> {};

BOOST_AUTO_TEST_SUITE(boost_serialization)

BOOST_AUTO_TEST_CASE(PPE_02_a_class_with_serialize_crosses)
{
    shop::account const before("A", 250);

    BOOST_TEST((round_trip(before) == before));
    BOOST_TEST((round_trip(std::vector{before, before}) == std::vector{before, before}));
    BOOST_TEST(truncations_accepted(before) == 0u);
    BOOST_TEST(try_every_change(before) > 0u);
}

BOOST_AUTO_TEST_CASE(bases_arrays_and_names_are_known)
{
    shop::derived before;
    before.n = 3;
    before.accounts = {{"A", 1}, {"B", 2}};
    before.table[2] = 2.5;
    before.by_name["C"] = {"C", 3};

    auto const after = round_trip(before);

    BOOST_TEST(after.n == 3);
    BOOST_TEST((after.accounts == before.accounts));
    BOOST_TEST(after.table[2] == 2.5);
    BOOST_TEST((after.by_name == before.by_name));
    BOOST_TEST(after.seen_version == 7u);
    BOOST_TEST(truncations_accepted(before) == 0u);
}

BOOST_AUTO_TEST_CASE(a_private_save_and_load_need_one_line)
{
    BOOST_TEST(round_trip(shop::hidden(5)).get() == 5);
    BOOST_CHECK_THROW(round_trip(shop::hidden(-5)), std::domain_error);
}

BOOST_AUTO_TEST_CASE(a_function_in_the_types_namespace_is_found)
{
    shop::outside before;
    before.n = 1;
    before.maybe = 2;

    auto const after = round_trip(before);

    BOOST_TEST(after.n == 1);
    BOOST_TEST(after.maybe.value() == 2);
}

BOOST_AUTO_TEST_SUITE_END()
