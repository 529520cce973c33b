// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Which sanitizer this build runs under, and how much longer things may take there.
#pragma once

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define COFU_TEST_UNDER_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define COFU_TEST_UNDER_TSAN 1
#endif
#endif

#if defined(__SANITIZE_ADDRESS__) && !defined(COFU_TEST_UNDER_ASAN)
#define COFU_TEST_UNDER_ASAN 1
#endif
#if defined(__SANITIZE_THREAD__) && !defined(COFU_TEST_UNDER_TSAN)
#define COFU_TEST_UNDER_TSAN 1
#endif

#if defined(COFU_TEST_UNDER_ASAN) || defined(COFU_TEST_UNDER_TSAN)
#define COFU_TEST_UNDER_SANITIZER 1
#endif

namespace cofu::test {

#ifdef COFU_TEST_UNDER_ASAN
inline constexpr bool under_asan = true;
#else
inline constexpr bool under_asan = false;
#endif

#ifdef COFU_TEST_UNDER_TSAN
inline constexpr bool under_tsan = true;
#else
inline constexpr bool under_tsan = false;
#endif

inline constexpr bool under_sanitizer = under_asan || under_tsan;

/// Every limit in time is multiplied by this.
inline constexpr int time_factor = under_sanitizer ? 10 : 1;

} // namespace cofu::test
