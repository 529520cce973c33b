// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// The page that a parent shares with one worker: a slot for each call sent, the stop word, and the
// worker's last words. The parent believes nothing in it but the state of calls that it has in
// flight there, and copies what it reads.

#include "../detail/claim_word.hpp"
#include "stack_capture.hpp"
#include "unique_fd.hpp"

#include <boost/system/error_code.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace cofu::detail {

// Written by signal handlers of a dying worker, without a lock or allocation.
struct last_words_area {
    std::atomic<std::uint32_t> written;  // 1 once the rest stands, but for the stack
    std::uint32_t signal;                // 0: std::terminate came first
    char type[128];  // of the exception that ended it; mangled, may be cut off; NUL-terminated
    char what[512];
    captured_stack stack;  // last, since looking for it may be what fails
};

struct claim_page_layout {
    // Parent: publish, withdraw. Worker: claim, finish.
    std::atomic<claim_word::word> slots[claim_slots];
    // Parent: the call that shall stop, 0 for none. Worker: clears the one that it has obeyed.
    alignas(64) std::atomic<std::uint64_t> stop;
    alignas(64) last_words_area last_words;
    // Written by the parent before anybody else has the page; a call or an answer may be so long.
    std::uint64_t max_message;
};
static_assert(std::atomic<claim_word::word>::is_always_lock_free);
static_assert(sizeof(claim_page_layout) <= 4096);

// A copy of what a dead worker left.
struct last_words {
    int signal = 0;
    std::string type;
    std::string what;
    stack_tokens stack;
};

// The parent's end: owns the descriptor (to pass on) and the mapping.
class claim_page {
public:
    claim_page() noexcept = default;
    claim_page(claim_page&& other) noexcept;
    claim_page& operator=(claim_page&& other) noexcept;
    ~claim_page();

    // A sealed page of a size that can't change. An error names the call that failed.
    static claim_page make(std::uint64_t max_message, boost::system::error_code& error,
                           char const*& failed_call);

    explicit operator bool() const noexcept { return layout_ != nullptr; }
    int descriptor() const noexcept { return fd_.get(); }
    void close_descriptor() noexcept { fd_.reset(); }  // once it was passed on
    static std::size_t size() noexcept;

    // Any thread of the parent while the page lives.
    void publish(unsigned slot, std::uint64_t call) noexcept;   // before its frame is written
    bool withdraw(unsigned slot, std::uint64_t call) noexcept;  // true: it will never begin
    bool has_begun(unsigned slot, std::uint64_t call) const noexcept;
    claim_snapshot snapshot() const noexcept;
    void request_stop(std::uint64_t call) noexcept;  // 0: of nothing any more
    std::optional<last_words> read_last_words() const;  // of a dead worker

private:
    unique_fd fd_;
    claim_page_layout* layout_ = nullptr;
};

// The worker's steps, on its mapping.
bool claim(claim_page_layout& page, unsigned slot, std::uint64_t call) noexcept;
void finish(claim_page_layout& page, unsigned slot, std::uint64_t call) noexcept;

}  // namespace cofu::detail
