// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A text that is made when it is first read.

#include <cofu/config.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace cofu::detail {

class BOOST_SYMBOL_VISIBLE late_text {
public:
    // What the text is made of. Read by several threads at once, made by one.
    class BOOST_SYMBOL_VISIBLE source {
    public:
        source() = default;
        source(source const&) = delete;
        source& operator=(source const&) = delete;
        virtual ~source() = default;

        virtual std::string make() const = 0;

    private:
        friend late_text;

        mutable std::once_flag once_;
        mutable std::string made_;
    };

    COFU_DECL late_text(std::string text);  // NOLINT: a text is a late text that is there
    late_text(char const* text) : late_text(std::string(text)) {}  // NOLINT
    explicit late_text(std::shared_ptr<source const> made_of) noexcept : source_(std::move(made_of))
    {
    }

    // Empty if it can't be made.
    COFU_DECL std::string const& get() const noexcept;

    source const& made_of() const noexcept { return *source_; }

private:
    std::shared_ptr<source const> source_;  // never null; shared, so that copying never throws
};

}  // namespace cofu::detail
