// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Numbers, enumerations, aggregates, a type with a serializer; hashed containers by their size.

#include "fuzz/decode.hpp"

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace {

enum class flag : bool { no, yes };
enum level : short { low, high };

struct person {
    std::string name;
    level rank;
    flag member;
    std::optional<double> height;
    std::vector<person> children;
    std::map<std::string, std::vector<person>> friends;
};

class even {
public:
    explicit even(unsigned n) : n_(n) {}
    unsigned get() const { return n_; }

private:
    unsigned n_;
};

// Sent again as the number of its elements.
template <class Container>
struct counted {
    std::size_t elements;
};

}  // namespace

template <>
struct cofu::serializer<even> {
    static void write(byte_writer& to, even const& e) { encode(to, e.get()); }
    static even read(byte_reader& from)
    {
        auto const n = decode<unsigned>(from);
        if (n % 2 != 0)
            byte_reader::fail("an odd number");
        return even(n);
    }
};

template <class Container>
struct cofu::serializer<counted<Container>> {
    static void write(byte_writer& to, counted<Container> const& c)
    {
        encode(to, false);
        encode(to, c.elements);
    }
    static counted<Container> read(byte_reader& from)
    {
        if (decode<bool>(from))
            return {decode<Container>(from).size()};
        return {decode<std::size_t>(from)};
    }
};

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    cofu::test::try_as_one_of<
        bool, int, flag, std::vector<flag>, person, std::vector<person>, std::vector<even>,
        counted<std::unordered_set<std::string>>, counted<std::unordered_multimap<int, person>>>(
        data, size);
    return 0;
}
