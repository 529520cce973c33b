// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "build_id.hpp"

#include <algorithm>
#include <cstring>

#include <elf.h>
#include <link.h>

namespace cofu::detail {

namespace {

constexpr std::size_t aligned(std::size_t n) { return (n + 3) & ~std::size_t(3); }

bool find_in_notes(char const* at, std::size_t left, build_id& id)
{
    while (left >= sizeof(ElfW(Nhdr))) {
        ElfW(Nhdr) note;
        std::memcpy(&note, at, sizeof note);
        auto const name = sizeof note, content = name + aligned(note.n_namesz);
        auto const end = content + aligned(note.n_descsz);
        if (end > left)
            return false;
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4
            && std::memcmp(at + name, "GNU", 4) == 0) {
            auto const size = std::min<std::size_t>(note.n_descsz, id.bytes.size());
            std::memcpy(id.bytes.data(), at + content, size);
            return true;
        }
        at += end;
        left -= end;
    }
    return false;
}

bool holds(dl_phdr_info const& module, ElfW(Addr) address)
{
    return std::any_of(module.dlpi_phdr, module.dlpi_phdr + module.dlpi_phnum, [&](auto& segment) {
        auto const begin = module.dlpi_addr + segment.p_vaddr;
        return segment.p_type == PT_LOAD && address >= begin && address - begin < segment.p_memsz;
    });
}

int look_at_module(dl_phdr_info* module, std::size_t, void* found)
{
    if (!holds(*module, reinterpret_cast<ElfW(Addr)>(&build_id_of_this_library)))
        return 0;
    for (int i = 0; i < module->dlpi_phnum; ++i) {
        auto const& segment = module->dlpi_phdr[i];
        auto const* const notes =
            reinterpret_cast<char const*>(module->dlpi_addr + segment.p_vaddr);
        if (segment.p_type == PT_NOTE
            && find_in_notes(notes, segment.p_memsz, *static_cast<build_id*>(found)))
            break;
    }
    return 1;
}

}  // namespace

build_id build_id_of_this_library() noexcept
{
    static build_id const id = [] {
        build_id found;
        dl_iterate_phdr(&look_at_module, &found);
        return found;
    }();
    return id;
}

}  // namespace cofu::detail
