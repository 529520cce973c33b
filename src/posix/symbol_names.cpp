// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "symbol_names.hpp"

#include "module_list.hpp"
#include "unique_fd.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cofu::detail {

namespace {

using file_header = ElfW(Ehdr);
using section = ElfW(Shdr);
using symbol = ElfW(Sym);

constexpr std::size_t longest_name = 4096;
constexpr std::size_t largest_table = std::size_t(1) << 30;
constexpr std::size_t largest_note = 4096;

// Read piece by piece: a mapped file may shrink under the reader.
class elf_file {
public:
    explicit elf_file(char const* path) : fd_(::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK))
    {
        struct stat facts;
        if (!fd_ || ::fstat(fd_.get(), &facts) != 0 || !S_ISREG(facts.st_mode))
            return;
        size_ = static_cast<std::uint64_t>(facts.st_size);
        file_header header;
        if (!read(&header, sizeof header, 0)
            || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0
            || header.e_ident[EI_CLASS] != (sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32)
            || header.e_shentsize != sizeof(section))
            return;
        sections_.resize(header.e_shnum);
        if (!read(sections_.data(), sections_.size() * sizeof(section), header.e_shoff))
            sections_.clear();
    }

    // Of its build-id; 0 without one.
    std::uint64_t id() const
    {
        for (auto const& s : sections_) {
            if (s.sh_type != SHT_NOTE || s.sh_size > largest_note)
                continue;
            auto const notes = content<char>(s);
            if (auto const id = module_id_in_notes(notes.data(), notes.size(), s.sh_addralign))
                return id;
        }
        return 0;
    }

    // The one with the most in it.
    section const* symbols() const
    {
        auto const of = [this](auto type) {
            auto const found = std::ranges::find(sections_, type, &section::sh_type);
            return found == sections_.end() ? nullptr : &*found;
        };
        auto const* const all = of(SHT_SYMTAB);
        return all ? all : of(SHT_DYNSYM);
    }

    template <class T>
    std::vector<T> content(section const& s) const
    {
        if (s.sh_size > std::min<std::uint64_t>(size_, largest_table))
            return {};
        std::vector<T> values(s.sh_size / sizeof(T));
        if (!read(values.data(), values.size() * sizeof(T), s.sh_offset))
            values.clear();
        return values;
    }

    std::string name_at(section const& table, std::uint64_t place) const
    {
        if (table.sh_link >= sections_.size())
            return {};
        auto const& names = sections_[table.sh_link];
        if (place >= names.sh_size)
            return {};
        std::string name(std::min<std::uint64_t>(names.sh_size - place, longest_name), '\0');
        if (!read(name.data(), name.size(), names.sh_offset + place))
            return {};
        name.resize(strnlen(name.data(), name.size()));
        return name;
    }

private:
    bool read(void* to, std::size_t n, std::uint64_t at) const
    {
        if (at > size_ || n > size_ - at)
            return false;
        auto* const bytes = static_cast<char*>(to);
        for (std::size_t done = 0; done != n;) {
            auto const got =
                ::pread(fd_.get(), bytes + done, n - done, static_cast<off_t>(at + done));
            if (got <= 0)
                return false;
            done += static_cast<std::size_t>(got);
        }
        return true;
    }

    unique_fd fd_;
    std::uint64_t size_ = 0;
    std::vector<section> sections_;
};

bool is_function(symbol const& s)
{
    auto const type = s.st_info & 0xf;
    return s.st_shndx != SHN_UNDEF && s.st_size != 0 && (type == STT_FUNC || type == STT_GNU_IFUNC);
}

}  // namespace

std::vector<symbol_name> symbol_names(char const* path, std::uint64_t id,
                                      std::span<std::uint64_t const> offsets)
{
    std::vector<symbol_name> names(offsets.size());
    elf_file const file(path);
    auto const* const table = file.symbols();
    if (!table || (id != 0 && file.id() != id))
        return names;
    for (auto const& s : file.content<symbol>(*table)) {
        if (!is_function(s))
            continue;
        for (std::size_t i = 0; i < offsets.size(); ++i)
            if (names[i].name.empty() && offsets[i] >= s.st_value
                && offsets[i] - s.st_value < s.st_size)
                names[i] = {file.name_at(*table, s.st_name), offsets[i] - s.st_value};
    }
    return names;
}

}  // namespace cofu::detail
