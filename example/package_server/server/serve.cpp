// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "serve.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <iostream>

#include "server.hpp"

namespace package_server {
namespace {

// A demo that is killed must not leave its server behind.
void end_with(int parent)
{
    if (parent == 0)
        return;
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent)
        throw std::runtime_error("the demo that started this has ended");
}

// Removes the database at the end; without packages the server still runs and answers 503.
class loaded_database {
public:
    explicit loaded_database(data_paths const& paths) : file_(paths.database)
    {
        try {
            load_packages(paths);
        } catch (std::exception const& e) {
            std::cerr << "package_server: no packages in " << file_.string() << ": " << e.what()
                      << std::endl;
        }
    }
    ~loaded_database()
    {
        std::error_code ignored;
        std::filesystem::remove(file_, ignored);
    }

private:
    std::filesystem::path file_;
};

std::unique_ptr<server> listen(asio::io_context& loop, options const& o, work& slow)
{
    try {
        return std::make_unique<server>(loop, o.port, slow, o.unsafe);
    } catch (boost::system::system_error const& e) {
        throw std::runtime_error("cannot listen on port " + std::to_string(o.port) + " ("
                                 + e.code().message() + "): choose another with --port N");
    }
}

void announce(std::uint16_t port)
{
    auto const root = "http://127.0.0.1:" + std::to_string(port);
    std::cout << "listening on " << root << "/\n"
              << "  try  curl " << root << "/packages/bash\n"
              << "       curl " << root << "/search?q=library\n"
              << "       curl " << root << "/digest/coreutils\n"
              << "  or open it in a browser; Ctrl-C stops the server" << std::endl;
}

}  // namespace

int serve(options const& o)
{
    end_with(o.parent);
    loaded_database const database(o.paths);
    asio::io_context loop(1);
    auto const slow = o.blocking ? make_blocking_work(o.paths)
                                 : make_pool_work(o.paths, o.workers, loop.get_executor());
    auto const http_server = listen(loop, o, *slow);

    asio::signal_set signals(loop, SIGINT, SIGTERM);
    signals.async_wait([&](boost::system::error_code error, int) {
        signals.clear();  // a second Ctrl-C ends the process at once
        if (!error)
            http_server->stop();
    });

    announce(http_server->port());
    loop.run();
    return 0;
}

}  // namespace package_server
