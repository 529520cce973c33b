// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "shared_gate.hpp"

#include <atomic>
#include <chrono>
#include <climits>
#include <new>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace cofu::test {

struct shared_gate::page {
    std::uint64_t id;
    std::atomic<std::uint32_t> open;
    std::atomic<std::uint32_t> arrived;
    std::atomic<std::int64_t> noted;
};

namespace {

constexpr std::size_t page_size = 4096;
std::atomic<std::uint64_t> last_id{0};

[[noreturn]] void fail(char const* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

// Of the kernel itself: std::atomic::wait works within one process only.
void wake_all(std::atomic<std::uint32_t>& word)
{
    syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

// Until `done(word)`; throws wait_timed_out.
template <class Done>
void wait_on(std::atomic<std::uint32_t>& word, Done done, char const* what)
{
    auto const until = std::chrono::steady_clock::now() + default_limit;
    for (auto seen = word.load(); !done(seen); seen = word.load()) {
        if (std::chrono::steady_clock::now() >= until)
            throw wait_timed_out(what);
        timespec const some{0, 100'000'000};
        syscall(SYS_futex, &word, FUTEX_WAIT, seen, &some, nullptr, 0);
    }
}

shared_gate::page* map(int descriptor)
{
    void* const p =
        mmap(nullptr, page_size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    return p == MAP_FAILED ? nullptr : static_cast<shared_gate::page*>(p);
}

// The page of a handle, or nothing where the gate is gone.
class visit {
public:
    explicit visit(shared_gate::handle const& h)
    {
        auto const path =
            "/proc/" + std::to_string(h.owner) + "/fd/" + std::to_string(h.descriptor);
        int const fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
        if (fd < 0)
            return;
        if (lseek(fd, 0, SEEK_END) == page_size)
            page_ = map(fd);
        ::close(fd);
        if (page_ && page_->id != h.id)
            munmap(std::exchange(page_, nullptr), page_size);
    }
    ~visit()
    {
        if (page_)
            munmap(page_, page_size);
    }
    visit(visit const&) = delete;
    visit& operator=(visit const&) = delete;

    explicit operator bool() const { return page_ != nullptr; }
    shared_gate::page* operator->() const { return page_; }

private:
    shared_gate::page* page_ = nullptr;
};

} // namespace

void shared_gate::handle::arrive() const
{
    if (visit const v(*this); v) {
        v->arrived.fetch_add(1);
        wake_all(v->arrived);
    }
}

void shared_gate::handle::wait() const
{
    if (visit const v(*this); v)
        wait_on(v->open, [](auto open) { return open != 0; }, "shared_gate: still closed");
}

void shared_gate::handle::arrive_and_wait() const
{
    arrive();
    wait();
}

void shared_gate::handle::open() const
{
    if (visit const v(*this); v) {
        v->open = 1;
        wake_all(v->open);
    }
}

void shared_gate::handle::note(std::int64_t value) const
{
    if (visit const v(*this); v)
        v->noted = value;
}

std::int64_t shared_gate::handle::noted() const
{
    visit const v(*this);
    return v ? v->noted.load() : 0;
}

shared_gate::shared_gate() : descriptor_(memfd_create("shared_gate", MFD_CLOEXEC))
{
    if (descriptor_ < 0)
        fail("memfd_create");
    if (ftruncate(descriptor_, page_size) != 0)
        fail("ftruncate");
    page_ = map(descriptor_);
    if (!page_)
        fail("mmap");
    ::new (page_) page{++last_id, {0}, {0}, {0}};
}

shared_gate::~shared_gate()
{
    open();
    munmap(page_, page_size);
    ::close(descriptor_);
}

shared_gate::handle shared_gate::get_handle() const noexcept
{
    return {getpid(), descriptor_, page_->id};
}

void shared_gate::open()
{
    page_->open = 1;
    wake_all(page_->open);
}

std::size_t shared_gate::arrived() const
{
    return page_->arrived;
}

void shared_gate::wait_for_arrivals(std::size_t n) const
{
    wait_on(page_->arrived, [n](auto came) { return came >= n; },
            "shared_gate: too few have come");
}

std::int64_t shared_gate::noted() const
{
    return page_->noted;
}

} // namespace cofu::test
