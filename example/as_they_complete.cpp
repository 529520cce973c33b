// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Results as they come: a crawl that finds new work in the results of earlier calls.

#include <cofu.hpp>

#include <iostream>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

using links = std::vector<std::string>;

std::map<std::string, links> const site = {
    {"index", {"guide", "reference", "news"}},
    {"guide", {"index", "reference", "first-steps"}},
    {"first-steps", {"guide"}},
    {"reference", {"index", "attic"}},  // there is no attic
    {"news", {}},
};

// Stands for a blocking download.
links fetch(std::string const& page)
{
    auto const found = site.find(page);
    if (found == site.end())
        throw std::runtime_error("no such page");
    return found->second;
}

}  // namespace

int main()
{
    cofu::thread_pool_executor pool(3);
    std::unordered_map<cofu::future<links>, std::string> page_of;
    std::set<std::string> seen = {"index"};
    std::set<std::string> broken;

    std::vector first = {pool.submit(fetch, "index")};
    page_of[first[0]] = "index";

    // The stream ends when all that was added has been given, so nobody has to count.
    auto pages = cofu::as_completed(first);
    for (auto const& page : pages) {
        auto const& name = page_of[page];
        try {
            for (auto const& link : page.result()) {
                if (!seen.insert(link).second)
                    continue;
                auto next = pool.submit(fetch, link);
                page_of[next] = link;
                pages.add(next);
            }
            std::cout << name << '\n';
        } catch (std::runtime_error const& e) {
            std::cout << name << ": " << e.what() << '\n';
            broken.insert(name);
        }
    }
    return seen.size() == 6 && broken == std::set<std::string>{"attic"} ? 0 : 1;
}
