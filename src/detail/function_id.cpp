// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/function_id.hpp>

#include <cofu/error.hpp>

#include "posix/module_list.hpp"

#include <dlfcn.h>

#include <cinttypes>
#include <cstdio>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace cofu::detail {
namespace {

std::string hexadecimal(std::uint64_t n)
{
    char text[17];
    std::snprintf(text, sizeof text, "%016" PRIx64, n);
    return text;
}

// What is known of this process's modules. The program itself never changes and is looked at
// without the mutex; everything else is read again when the dynamic linker has loaded or unloaded
// something. Never destroyed: calls may be named in static destruction.
class known_modules {
public:
    known_modules() : program_(describe_program()) {}

    module_info const& program() const noexcept { return program_; }

    function_id identify(std::uintptr_t address)
    {
        if (program_.holds(address - program_.base))
            return {program_.id, address - program_.base, {}};
        std::lock_guard const lock(mutex_);
        refresh();
        for (auto const& module : others_)
            if (module.holds(address - module.base))
                return {module.id, address - module.base, *paths_.insert(module.path).first};
        throw transport_error("a function at an address that belongs to no module, perhaps made at "
                              "run time, can't be called in another process");
    }

    // Null: no such module.
    std::optional<void*> find(function_id const& id)
    {
        if (id.module == program_.id)
            return address_in(program_, id);
        std::lock_guard const lock(mutex_);
        refresh();
        for (auto const& module : others_)
            if (module.id == id.module)
                return address_in(module, id);
        return std::nullopt;
    }

private:
    static void* address_in(module_info const& module, function_id const& id)
    {
        if (!module.holds(id.offset))
            throw transport_error("the function's offset " + hexadecimal(id.offset)
                                  + " is no code of "
                                  + (module.path.empty() ? "the program" : module.path));
        return reinterpret_cast<void*>(module.base + static_cast<std::uintptr_t>(id.offset));
    }

    void refresh()
    {
        auto const now = count_module_changes();
        if (now == seen_)
            return;
        others_ = list_modules();
        others_.erase(others_.begin());
        seen_ = now;
    }

    module_info const program_;
    std::mutex mutex_;
    module_changes seen_;              // under mutex_
    std::vector<module_info> others_;  // under mutex_
    std::set<std::string> paths_;      // under mutex_; only grows: names point into it
};

known_modules& modules()
{
    static auto* const known = new known_modules;
    return *known;
}

// Workers of the program's own executable have its functions, so this is one of another.
[[noreturn]] void throw_not_in_this_program(function_id const& id)
{
    throw transport_error(
        "the function is in the executable of the program that sent the call (build-id hash "
        + hexadecimal(id.module) + ") and is not in the worker's program: with "
        "process_pool_options::worker_program, functions and the code that submits them must be in "
        "shared libraries; of the program's own executable, the two are different builds");
}

[[noreturn]] void throw_unknown_module(function_id const& id, std::string const& detail)
{
    throw transport_error(
        "this process has no module with the build-id hash " + hexadecimal(id.module) + " ("
        + std::string(id.path) + detail
        + "): the worker and the program that sent the call are different builds; restart the "
          "program after an upgrade, and link the same libraries");
}

}  // namespace

function_id identify_function(void const* address)
{
    return modules().identify(reinterpret_cast<std::uintptr_t>(address));
}

void* find_function(function_id const& id)
{
    if (auto const found = modules().find(id))
        return *found;
    if (id.path.empty())
        throw_not_in_this_program(id);
    // Stays loaded: functions of it may be called at any time from now on.
    if (!::dlopen(std::string(id.path).c_str(), RTLD_NOW | RTLD_LOCAL))
        throw_unknown_module(id, std::string(", which could not be loaded: ") + ::dlerror());
    if (auto const found = modules().find(id))
        return *found;
    throw_unknown_module(id, ", where another build is now");
}

std::uint64_t program_build() { return modules().program().id; }

}  // namespace cofu::detail
