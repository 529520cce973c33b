// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Version, the oldest Boost supported, and the macros that mark what the compiled library exports.

#include <boost/config.hpp>
#include <boost/version.hpp>

#if BOOST_VERSION < 108100
#error "cofu needs Boost 1.81 or newer"
#endif

#define COFU_VERSION_MAJOR 0
#define COFU_VERSION_MINOR 1
#define COFU_VERSION_PATCH 0

#if defined(COFU_DYN_LINK) && defined(COFU_SOURCE)
#define COFU_DECL BOOST_SYMBOL_EXPORT
#elif defined(COFU_DYN_LINK)
#define COFU_DECL BOOST_SYMBOL_IMPORT
#else
#define COFU_DECL
#endif

/// Whether there are process pools: on Linux, from 5.4 on.
#if defined(__linux__)
#define COFU_HAS_PROCESS_POOL 1
#else
#define COFU_HAS_PROCESS_POOL 0
#endif
