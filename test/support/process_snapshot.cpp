// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "process_snapshot.hpp"

#ifdef COFU_TEST_HOOKS
#include <cofu/detail/test_hooks.hpp>
#endif

#include <charconv>
#include <cstring>
#include <dirent.h>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <unistd.h>

namespace cofu::test {
namespace {

struct directory_closer
{
    void operator()(DIR* d) const noexcept { closedir(d); }
};

template <class Visitor>
void for_each_entry(char const* path, Visitor visit)
{
    std::unique_ptr<DIR, directory_closer> directory(opendir(path));
    if (!directory)
        return;
    while (dirent const* entry = readdir(directory.get()))
        if (entry->d_name[0] != '.')
            visit(std::string_view(entry->d_name), dirfd(directory.get()));
}

std::optional<int> number(std::string_view text)
{
    int value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::string first_line(std::string const& path)
{
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

std::map<int, std::string> descriptors()
{
    std::map<int, std::string> found;
    for_each_entry("/proc/self/fd", [&](std::string_view name, int own) {
        auto const fd = number(name);
        if (!fd || *fd == own)
            return;
        char target[256];
        auto const path = "/proc/self/fd/" + std::string(name);
        auto const length = readlink(path.c_str(), target, sizeof target);
        found.emplace(*fd, std::string(target, length > 0 ? std::size_t(length) : 0));
    });
    return found;
}

template <class Key>
void report(std::vector<std::string>& lines, char const* what,
    std::map<Key, std::string> const& before, std::map<Key, std::string> const& later)
{
    for (auto const& [key, text] : later)
    {
        auto const known = before.find(key);
        if (known == before.end())
            lines.push_back(what + (" " + std::to_string(key)) + " (" + text + ")");
    }
}

} // namespace

std::map<pid_t, std::string> threads_of_this_process()
{
    std::map<pid_t, std::string> found;
    for_each_entry("/proc/self/task", [&](std::string_view name, int) {
        if (auto const id = number(name))
            found.emplace(*id, first_line("/proc/self/task/" + std::string(name) + "/comm"));
    });
    return found;
}

std::map<pid_t, std::string> children_of_this_process()
{
    // Not /proc/self/task/*/children: many kernels are built without it.
    std::map<pid_t, std::string> found;
    for_each_entry("/proc", [&](std::string_view name, int) {
        auto const id = number(name);
        if (!id)
            return;
        auto const stat = first_line("/proc/" + std::string(name) + "/stat");
        auto const open = stat.find('('), close = stat.rfind(')');
        if (open == stat.npos || close == stat.npos || close + 4 > stat.size())
            return;
        auto const parent = stat.substr(close + 4, stat.find(' ', close + 4) - (close + 4));
        if (number(parent) == getpid())
            found.emplace(
                *id, stat.substr(open + 1, close - open - 1) + ", state " + stat[close + 2]);
    });
    return found;
}

bool is_running(pid_t process)
{
    auto const stat = first_line("/proc/" + std::to_string(process) + "/stat");
    auto const end_of_name = stat.rfind(')');
    return end_of_name != stat.npos && end_of_name + 2 < stat.size() && stat[end_of_name + 2] != 'Z';
}

std::size_t live_states() noexcept
{
#ifdef COFU_TEST_HOOKS
    return cofu::detail::live_states();
#else
    return 0;
#endif
}

process_snapshot process_snapshot::take()
{
    process_snapshot s;
    s.threads = threads_of_this_process();
    s.children = children_of_this_process();
    s.descriptors = test::descriptors();
    for_each_entry(
        "/dev/shm", [&](std::string_view name, int) { s.shared_memory.emplace(name, 0); });
    s.live_states = test::live_states();
    return s;
}

std::vector<std::string> process_snapshot::left_over(process_snapshot const& later) const
{
    std::vector<std::string> lines;
    report(lines, "thread", threads, later.threads);
    report(lines, "child process", children, later.children);
    report(lines, "descriptor", descriptors, later.descriptors);
    for (auto const& [key, target] : later.descriptors)
        if (auto const known = descriptors.find(key);
            known != descriptors.end() && known->second != target)
            lines.push_back("descriptor " + std::to_string(key) + " (" + target + ", was " +
                known->second + ")");
    for (auto const& [name, unused] : later.shared_memory)
        if (!shared_memory.contains(name))
            lines.push_back("shared memory /dev/shm/" + name);
    if (later.live_states > live_states)
        lines.push_back("shared states: " + std::to_string(later.live_states) + ", were " +
            std::to_string(live_states));
    return lines;
}

void process_snapshot::accept(process_snapshot const& before, process_snapshot const& after)
{
    auto add = [](auto& into, auto const& old, auto const& now) {
        for (auto const& [key, value] : now)
            if (auto const known = old.find(key); known == old.end() || known->second != value)
                into.insert_or_assign(key, value);
    };
    add(threads, before.threads, after.threads);
    add(children, before.children, after.children);
    add(descriptors, before.descriptors, after.descriptors);
    add(shared_memory, before.shared_memory, after.shared_memory);
    if (after.live_states > before.live_states)
        live_states += after.live_states - before.live_states;
}

} // namespace cofu::test
