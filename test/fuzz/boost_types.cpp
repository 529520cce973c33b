// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Types of Boost.Serialization.

#include "fuzz/decode.hpp"

#include <cofu/boost_serialization.hpp>

#include <boost/serialization/optional.hpp>

#include <string>
#include <vector>

namespace shop {

struct item {
    std::string name;
    boost::optional<bool> sold;
    short sizes[3] = {};

    template <class Archive>
    void serialize(Archive& archive, unsigned)
    {
        archive& name& sold& sizes;
    }
};

struct stock : item {
    std::vector<item> items;
    std::vector<stock> branches;

    template <class Archive>
    void serialize(Archive& archive, unsigned)
    {
        archive& boost::serialization::base_object<item>(*this);
        archive& BOOST_SERIALIZATION_NVP(items) & branches;
    }
};

}  // namespace shop

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    cofu::test::try_as_one_of<shop::item, shop::stock, std::vector<shop::item>>(data, size);
    return 0;
}
