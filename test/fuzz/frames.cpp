// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Any bytes from the other side, in pieces of any size. The first byte says who reads and how much
// at a time.

#include <detail/frame_reader.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>

using namespace cofu::detail;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size == 0)
        return 0;
    auto const receiver = (data[0] & 1) != 0 ? frame_side::parent : frame_side::worker;
    std::size_t const piece = 1 + (data[0] >> 1) * 16u;
    frame_reader reader(receiver, 256 * 1024);
    unsigned sum = 0;
    for (std::size_t at = 1; at < size;) {
        auto const room = reader.prepare();
        if (room.empty())
            break;
        auto const n = std::min({piece, room.size(), size - at});
        std::memcpy(room.data(), data + at, n);
        reader.commit(n);
        at += n;
        while (auto const f = reader.next()) {
            if (f->header.length != f->payload.size())
                std::abort();
            for (auto byte : f->payload)
                sum += static_cast<unsigned>(byte);
            if (f->header.type == frame_type::ready && !decode_ready(f->payload) &&
                f->payload.size() >= 4)
                std::abort();
        }
    }
    return static_cast<int>(sum & 0);
}
