// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/late_text.hpp>

#include <utility>

namespace cofu::detail {
namespace {

class given final : public late_text::source {
public:
    explicit given(std::string text) : text_(std::move(text)) {}

    std::string make() const override { return text_; }

private:
    std::string const text_;
};

}  // namespace

late_text::late_text(std::string text) : source_(std::make_shared<given const>(std::move(text))) {}

std::string const& late_text::get() const noexcept
{
    static std::string const none;
    try {
        std::call_once(source_->once_, [this] { source_->made_ = source_->make(); });
        return source_->made_;
    } catch (...) {
        return none;
    }
}

}  // namespace cofu::detail
