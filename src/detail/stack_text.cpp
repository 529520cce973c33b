// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "stack_text.hpp"

#include "../posix/module_list.hpp"
#include "../posix/symbol_names.hpp"

#include <boost/core/demangle.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string_view>
#include <utility>

#include <unistd.h>

namespace cofu::detail {

namespace {

struct line {
    stack_frame frame;
    std::string path;
    symbol_name symbol;  // its name is demangled last
};

// What an exception's way begins with: the runtime.
constexpr std::string_view throwing[] = {
    "__cxa_throw", "__cxa_rethrow", "_ZSt17rethrow_exceptionNSt15__exception_ptr13exception_ptrE"};
// It came to a function that lets none out, past frames that were cleaned up.
constexpr std::string_view resuming[] = {"_Unwind_Resume"};
constexpr std::string_view terminating[] = {"_ZSt9terminatev"};
// And what a call's begins with: the library.
constexpr std::string_view calling = "cofu::detail::run_decoded<";

std::string hexadecimal(std::uint64_t n)
{
    std::array<char, 16> digits;
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), n, 16).ptr;
    return "0x" + std::string(digits.data(), end);
}

std::string program_path()
{
    std::string path(4096, '\0');
    auto const n = ::readlink("/proc/self/exe", path.data(), path.size());
    path.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return path;
}

std::string told_path(stack_tokens const& stack, std::uint64_t id)
{
    auto const found = std::ranges::find(stack.modules, id, &stack_module::id);
    if (found == stack.modules.end())
        return "?";
    return found->path.empty() ? "the worker's program" : found->path;
}

void find_names(std::vector<line>& lines, module_info const& module, bool is_program)
{
    std::vector<std::uint64_t> offsets;
    for (auto const& l : lines)
        if (l.frame.module == module.id)
            offsets.push_back(l.frame.offset);
    if (offsets.empty())
        return;
    // The running program is that file, whatever stands in its place now.
    auto names = is_program ? symbol_names("/proc/self/exe", 0, offsets)
                            : symbol_names(module.path.c_str(), module.id, offsets);
    auto const path = is_program ? program_path() : module.path;
    for (auto next = names.begin(); auto& l : lines) {
        if (l.frame.module == module.id) {
            l.symbol = std::move(*next++);
            l.path = path;
        }
    }
}

std::vector<line> lines_of(stack_tokens const& stack)
{
    std::vector<line> lines;
    for (auto const& frame : std::span(stack.frames).first(
             std::min(stack.frames.size(), max_stack_frames)))
        lines.push_back({frame, told_path(stack, frame.module), {}});
    bool is_program = true;
    for (auto const& module : list_modules())
        find_names(lines, module, std::exchange(is_program, false));
    return lines;
}

std::size_t after(std::vector<line> const& lines, std::span<std::string_view const> names)
{
    auto const found = std::ranges::find_if(lines, [&](line const& l) {
        return std::ranges::find(names, l.symbol.name) != names.end();
    });
    return found == lines.end() ? 0 : static_cast<std::size_t>(found - lines.begin()) + 1;
}

void leave_out_the_runtime(std::vector<line>& lines)
{
    auto first = after(lines, throwing);
    if (first == 0)
        first = after(lines, resuming);
    if (first == 0)
        first = after(lines, terminating);
    lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(first));
}

void leave_out_the_library(std::vector<line>& lines)
{
    auto const found = std::ranges::find_if(lines, [](line const& l) {
        return l.symbol.name.find(calling) != std::string::npos;
    });
    if (found != lines.end())
        lines.erase(found + 1, lines.end());
}

// A part that the compiler set apart, as "_Z1fi.cold", has its function's name.
std::string readable(std::string const& symbol)
{
    return boost::core::demangle(symbol.substr(0, symbol.find('.')).c_str());
}

std::string text_of(line const& l)
{
    auto const& [name, offset] = l.symbol;
    auto const function = name.empty() ? "??" : name + "+" + hexadecimal(offset);
    auto const place = l.frame.module == 0 ? hexadecimal(l.frame.offset)
                                           : l.path + "+" + hexadecimal(l.frame.offset);
    return function + " (" + place + ")";
}

}  // namespace

std::string stack_text(stack_tokens const& stack)
{
    auto lines = lines_of(stack);
    leave_out_the_runtime(lines);
    for (auto& l : lines)
        l.symbol.name = readable(l.symbol.name);
    leave_out_the_library(lines);
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i)
        text += "#" + std::to_string(i) + " " + text_of(lines[i]) + "\n";
    return text;
}

}  // namespace cofu::detail
