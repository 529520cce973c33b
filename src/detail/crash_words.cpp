// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "crash_words.hpp"

#include "stack_text.hpp"

#include <boost/core/demangle.hpp>

#include <memory>
#include <string_view>
#include <utility>

namespace cofu::detail {

namespace {

std::string exception_of(last_words const& words)
{
    if (words.type.empty())
        return {};
    auto const type = boost::core::demangle(words.type.c_str());
    return words.what.empty() ? type : type + ": " + words.what;
}

std::string last_line(std::string_view text)
{
    auto const end = text.find_last_not_of('\n');
    if (end == text.npos)
        return {};
    text = text.substr(0, end + 1);
    return std::string(text.substr(text.find_last_of('\n') + 1));  // npos + 1 is 0
}

class words_source final : public late_text::source {
public:
    words_source(std::string exception, stack_tokens stack, std::string stderr_tail)
        : exception_(std::move(exception)),
          stack_(std::move(stack)),
          stderr_tail_(std::move(stderr_tail))
    {
    }

    std::string make() const override
    {
        std::string text = exception_;
        if (!stack_.frames.empty())
            text += (text.empty() ? "" : "\n") + stack_text(stack_);
        if (!text.empty() && !stderr_tail_.empty())
            text += (text.ends_with('\n') ? "" : "\n") + std::string("its standard error stream:\n");
        return text + stderr_tail_;
    }

private:
    std::string const exception_;
    stack_tokens const stack_;
    std::string const stderr_tail_;
};

}  // namespace

crash_words words_of(std::optional<last_words> page, std::string stderr_tail)
{
    auto words = page ? std::move(*page) : last_words();
    auto exception = exception_of(words);
    auto summary = exception.empty() ? last_line(stderr_tail) : exception;
    return {std::move(summary),
            late_text(std::make_shared<words_source const>(
                std::move(exception), std::move(words.stack), std::move(stderr_tail)))};
}

}  // namespace cofu::detail
