// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <cofu/detail/function_id.hpp>

#include <cofu/error.hpp>

#include <boost/test/unit_test.hpp>

#include <dlfcn.h>
#include <sys/mman.h>

#include <cstdlib>
#include <string>

using namespace cofu::detail;

namespace {

int ours(int n) { return n + 1; }

template <class F>
function_id id_of(F* function)
{
    return identify_function(reinterpret_cast<void const*>(function));
}

// The function in the C library itself, wherever the program's linkage would send us.
void* library_function() { return ::dlsym(RTLD_DEFAULT, "qsort"); }

bool text_holds(cofu::transport_error const& e, std::string const& part)
{
    return std::string(e.what()).find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(function_id_)

BOOST_AUTO_TEST_CASE(a_function_of_the_program_is_named_by_its_build_and_offset)
{
    auto const id = id_of(&ours);

    BOOST_TEST(id.module == program_build());
    BOOST_TEST(id.path == "");
    BOOST_TEST((find_function(id) == reinterpret_cast<void*>(&ours)));
}

BOOST_AUTO_TEST_CASE(a_function_of_a_library_is_named_with_its_path)
{
    auto const id = identify_function(library_function());

    BOOST_TEST(id.module != program_build());
    BOOST_TEST(id.path.starts_with("/"));
    BOOST_TEST((find_function(id) == library_function()));
}

BOOST_AUTO_TEST_CASE(it_crosses_as_bytes)
{
    for (auto const& id : {id_of(&ours), identify_function(library_function())}) {
        cofu::byte_writer writer;
        encode_function_id(writer, id);
        cofu::byte_reader reader(writer.bytes());

        auto const after = decode_function_id(reader);

        BOOST_TEST((after == id));
        BOOST_TEST(after.path == id.path);
        BOOST_CHECK_NO_THROW(reader.expect_end());
    }
}

BOOST_AUTO_TEST_CASE(PPE_09_another_build_is_refused)
{
    function_id const of_another{program_build() + 1, 0x1000, {}};

    BOOST_CHECK_EXCEPTION(find_function(of_another), cofu::transport_error,
                          [](auto const& e) { return text_holds(e, "different builds"); });
}

BOOST_AUTO_TEST_CASE(a_library_that_is_not_there_is_named)
{
    function_id const lost{program_build() + 1, 0x1000, "/no/such/library.so"};

    BOOST_CHECK_EXCEPTION(find_function(lost), cofu::transport_error,
                          [](auto const& e) { return text_holds(e, "/no/such/library.so"); });
}

BOOST_AUTO_TEST_CASE(an_offset_outside_the_code_is_refused)
{
    static int data = 0;
    auto const base = reinterpret_cast<std::uintptr_t>(&ours) - id_of(&ours).offset;
    auto const data_offset = reinterpret_cast<std::uintptr_t>(&data) - base;

    for (std::uint64_t const offset : {std::uint64_t(0), std::uint64_t(data_offset), UINT64_MAX})
        BOOST_CHECK_EXCEPTION(find_function({program_build(), offset, {}}), cofu::transport_error,
                              [](auto const& e) { return text_holds(e, "no code"); });
}

BOOST_AUTO_TEST_CASE(code_that_belongs_to_no_module_is_refused)
{
    void* const page = ::mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    BOOST_CHECK_THROW(identify_function(page), cofu::transport_error);
    BOOST_CHECK_THROW(identify_function(nullptr), cofu::transport_error);

    ::munmap(page, 4096);
}

BOOST_AUTO_TEST_SUITE_END()
