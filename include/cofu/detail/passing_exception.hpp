// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// A handler that looks at exceptions on their way and catches none.

#include <cofu/config.hpp>

#include <typeinfo>

namespace cofu::detail {

// Before the stack is unwound, the runtime asks the handlers on it, from the innermost out, which
// will take the exception. `catch (passing_exception const&)` before a `catch (...)` is asked in
// that moment, keeps where the exception was thrown (src/detail/thrown_stacks.hpp) and refuses.
// doc/design/stack-traces.md says how. No object of this class exists.
class COFU_DECL passing_exception {
public:
#if defined(__GLIBCXX__)
    virtual ~passing_exception();  // not defined: the class's type_info is ours
#else
    virtual ~passing_exception() = default;  // stays out of the way
#endif
};

}  // namespace cofu::detail
