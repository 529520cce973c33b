// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Functions of every kind of module, called in another process of this program, whose modules lie
// at other addresses.

#include "modules/library.hpp"

#include <cofu/detail/remote_call.hpp>

#include "support/child_case.hpp"

#include <boost/test/unit_test.hpp>

#include <dlfcn.h>
#include <stdlib.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using cofu::test::run_case_in_child;

namespace {

using bytes = std::vector<std::byte>;

template <class F, class... A>
bytes call_of(F const& f, A const&... args)
{
    cofu::byte_writer writer;
    cofu::detail::encode_call(writer, f, args...);
    return {writer.bytes().begin(), writer.bytes().end()};
}

std::string as_text(bytes const& call)
{
    std::string text;
    for (auto const byte : call) {
        text += static_cast<char>('a' + (std::to_integer<int>(byte) >> 4));
        text += static_cast<char>('a' + (std::to_integer<int>(byte) & 15));
    }
    return text;
}

bytes from_text(std::string const& text)
{
    bytes call;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        call.push_back(std::byte((text[i] - 'a') << 4 | (text[i + 1] - 'a')));
    return call;
}

// "= 42" or "! why not".
std::string outcome_elsewhere(bytes const& call)
{
    auto const child = run_case_in_child("modules/answer", {"COFU_TEST_CALL=" + as_text(call)});
    auto const begin = child.output.find('{'), end = child.output.find('}');
    if (begin == std::string::npos || end == std::string::npos)
        return "no answer: " + child.output;
    return child.output.substr(begin + 1, end - begin - 1);
}

struct plugin {
    explicit plugin(fs::path const& path) : handle(::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL))
    {
        if (!handle)
            throw std::runtime_error(::dlerror());
    }
    ~plugin() { ::dlclose(handle); }
    plugin(plugin const&) = delete;
    plugin& operator=(plugin const&) = delete;

    bytes lambda_call(int n) const
    {
        bytes call;
        auto* const make = ::dlsym(handle, "plugin_lambda_call");
        reinterpret_cast<decltype(&plugin_lambda_call)>(make)(n, call);
        return call;
    }
    auto function() const
    {
        return reinterpret_cast<decltype(&plugin_function)>(::dlsym(handle, "plugin_function"));
    }

    void* handle;
};

struct temporary_folder {
    temporary_folder()
    {
        std::string name = (fs::temp_directory_path() / "cofu_modules_XXXXXX").string();
        if (!::mkdtemp(name.data()))
            throw std::runtime_error("no temporary folder");
        path = name;
    }
    ~temporary_folder() { fs::remove_all(path); }
    fs::path path;
};

int ours(int n) { return n - 1; }

}  // namespace

BOOST_AUTO_TEST_SUITE(modules)

// The other process.
BOOST_AUTO_TEST_CASE(answer, *boost::unit_test::disabled())
{
    auto const call = from_text(std::getenv("COFU_TEST_CALL"));
    try {
        cofu::byte_writer result;
        cofu::detail::run_encoded_call(call, {}, result);
        cofu::byte_reader reader(result.bytes());
        std::printf("{= %d}\n", cofu::detail::decode_result<int>(reader));
    } catch (std::exception const& e) {
        std::printf("{! %s}\n", e.what());
    }
}

BOOST_AUTO_TEST_CASE(functions_of_the_program)
{
    BOOST_TEST(outcome_elsewhere(call_of(ours, 5)) == "= 4");
    BOOST_TEST(outcome_elsewhere(call_of([](int a, int b) { return a * b; }, 6, 7)) == "= 42");
}

BOOST_AUTO_TEST_CASE(functions_of_a_shared_library)
{
    BOOST_TEST(outcome_elsewhere(call_of(&library_function, 5)) == "= 1005");
    BOOST_TEST(outcome_elsewhere(call_of(&library_class::member, 3, 4)) == "= 1012");
    BOOST_TEST(outcome_elsewhere(library_lambda_call(2)) == "= 1014");
    BOOST_TEST(outcome_elsewhere(call_of(static_cast<int (*)(int)>(&std::abs), -3)) == "= 3");
}

BOOST_AUTO_TEST_CASE(functions_of_a_plugin_which_the_other_process_loads)
{
    for (auto const& [path, result] : {std::pair(PLUGIN_A, "= 30"), std::pair(PLUGIN_B, "= 60"),
                                       std::pair(PLUGIN_WITHOUT_BUILD_ID, "= 90")}) {
        plugin const loaded{fs::path(path)};

        BOOST_TEST(outcome_elsewhere(loaded.lambda_call(3)) == result);
        BOOST_TEST(outcome_elsewhere(call_of(loaded.function(), 3)) == result);
    }
}

BOOST_AUTO_TEST_CASE(plugins_that_come_and_go_are_told_apart)
{
    for (int round = 0; round < 3; ++round) {
        {
            plugin const a{fs::path(PLUGIN_A)};
            BOOST_TEST(outcome_elsewhere(call_of(a.function(), 1)) == "= 10");
        }
        plugin const b{fs::path(PLUGIN_B)};
        BOOST_TEST(outcome_elsewhere(call_of(b.function(), 1)) == "= 20");
    }
}

BOOST_AUTO_TEST_CASE(PPE_09_a_plugin_that_was_replaced_is_refused)
{
    temporary_folder const folder;
    auto const path = folder.path / "plugin.so";
    fs::copy_file(PLUGIN_A, path);
    plugin const loaded(path);
    auto const call = loaded.lambda_call(3);

    fs::remove(path);
    auto const missing = outcome_elsewhere(call);
    fs::copy_file(PLUGIN_B, path);
    auto const replaced = outcome_elsewhere(call);

    BOOST_TEST(missing.starts_with("! "));
    BOOST_TEST(missing.find("could not be loaded") != std::string::npos);
    BOOST_TEST(replaced.starts_with("! "));
    BOOST_TEST(replaced.find("another build is now") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
