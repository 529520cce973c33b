// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// How the fork server makes a worker.

#include "exec_image.hpp"
#include "fork_server.hpp"
#include "image_marker.hpp"
#include "seqpacket.hpp"
#include "system_calls.hpp"

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace cofu::detail {

namespace {

// A worker's own image, about to be exec'd; made before the fork.
class fresh_image {
public:
    fresh_image(launch_request request, std::vector<int> const& fds)
    {
        image_marker marker{.present = true, .starter = getpid(), .nonce = make_nonce()};
        entry_ = environment_entry(marker);
        request.nonce = marker.nonce;
        auto [ours, theirs] = seqpacket_pair();
        // It waits in the socket until the worker is there to read it.
        if (int const error = send_message(ours.get(), request, fds))
            throw_system_error(error, "can't start a worker", "sendmsg");
        first_message_ = std::move(theirs);
        for (char** variable = environ; *variable != nullptr; ++variable)
            environment_.push_back(*variable);
        environment_.push_back(entry_.data());
        environment_.push_back(nullptr);
    }

    // In the new process. Returns only when it failed, with errno.
    void exec(int image) noexcept
    {
        unique_fd const null(open("/dev/null", O_RDWR | O_CLOEXEC));
        int const image_above = fcntl(image, F_DUPFD_CLOEXEC, 10);
        leave_four_descriptors(fcntl(null.get(), F_DUPFD_CLOEXEC, 10),
                               fcntl(first_message_.get(), F_DUPFD_CLOEXEC, 10));
        reset_signals();
        char title[] = "(cofu worker)";
        char* const arguments[] = {program_invocation_name, title, nullptr};
        execveat(image_above, arguments, environment_.data());
    }

private:
    std::string entry_;
    std::vector<char*> environment_;
    unique_fd first_message_;
};

// No allocation: this may be the child of a process with threads.
void tell_of_failed_exec(int socket, std::uint64_t id) noexcept
{
    launch_answer answer;
    answer.kind = report_kind::note;
    answer.id = id;
    answer.error = errno;
    std::strcpy(answer.text, "execveat");
    send_message(socket, answer);
}

std::vector<int> numbers(descriptors const& fds, int program)
{
    // In take_worker_descriptors' order: the program's pidfd comes after the channel.
    std::vector<int> result{fds[0].get(), program};
    for (std::size_t i = 1; i < fds.size() && fds[i]; ++i)
        result.push_back(fds[i].get());
    return result;
}

}  // namespace

worker_descriptors take_worker_descriptors(worker_setup const& setup, descriptors& fds) noexcept
{
    worker_descriptors taken;
    std::size_t next = 0;
    taken.channel = std::move(fds[next++]);
    taken.parent_pidfd = std::move(fds[next++]);
    if (setup.has_page)
        taken.page = std::move(fds[next++]);
    if (setup.has_stderr)
        taken.error_stream = std::move(fds[next++]);
    return taken;
}

// The end for reading; the other one goes to the worker. None: it goes where the program's goes.
unique_fd fork_server::tee_stderr(worker_setup& setup, descriptors& fds)
{
    int ends[2];
    if (setup.stderr_to != worker_stderr::tee || pipe2(ends, O_CLOEXEC) != 0)
        return {};
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    setup.has_stderr = 1;
    fds[setup.has_page ? 2 : 1].reset(ends[1]);
    return unique_fd(ends[0]);
}

pid_t fork_server::make_worker(bool spawn, link_map::iterator link, launch_request const& request,
                               descriptors& fds, unique_fd& error_stream)
{
    // What a static initialiser has written and not flushed would come out once a worker.
    flush_streams();
    if (!spawn) {
        if (!std::exchange(has_rehearsed_, true))
            rehearse_a_call();
        pid_t const process = fork();
        if (process == 0) {
            error_stream.reset();
            be_worker(request.setup, fds);
        }
        return process;
    }
    fresh_image image(request, numbers(fds, program_.get()));
    pid_t const process = fork();
    if (process == 0) {
        setpgid(0, 0);
        image.exec(image_.get());
        tell_of_failed_exec(link->second.queue.socket(), request.id);
        _exit(127);
    }
    return process;
}

void fork_server::be_worker(worker_setup const& setup, descriptors& fds)
{
    setpgid(0, 0);
    // One by one: what the program's static initialisers opened is theirs in a worker too.
    control_.reset();
    image_.reset();
    children_.reset();
    links_.clear();
    tees_.clear();
    for (std::size_t i = fds.size() - 1; i > 1; --i)
        fds[i] = std::move(fds[i - 1]);
    fds[1] = std::move(program_);
    become_worker(setup, take_worker_descriptors(setup, fds));
}

}  // namespace cofu::detail
