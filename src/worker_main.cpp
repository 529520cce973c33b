// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/worker_main.hpp>

#include <cofu/detail/process_hook.hpp>
#include <posix/image_marker.hpp>
#include <posix/started_image.hpp>

namespace cofu {

bool is_worker_process() noexcept { return detail::own_marker().present; }

void worker_main(int argc, char** argv)
{
    detail::pass_hook();
    if (is_worker_process())
        detail::run_started_image(detail::own_marker(), argc, argv);
}

}  // namespace cofu
