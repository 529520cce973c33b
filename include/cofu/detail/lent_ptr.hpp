// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// What an initiating function is lent by its caller; a copy, which may be kept for longer as a part
// of a deferred operation, holds a reference of its own. Or it was given a reference.

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <utility>

namespace cofu::detail {

template <class T>
class lent_ptr {
public:
    explicit lent_ptr(T* lent) noexcept : lent_(lent) {}
    explicit lent_ptr(boost::intrusive_ptr<T>&& given) noexcept
        : lent_(given.detach()), is_kept_(lent_ != nullptr)
    {
    }
    lent_ptr(lent_ptr const& other) noexcept : lent_(other.lent_) { keep(); }
    lent_ptr(lent_ptr&& other) noexcept : lent_(other.lent_)
    {
        if (other.release())
            is_kept_ = true;
        else
            keep();
    }
    lent_ptr& operator=(lent_ptr other) noexcept
    {
        std::swap(lent_, other.lent_);
        std::swap(is_kept_, other.is_kept_);
        return *this;
    }
    ~lent_ptr()
    {
        if (is_kept_)
            intrusive_ptr_release(lent_);
    }

    T* get() const noexcept { return lent_; }
    T* operator->() const noexcept { return lent_; }

    // Whether it held a reference, which is the caller's now.
    bool release() noexcept { return std::exchange(is_kept_, false); }

private:
    void keep() noexcept
    {
        if (lent_) {
            intrusive_ptr_add_ref(lent_);
            is_kept_ = true;
        }
    }

    T* lent_;
    bool is_kept_ = false;
};

}  // namespace cofu::detail
