// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Records that are named by numbers which are never used again.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cofu::detail {

using record_index = std::uint32_t;
inline constexpr record_index no_record = static_cast<record_index>(-1);

// Record has `std::uint64_t id = 0` and `record_index next`. An id is a serial number above the
// record's index, so that looking it up is one comparison; 30 bits of serial leave two for a claim
// word's state.
template <class Record>
class record_table {
public:
    // Makes room for n records besides those in use.
    void reserve(std::size_t n)
    {
        if (free_ >= n)
            return;
        auto const old = records_.size();
        auto const wanted = std::max(old + n - free_, old + old / 2 + smallest);
        records_.resize(wanted);
        for (auto i = wanted; i-- > old;)
            give_back(static_cast<record_index>(i));
    }

    bool has_room() const noexcept { return free_ != 0; }

    // Precondition: has_room().
    record_index add() noexcept
    {
        auto const index = first_free_;
        auto& record = records_[index];
        first_free_ = record.next;
        --free_;
        record = Record{};
        serial_ = serial_ == last_serial ? 1 : serial_ + 1;
        record.id = serial_ << 32 | index;
        return index;
    }

    void remove(record_index index) noexcept
    {
        give_back(index);
        if (free_ == records_.size() && free_ > kept_when_empty) {
            std::vector<Record>().swap(records_);
            free_ = 0;
            first_free_ = no_record;
        }
    }

    record_index find(std::uint64_t id) const noexcept
    {
        auto const index = static_cast<record_index>(id);
        return index < records_.size() && records_[index].id == id && id != 0 ? index : no_record;
    }

    Record& operator[](record_index index) noexcept { return records_[index]; }
    Record const& operator[](record_index index) const noexcept { return records_[index]; }

    std::size_t size() const noexcept { return records_.size() - free_; }
    record_index end() const noexcept { return static_cast<record_index>(records_.size()); }
    bool is_used(record_index index) const noexcept { return records_[index].id != 0; }

private:
    static constexpr std::uint64_t last_serial = (std::uint64_t{1} << 30) - 1;
    static constexpr std::size_t kept_when_empty = 1024;
    static constexpr std::size_t smallest = 8;

    void give_back(record_index index) noexcept
    {
        records_[index].id = 0;
        records_[index].next = first_free_;
        first_free_ = index;
        ++free_;
    }

    std::vector<Record> records_;
    std::size_t free_ = 0;
    record_index first_free_ = no_record;
    std::uint64_t serial_ = 0;
};

}  // namespace cofu::detail
