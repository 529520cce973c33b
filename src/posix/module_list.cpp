// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "posix/module_list.hpp"

#include <elf.h>
#include <link.h>
#include <stdlib.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <memory>
#include <span>

namespace cofu::detail {
namespace {

constexpr std::uint64_t hash_start = 1469598103934665603u;

// FNV-1a.
std::uint64_t hash(void const* bytes, std::size_t n, std::uint64_t h = hash_start)
{
    for (auto const* at = static_cast<unsigned char const*>(bytes); n != 0; --n, ++at)
        h = (h ^ *at) * 1099511628211u;
    return h;
}

// FNV-1a by words, for a module's whole code.
std::uint64_t hash_words(void const* bytes, std::size_t n, std::uint64_t h)
{
    auto const* at = static_cast<char const*>(bytes);
    for (; n >= sizeof h; n -= sizeof h, at += sizeof h) {
        std::uint64_t word;
        std::memcpy(&word, at, sizeof word);
        h = (h ^ word) * 1099511628211u;
        h ^= h >> 32;
    }
    return hash(at, n, h);
}

std::span<ElfW(Phdr) const> segments(dl_phdr_info const& module)
{
    return {module.dlpi_phdr, module.dlpi_phnum};
}

char const* address_of(dl_phdr_info const& module, ElfW(Phdr) const& segment)
{
    return reinterpret_cast<char const*>(module.dlpi_addr + segment.p_vaddr);
}

std::uint64_t build_id(dl_phdr_info const& module)
{
    for (auto const& segment : segments(module))
        if (segment.p_type == PT_NOTE)
            if (auto const id = module_id_in_notes(address_of(module, segment), segment.p_memsz,
                                                   segment.p_align))
                return id;
    return 0;
}

bool is_code(ElfW(Phdr) const& segment)
{
    return segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0;
}

// For a module that was linked without a build-id.
std::uint64_t hash_of_code(dl_phdr_info const& module)
{
    std::uint64_t h = hash_start;
    for (auto const& segment : segments(module)) {
        if (segment.p_type == PT_LOAD)
            h = hash(&segment.p_filesz, sizeof segment.p_filesz, h);
        if (is_code(segment) && (segment.p_flags & PF_R) != 0)
            h = hash_words(address_of(module, segment), segment.p_filesz, h);
    }
    return h;
}

// Another process has another working directory.
std::string absolute(char const* path)
{
    std::unique_ptr<char, decltype(&::free)> const real(::realpath(path, nullptr), &::free);
    return real ? real.get() : path;
}

module_info describe(dl_phdr_info const& module, bool is_program)
{
    module_info info;
    info.base = module.dlpi_addr;
    if (!is_program)
        info.path = absolute(module.dlpi_name);
    for (auto const& segment : segments(module))
        if (is_code(segment))
            info.code.push_back({segment.p_vaddr, segment.p_vaddr + segment.p_memsz});
    info.id = module_id(module);
    return info;
}

// Exceptions may not pass through the dynamic linker.
struct listing {
    std::vector<module_info> modules;
    std::exception_ptr error;
};

int add_module(dl_phdr_info* module, std::size_t, void* to)
{
    auto& list = *static_cast<listing*>(to);
    try {
        list.modules.push_back(describe(*module, list.modules.empty()));
        return 0;
    } catch (...) {
        list.error = std::current_exception();
        return 1;
    }
}

int add_first_module(dl_phdr_info* module, std::size_t size, void* to)
{
    add_module(module, size, to);
    return 1;
}

std::vector<module_info> list_with(decltype(&add_module) add)
{
    listing list;
    ::dl_iterate_phdr(add, &list);
    if (list.error)
        std::rethrow_exception(list.error);
    return std::move(list.modules);
}

int read_changes(dl_phdr_info* module, std::size_t, void* to)
{
    *static_cast<module_changes*>(to) = {module->dlpi_adds, module->dlpi_subs};
    return 1;
}

}  // namespace

bool module_info::holds(std::uint64_t offset) const noexcept
{
    return std::any_of(code.begin(), code.end(), [&](address_range const& range) {
        return offset >= range.begin && offset < range.end;
    });
}

std::uint64_t module_id(dl_phdr_info const& module) noexcept
{
    auto const id = build_id(module);
    return id != 0 ? id : hash_of_code(module);
}

// Notes are a header, a name and a description, each padded to the alignment.
std::uint64_t module_id_in_notes(char const* at, std::size_t left, std::size_t align) noexcept
{
    auto const padded = [&](std::size_t n) {
        return align == 8 ? (n + 7) / 8 * 8 : (n + 3) / 4 * 4;
    };
    while (left >= sizeof(ElfW(Nhdr))) {
        ElfW(Nhdr) note;
        std::memcpy(&note, at, sizeof note);
        std::size_t const description = padded(sizeof note + note.n_namesz);
        std::size_t const size = padded(description + note.n_descsz);
        if (description + note.n_descsz > left)
            break;
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4
            && std::memcmp(at + sizeof note, "GNU", 4) == 0)
            return hash(at + description, note.n_descsz);
        at += std::min(left, size);
        left -= std::min(left, size);
    }
    return 0;
}

module_changes count_module_changes() noexcept
{
    module_changes changes;
    ::dl_iterate_phdr(&read_changes, &changes);
    return changes;
}

module_info describe_program()
{
    return std::move(list_with(&add_first_module).front());
}

std::vector<module_info> list_modules()
{
    return list_with(&add_module);
}

}  // namespace cofu::detail
