// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "proc_self.hpp"

#include "unique_fd.hpp"

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

extern "C" [[gnu::weak]] void __tsan_init();

namespace cofu::detail {

namespace {

struct directory_closer {
    void operator()(DIR* d) const noexcept { closedir(d); }
};

// Calls visit(number, its text) for every entry that is a number.
template <class Visitor>
void for_each_number(char const* path, Visitor visit)
{
    std::unique_ptr<DIR, directory_closer> const directory(opendir(path));
    if (!directory)
        return;
    while (dirent const* entry = readdir(directory.get())) {
        std::string_view const name = entry->d_name;
        pid_t number = 0;
        auto const [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
        if (error == std::errc() && end == name.data() + name.size())
            visit(number);
    }
}

std::string contents(std::string const& path)
{
    unique_fd const file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    char text[1024];
    auto const got = file ? read(file.get(), text, sizeof text) : -1;
    return std::string(text, got > 0 ? static_cast<std::size_t>(got) : 0);
}

// The field after "PID (NAME) S ", where NAME may hold anything.
pid_t parent_of(pid_t process)
{
    auto const stat = contents("/proc/" + std::to_string(process) + "/stat");
    auto const end_of_name = stat.rfind(')');
    pid_t parent = -1;
    if (end_of_name != stat.npos && end_of_name + 4 < stat.size())
        std::from_chars(stat.data() + end_of_name + 4, stat.data() + stat.size(), parent);
    return parent;
}

}  // namespace

std::vector<pid_t> children_of_this_process()
{
    // Not /proc/self/task/*/children: many kernels are built without it.
    std::vector<pid_t> children;
    pid_t const self = getpid();
    for_each_number("/proc", [&](pid_t process) {
        if (parent_of(process) == self)
            children.push_back(process);
    });
    return children;
}

std::string other_threads_of_this_process()
{
    std::string names;
    std::size_t count = 0;
    for_each_number("/proc/self/task", [&](pid_t thread) {
        if (thread == gettid())
            return;
        auto name = contents("/proc/self/task/" + std::to_string(thread) + "/comm");
        if (!name.empty())
            name.pop_back();
        names += (count++ == 0 ? "" : ", ") + name;
    });
    bool const sanitizer_has_one = &__tsan_init;
    return count > (sanitizer_has_one ? 1U : 0U) ? names : std::string();
}

}  // namespace cofu::detail
