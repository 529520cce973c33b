// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The modules of this process as the dynamic linker lists them: the program, its shared libraries,
// what was loaded later.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

struct dl_phdr_info;

namespace cofu::detail {

struct address_range {
    std::uintptr_t begin, end;
};

struct module_info {
    std::uintptr_t base = 0;          // what the offsets of its functions count from
    std::uint64_t id = 0;             // hash of its build-id; without one, of its code
    std::string path;                 // absolute; empty for the program
    std::vector<address_range> code;  // executable segments, as offsets

    bool holds(std::uint64_t offset) const noexcept;
};

// How often modules came and went so far.
struct module_changes {
    std::uint64_t added = 0, removed = 0;
    friend bool operator==(module_changes const&, module_changes const&) = default;
};
module_changes count_module_changes() noexcept;

// module_info::id of what dl_iterate_phdr shows. Takes no lock and no memory.
std::uint64_t module_id(dl_phdr_info const& module) noexcept;

// The same of a build-id alone: a note's section or segment. 0: there is none in it.
std::uint64_t module_id_in_notes(char const* notes, std::size_t size, std::size_t align) noexcept;

// The program is the first.
module_info describe_program();
std::vector<module_info> list_modules();  // the program is the first

}  // namespace cofu::detail
