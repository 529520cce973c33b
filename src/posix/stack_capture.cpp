// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "stack_capture.hpp"

#include "module_list.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <link.h>
#include <unwind.h>

namespace cofu::detail {

namespace {

struct known_module {
    std::uintptr_t begin = 0, end = 0;
    std::uintptr_t base = 0;
    std::uint64_t id = 0;
};

struct walk {
    captured_stack& to;
    bool has_begun;
    known_module last{};  // neighbours on a stack are often of one module
};

struct search {
    std::uintptr_t address;
    captured_stack& to;
    known_module found{};
};

bool is_kept(captured_stack const& to, std::uint64_t id) noexcept
{
    auto const* const end = to.modules + to.module_count.load(std::memory_order_relaxed);
    return std::any_of(to.modules, end, [&](auto const& module) { return module.id == id; });
}

void keep_module(captured_stack& to, std::uint64_t id, char const* path) noexcept
{
    auto const n = to.module_count.load(std::memory_order_relaxed);
    if (n == max_stack_modules || is_kept(to, id))
        return;
    auto& module = to.modules[n];
    module.id = id;
    auto const length = std::strlen(path);
    auto const most = sizeof module.path - 1;
    std::strncpy(module.path, path + (length > most ? length - most : 0), most);
    module.path[most] = '\0';
    to.module_count.store(n + 1, std::memory_order_release);
}

int look_at(dl_phdr_info* module, std::size_t, void* data) noexcept
{
    auto& wanted = *static_cast<search*>(data);
    for (int i = 0; i < module->dlpi_phnum; ++i) {
        auto const& segment = module->dlpi_phdr[i];
        std::uintptr_t const begin = module->dlpi_addr + segment.p_vaddr;
        if (segment.p_type != PT_LOAD || wanted.address < begin
            || wanted.address - begin >= segment.p_memsz)
            continue;
        wanted.found = {begin, begin + segment.p_memsz, module->dlpi_addr, module_id(*module)};
        keep_module(wanted.to, wanted.found.id, module->dlpi_name);
        return 1;
    }
    return 0;
}

_Unwind_Reason_Code visit(_Unwind_Context* context, void* data) noexcept
{
    auto& w = *static_cast<walk*>(data);
    int is_interrupted = 0;
    std::uintptr_t const next = _Unwind_GetIPInfo(context, &is_interrupted);
    w.has_begun = w.has_begun || is_interrupted != 0;
    if (!w.has_begun)
        return _URC_NO_REASON;
    // A return address stands after its call, perhaps in another function.
    std::uintptr_t const address = is_interrupted != 0 || next == 0 ? next : next - 1;
    if (address < w.last.begin || address >= w.last.end) {
        search wanted{address, w.to};
        dl_iterate_phdr(&look_at, &wanted);
        w.last = wanted.found;
    }
    auto const n = w.to.frame_count.load(std::memory_order_relaxed);
    w.to.frames[n] = {w.last.id, address - w.last.base};
    w.to.frame_count.store(n + 1, std::memory_order_release);
    return n + 1 == max_stack_frames ? _URC_END_OF_STACK : _URC_NO_REASON;
}

_Unwind_Reason_Code visit_one(_Unwind_Context* context, void*) noexcept
{
    int is_interrupted;
    _Unwind_GetIPInfo(context, &is_interrupted);
    return _URC_END_OF_STACK;
}

constinit bool is_prepared = false;

int look_at_one(dl_phdr_info*, std::size_t, void*) noexcept { return 1; }

}  // namespace

void prepare_stack_capture() noexcept
{
    if (std::exchange(is_prepared, true))
        return;
    _Unwind_Backtrace(&visit_one, nullptr);
    dl_iterate_phdr(&look_at_one, nullptr);
}

void capture_stack(captured_stack& to, stack_top top) noexcept
{
    to.frame_count.store(0, std::memory_order_relaxed);
    to.module_count.store(0, std::memory_order_relaxed);
    walk w{to, top == stack_top::caller};
    _Unwind_Backtrace(&visit, &w);
}

stack_tokens tokens_of(captured_stack const& stack)
{
    stack_tokens tokens;
    auto const frames = stack.frame_count.load(std::memory_order_acquire);
    auto const modules = stack.module_count.load(std::memory_order_acquire);
    tokens.frames.assign(stack.frames,
                         stack.frames + std::min<std::size_t>(frames, max_stack_frames));
    for (std::size_t i = 0; i < std::min<std::size_t>(modules, max_stack_modules); ++i) {
        char path[sizeof stack.modules[i].path];
        std::memcpy(path, stack.modules[i].path, sizeof path);
        tokens.modules.push_back({stack.modules[i].id, {path, strnlen(path, sizeof path)}});
    }
    return tokens;
}

}  // namespace cofu::detail
