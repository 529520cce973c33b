// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// A worker that says and does anything, against the parent's side. Each byte is a step of the
// callers, of time, or of the worker, which may send bytes of the input as they are and write them
// into its claim page. Whatever it does, each call ends once and the pool closes.

#include "unit/detail/pool_world.hpp"

#include <detail/frame_reader.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

using namespace cofu::test;

namespace {

class conversation {
public:
    conversation(std::uint8_t const* data, std::size_t size) : data_(data), end_(data + size)
    {
        world_.pages_are_honest = false;
    }

    void run()
    {
        while (data_ != end_)
            step(*data_++);
        world_.shutdown();
        for (int round = 0; round < 1000 && !world_.is_closed; ++round)
            end_all();
        world_.expect(world_.is_closed, "not closed");
        for (auto const& [id, call] : world_.calls)
            world_.expect(call.ended, "a call did not end");
        if (auto const problems = world_.problems(); !problems.empty()) {
            std::fprintf(stderr, "%s\n", problems.c_str());
            std::abort();
        }
    }

private:
    static process_pool_rules rules()
    {
        process_pool_rules rules;
        rules.max_workers = 2;
        rules.initializer = true;
        return rules;
    }

    void step(std::uint8_t what)
    {
        auto const argument = what >> 4;
        switch (what & 15) {
        case 0:
        case 1:
            if (world_.pool.phase() == pool_phase::open && world_.order.size() < 100)
                world_.submit({.timeout = argument % 2 ? pool_clock::duration::max() : 50ms,
                               .retries = 0});
            break;
        case 2:
            if (!world_.order.empty())
                world_.cancel(world_.order[argument % world_.order.size()]);
            break;
        case 3:
            world_.pass(std::chrono::milliseconds(10 * argument));
            break;
        default:
            if (auto const id = a_worker(argument % 4); id != 0)
                step_of(id, what & 15);
            break;
        }
    }

    worker_id a_worker(unsigned n)
    {
        for (auto const& [id, w] : world_.workers)
            if (!w.forgotten && n-- == 0)
                return id;
        return 0;
    }

    void step_of(worker_id id, int what)
    {
        auto& w = world_.workers[id];
        if (w.is == model_worker::life::asked_for) {
            world_.create(id);
            world_.report_start(id);
            return;
        }
        switch (what) {
        case 4:
            send(id, frame_type::ready, 0);
            break;
        case 5:
        case 6:
            world_.take(id);
            break;
        case 7:
        case 8:
            send(id, frame_type::value, std::exchange(w.running, 0));
            break;
        case 9:
            send(id, frame_type::exception, any_number());
            break;
        case 10:
            send_as_it_is(id);
            break;
        case 11:
            w.page[any_number() % claim_slots] = any_number();
            break;
        case 12:
            world_.die(id);
            world_.bury(id);
            break;
        default:
            break;
        }
    }

    std::uint64_t any_number()
    {
        std::uint64_t number = 0;
        auto const n = std::min<std::size_t>(static_cast<std::size_t>(end_ - data_), 8);
        std::memcpy(&number, data_, n);
        data_ += n;
        return number;
    }

    void send(worker_id id, frame_type type, call_id call)
    {
        auto const bytes = encode_header({type, 0, 0, call, type == frame_type::ready ? 4u : 0u});
        receive(id, bytes.data(), bytes.size());
        if (type == frame_type::ready)
            receive(id, bytes.data(), 4);
    }

    void send_as_it_is(worker_id id)
    {
        auto const n = std::min<std::size_t>(static_cast<std::size_t>(end_ - data_), 24);
        receive(id, reinterpret_cast<std::byte const*>(data_), n);
        data_ += n;
    }

    // What the pool's shell does with bytes from a channel.
    void receive(worker_id id, std::byte const* bytes, std::size_t n)
    {
        auto& w = world_.workers[id];
        if (w.is != model_worker::life::alive || w.forgotten)
            return;
        auto& reader = readers_[id];
        if (!reader)
            reader = std::make_unique<frame_reader>(frame_side::parent, 1000);
        auto const room = reader->prepare();
        if (room.size() < n)
            return;
        std::memcpy(room.data(), bytes, n);
        reader->commit(n);
        while (auto const f = reader->next())
            take(id, *f);
        if (reader->error() != frame_error::none)
            world_.pool.protocol_violated(id, world_.now);
        world_.obey();
    }

    void take(worker_id id, frame const& f)
    {
        if (f.header.type == frame_type::ready) {
            if (decode_ready(f.payload))
                world_.pool.worker_ready(id, world_.now);
            else
                world_.pool.protocol_violated(id, world_.now);
            return;
        }
        auto const kind = f.header.type == frame_type::value ? result_kind::value
                                                             : result_kind::exception;
        auto const verdict = world_.pool.result_received(id, f.header.call, kind, world_.now);
        if (verdict == answer_verdict::deliver || verdict == answer_verdict::timed_out)
            world_.end(f.header.call);
    }

    void end_all()
    {
        for (unsigned n = 0; auto const id = a_worker(n); ++n) {
            auto& w = world_.workers[id];
            if (w.is == model_worker::life::asked_for)
                world_.report_failed_start(id);
            else
                world_.die(id), world_.bury(id);
        }
        world_.pass(10ms);
    }

    std::uint8_t const* data_;
    std::uint8_t const* const end_;
    pool_world world_{rules()};
    std::map<worker_id, std::unique_ptr<frame_reader>> readers_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    conversation(data, size).run();
    return 0;
}
