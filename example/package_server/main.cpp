// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// An HTTP server over this machine's Debian packages: see README.md beside this file.

#include <exception>
#include <iostream>

#include "client/demo.hpp"
#include "options.hpp"
#include "server/serve.hpp"

int main(int argc, char** argv)
{
    using namespace package_server;
    try {
        auto const o = parse_options(argc, argv);
        switch (o.mode) {
        case options::help:
            std::cout << usage;
            return 0;
        case options::serve:
            return serve(o);
        case options::demo:
            return demo(o);
        case options::check:
            return check(o);
        }
    } catch (std::invalid_argument const& e) {
        std::cerr << "package_server: " << e.what() << "\n\n" << usage;
        return 2;
    } catch (std::exception const& e) {
        std::cerr << "package_server: " << e.what() << '\n';
    }
    return 1;
}
