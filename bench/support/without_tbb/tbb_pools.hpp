// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Built where oneTBB is not: it is left out.

#include "pool_list.hpp"

namespace bench {

using tbb_posting_pools = pool_list<>;
using tbb_nesting_pools = pool_list<>;
using tbb_future_pools = pool_list<>;

}  // namespace bench
