// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "fork_server_process.hpp"

#include "image_marker.hpp"
#include "library_release.hpp"
#include "seqpacket.hpp"
#include "system_calls.hpp"
#include "this_process.hpp"
#include "worker_process.hpp"

#include <cofu/detail/process_hook.hpp>
#include <cofu/error.hpp>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <map>
#include <mutex>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/auxv.h>
#include <unistd.h>

namespace cofu::detail {

namespace {

constexpr int end_limit_ms = 2000;

// One a process: a forked child leaves its parent's behind, whose mutex may be locked for ever.
struct shared_server {
    std::uint64_t epoch;
    shared_server* of_parent;
    std::mutex mutex{};
    std::map<std::string, std::weak_ptr<fork_server_process>> running{};  // under the mutex
};

// Never destroyed: pools of static storage may end late.
constinit std::atomic<shared_server*> shared{nullptr};

shared_server& of_this_process()
{
    auto const epoch = process_epoch();
    auto* found = shared.load(std::memory_order_acquire);
    while (found == nullptr || found->epoch != epoch) {
        std::unique_ptr<shared_server> made(new shared_server{epoch, found});
        if (shared.compare_exchange_strong(found, made.get(), std::memory_order_acq_rel))
            return *made.release();
    }
    return *found;
}

unique_fd open_image(std::string const& executable)
{
    if (executable.empty())
        return open_own_image();
    unique_fd image(open(executable.c_str(), O_PATH | O_CLOEXEC));
    if (!image)
        throw_system_error(errno, "can't start a worker", ("open " + executable).c_str());
    return image;
}

std::vector<char*> environment_with(std::string& entry)
{
    std::vector<char*> result;
    for (char** variable = environ; variable && *variable; ++variable)
        result.push_back(*variable);
    result.push_back(entry.data());
    result.push_back(nullptr);
    return result;
}

unseen_process start_fork_server(unique_fd image, unique_fd const& control,
                                 launch_nonce const& nonce)
{
    auto entry = environment_entry({.present = true, .starter = getpid(), .nonce = nonce});
    auto environment = environment_with(entry);
    char title[sizeof fork_server_title];
    std::copy(std::begin(fork_server_title), std::end(fork_server_title), title);
    char* const arguments[] = {program_invocation_name, title, nullptr};
    return exec_unseen(std::move(image), arguments, environment.data(), control.get());
}

}  // namespace

std::shared_ptr<fork_server_process> fork_server_process::get(std::string const& executable)
{
    require_hook();
    auto& s = of_this_process();
    std::lock_guard lock(s.mutex);
    auto& running = s.running[executable];
    auto server = running.lock();
    if (!server || !server->has_same_credentials()) {
        server = std::make_shared<fork_server_process>(executable);
        running = server;
    }
    return server;
}

fork_server_process::fork_server_process(std::string const& executable)
    : epoch_(process_epoch()),
      build_(executable.empty() ? build_id_of_this_library() : library_release())
{
    if (getauxval(AT_SECURE) != 0)
        throw invalid_state_error("a program with raised privileges (set-user-id, file "
                                  "capabilities) can't start workers");
    unique_fd const self(pidfd_open(getpid()));
    if (!self)
        throw_system_error(errno, "can't start a worker", "pidfd_open");
    auto image = open_image(executable);
    auto [ours, theirs] = seqpacket_pair();
    launch_request begin;
    begin.nonce = make_nonce();
    begin.build = build_;
    // It waits in the socket until the new process reads it, as all that follows does.
    int const program[] = {self.get()};
    if (int const error = send_message(ours.get(), begin, program))
        throw_system_error(error, "can't start a worker", "sendmsg");
    process_ = start_fork_server(std::move(image), theirs, begin.nonce);
    control_ = std::move(ours);
}

fork_server_process::~fork_server_process()
{
    if (epoch_ != process_epoch())
        return;  // a forked child: it is the parent's
    launch_request end;
    end.kind = request_kind::end;
    send_message(control_.get(), end);
    if (!retired_) {
        pollfd ended{process_.pidfd.get(), POLLIN, 0};
        poll(&ended, 1, end_limit_ms);
    }
    reap(process_.pidfd);
}

unique_fd fork_server_process::open_link()
{
    auto [ours, theirs] = seqpacket_pair();
    set_non_blocking(ours.get());
    launch_request request;
    request.kind = request_kind::open_link;
    int const fds[] = {theirs.get()};
    // A server that is gone shows as the end of the link.
    int const error = send_message(control_.get(), request, fds);
    if (error != 0 && error != EPIPE && error != ECONNRESET)
        throw_system_error(error, "can't start a worker", "sendmsg");
    return std::move(ours);
}

void fork_server_process::abandon() noexcept
{
    auto& s = of_this_process();
    std::lock_guard lock(s.mutex);
    std::erase_if(s.running, [this](auto const& entry) {
        auto const server = entry.second.lock();
        return !server || server.get() == this;
    });
}

void fork_server_process::retire() noexcept
{
    abandon();
    retired_ = true;
}

void fork_server_process::kill() noexcept { pidfd_send_signal(process_.pidfd.get(), SIGKILL); }

}  // namespace cofu::detail
