// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "worker_loop.hpp"

#include "frame_reader.hpp"
#include "last_words.hpp"
#include "stop_request.hpp"
#include "yield_until.hpp"

#include <cofu/detail/test_hooks.hpp>

#include <cerrno>
#include <string_view>

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace cofu::detail {

#if defined(COFU_TEST_HOOKS)
void (*worker_comes_to)(worker_point) = nullptr;
#endif

namespace {

std::span<std::byte const> bytes_of(std::string_view text)
{
    return std::as_bytes(std::span(text));
}

class worker_loop {
public:
    worker_loop(int channel, claim_page_layout& page, call_runner runner)
        : channel_(channel), page_(page), run_(runner), reader_(frame_side::worker, page.max_message)
    {
    }

    // Sent in full, or the channel is gone.
    bool send(frame_type type, std::uint64_t call, std::span<std::byte const> payload,
              worker_point half)
    {
        auto header = encode_header({type, 0, 0, call, payload.size()});
        auto const first = first_part(payload.size());
        if (!write(header, payload.first(first)))
            return false;
        if (first == payload.size())
            return true;
        come_to(half);
        return write(payload.subspan(first), {});
    }

    int run()
    {
        for (;;) {
            while (auto const frame = reader_.next()) {
                if (frame->header.type == frame_type::quit)
                    return 0;
                if (!run_call(*frame))
                    return 1;
            }
            if (has_test_hooks && reader_.is_inside_frame())
                come_to(worker_point::half_of_call);
            auto const room = reader_.prepare();
            if (reader_.error() != frame_error::none)
                return 1;
            auto const got = receive(room);
            if (got == 0)
                return 0;
            if (got < 0 && errno != EINTR)
                return 1;
            if (got > 0)
                reader_.commit(static_cast<std::size_t>(got));
        }
    }

private:
    // The next of many short calls is there, or comes as soon as this thread gives way. Inside a
    // frame more is known to come.
    ssize_t receive(std::span<std::byte> room)
    {
        ssize_t got = -1;
        auto const has_arrived = [&] {
            got = recv(channel_, room.data(), room.size(), MSG_DONTWAIT);
            return got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
        };
        if (!reader_.is_inside_frame() && (has_arrived() || yield_until(has_arrived)))
            return got;
        return recv(channel_, room.data(), room.size(), 0);
    }

    bool write(std::span<std::byte const> head, std::span<std::byte const> rest)
    {
        iovec parts[] = {{const_cast<std::byte*>(head.data()), head.size()},
                         {const_cast<std::byte*>(rest.data()), rest.size()}};
        msghdr message = {};
        message.msg_iov = parts;
        message.msg_iovlen = rest.empty() ? 1 : 2;
        while (message.msg_iovlen != 0) {
            auto const sent = sendmsg(channel_, &message, MSG_NOSIGNAL);
            if (sent < 0 && errno != EINTR)
                return false;
            if (sent > 0)
                skip(message, static_cast<std::size_t>(sent));
        }
        return true;
    }

    static void skip(msghdr& message, std::size_t sent)
    {
        while (message.msg_iovlen != 0 && sent >= message.msg_iov->iov_len) {
            sent -= message.msg_iov->iov_len;
            ++message.msg_iov;
            --message.msg_iovlen;
        }
        if (message.msg_iovlen != 0) {
            message.msg_iov->iov_base = static_cast<char*>(message.msg_iov->iov_base) + sent;
            message.msg_iov->iov_len -= sent;
        }
    }

    // A call that was withdrawn is skipped. The answer is in the channel before the next claim.
    bool run_call(frame const& f)
    {
        auto const& header = f.header;
        running_call running(header.call, (header.flags & frame_flag::stoppable) != 0);
        if (!claim(page_, header.slot, header.call))
            return true;
        come_to(worker_point::lookup);
        auto answer = run_(f.payload, running.begin(), page_.max_message);
        if (answer.payload.size() > page_.max_message)
            answer = {frame_type::transport_failure,
                      bytes_of("the result is longer than max_message")};
        if (!send(answer.kind, header.call, answer.payload, worker_point::half_of_answer))
            return false;
        come_to(worker_point::after_answer);
        return true;
    }

    int channel_;
    claim_page_layout& page_;
    call_runner run_;
    frame_reader reader_;
};

}  // namespace

int run_worker(worker_endpoint endpoint, call_runner run, std::string const& build_id)
{
    if (endpoint.page_size < sizeof(claim_page_layout))
        return 1;
    auto& page = *static_cast<claim_page_layout*>(endpoint.page);
    leave_last_words_in(page);
    install_stop_handler(page);
    worker_loop loop(endpoint.channel.get(), page, run);
    auto const ready = encode_ready({static_cast<std::uint32_t>(getpid()), build_id});
    come_to(worker_point::before_ready);
    if (!loop.send(frame_type::ready, 0, bytes_of(ready), worker_point::half_of_ready))
        return 1;
    return loop.run();
}

}  // namespace cofu::detail
