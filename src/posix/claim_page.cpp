// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "claim_page.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace cofu::detail {

namespace {

using claim_word::word;

// A string that another process wrote: it may lack its end.
template <std::size_t N>
std::string copy_text(char const (&text)[N])
{
    char copy[N];
    std::memcpy(copy, text, N);
    return {copy, strnlen(copy, N)};
}

bool exchange(std::atomic<word>& slot, word from, word to) noexcept
{
    // Release: what the taker did before (an answer read, a claim refused) stands before its step.
    // Acquire: the loser sees what the winner did before. The call's bytes themselves travel through
    // the channel, which orders them.
    return slot.compare_exchange_strong(from, to, std::memory_order_acq_rel,
                                        std::memory_order_acquire);
}

}  // namespace

claim_page::claim_page(claim_page&& other) noexcept
    : fd_(std::move(other.fd_)), layout_(std::exchange(other.layout_, nullptr))
{
}

claim_page& claim_page::operator=(claim_page&& other) noexcept
{
    fd_ = std::move(other.fd_);
    std::swap(layout_, other.layout_);
    return *this;
}

claim_page::~claim_page()
{
    if (layout_)
        munmap(layout_, size());
}

std::size_t claim_page::size() noexcept
{
    static auto const page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return (sizeof(claim_page_layout) + page - 1) / page * page;
}

// Allocated before it is mapped, so that full memory is an error and no SIGBUS; sealed before
// anybody else has it, so that no worker can take the memory away under the parent.
claim_page claim_page::make(std::uint64_t max_message, boost::system::error_code& error,
                            char const*& failed_call)
{
    auto const fail = [&](char const* call) {
        error.assign(errno, boost::system::system_category());
        failed_call = call;
        return claim_page();
    };
    claim_page page;
    page.fd_.reset(memfd_create("cofu claims", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!page.fd_)
        return fail("memfd_create");
    while (fallocate(page.fd_.get(), 0, 0, static_cast<off_t>(size())) != 0) {
        if (errno != EINTR)
            return fail("fallocate");
    }
    if (fcntl(page.fd_.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        return fail("fcntl(F_ADD_SEALS)");
    void* const memory =
        mmap(nullptr, size(), PROT_READ | PROT_WRITE, MAP_SHARED, page.fd_.get(), 0);
    if (memory == MAP_FAILED)
        return fail("mmap");
    page.layout_ = ::new (memory) claim_page_layout{};
    page.layout_->max_message = max_message;
    error.clear();
    return page;
}

void claim_page::publish(unsigned slot, std::uint64_t call) noexcept
{
    // Release is enough: the worker looks here only after it has read the frame, which was written
    // after this. A worker still on its way to claim this slot's former call compares ids and fails.
    layout_->slots[slot].store(claim_word::make(call, claim_word::sent),
                               std::memory_order_release);
}

bool claim_page::withdraw(unsigned slot, std::uint64_t call) noexcept
{
    return exchange(layout_->slots[slot], claim_word::make(call, claim_word::sent),
                    claim_word::make(call, claim_word::withdrawn));
}

bool claim_page::has_begun(unsigned slot, std::uint64_t call) const noexcept
{
    return claim_word::has_begun(layout_->slots[slot].load(std::memory_order_acquire), call);
}

claim_snapshot claim_page::snapshot() const noexcept
{
    claim_snapshot copy;
    for (std::size_t i = 0; i < claim_slots; ++i)
        copy[i] = layout_->slots[i].load(std::memory_order_acquire);
    return copy;
}

void claim_page::request_stop(std::uint64_t call) noexcept
{
    // The SIGTERM that follows is a system call and orders this store before its handler.
    layout_->stop.store(call, std::memory_order_release);
}

std::optional<last_words> claim_page::read_last_words() const
{
    auto const& area = layout_->last_words;
    if (area.written.load(std::memory_order_acquire) == 0)
        return std::nullopt;
    last_words words;
    words.signal = static_cast<int>(area.signal);
    words.type = copy_text(area.type);
    words.what = copy_text(area.what);
    words.stack = tokens_of(area.stack);
    return words;
}

bool claim(claim_page_layout& page, unsigned slot, std::uint64_t call) noexcept
{
    return exchange(page.slots[slot], claim_word::make(call, claim_word::sent),
                    claim_word::make(call, claim_word::claimed));
}

void finish(claim_page_layout& page, unsigned slot, std::uint64_t call) noexcept
{
    exchange(page.slots[slot], claim_word::make(call, claim_word::claimed),
             claim_word::make(call, claim_word::finished));
}

}  // namespace cofu::detail
