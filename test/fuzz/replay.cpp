// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Stands in for libFuzzer: gives each file of the folders named to the target, and then each with a
// few bytes changed. Prints the file before it is tried, so that the last name is the culprit's.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

namespace {

void try_input(std::string const& input)
{
    LLVMFuzzerTestOneInput(reinterpret_cast<std::uint8_t const*>(input.data()), input.size());
}

void try_changed(std::string const& input)
{
    std::uint32_t random = 1;
    for (int i = 0; i < 200 && !input.empty(); ++i) {
        auto changed = input;
        for (int n = 0; n < 3; ++n) {
            random = random * 1664525u + 1013904223u;
            changed[(random >> 8) % changed.size()] = static_cast<char>(random >> 24);
        }
        try_input(changed);
    }
}

}  // namespace

int main(int argc, char** argv)
{
    std::size_t tried = 0;
    for (int i = 1; i < argc; ++i) {
        for (auto const& entry : std::filesystem::directory_iterator(argv[i])) {
            std::printf("%s\n", entry.path().c_str());
            std::fflush(stdout);
            std::ifstream file(entry.path(), std::ios::binary);
            std::string const input{std::istreambuf_iterator<char>(file), {}};
            try_input(input);
            try_changed(input);
            ++tried;
        }
    }
    return tried != 0 ? 0 : 1;
}
