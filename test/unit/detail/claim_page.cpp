// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include <posix/claim_page.hpp>

#include "support/gate.hpp"
#include "support/scale.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstring>
#include <functional>
#include <new>
#include <set>
#include <thread>
#include <tuple>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace cofu::detail;

namespace {

struct made_page {
    made_page()
    {
        boost::system::error_code error;
        char const* failed_call = "";
        page = claim_page::make(1000, error, failed_call);
        BOOST_REQUIRE_MESSAGE(!error, failed_call);
        memory = mmap(nullptr, claim_page::size(), PROT_READ | PROT_WRITE, MAP_SHARED,
                      page.descriptor(), 0);
        BOOST_REQUIRE(memory != MAP_FAILED);
        worker = static_cast<claim_page_layout*>(memory);
    }
    ~made_page() { munmap(memory, claim_page::size()); }

    claim_page page;
    void* memory;
    claim_page_layout* worker;
};

// Two calls that use one slot after another, seen by every order of steps: the parent publishes
// each, may withdraw it, and gives the slot to the second once the first is withdrawn or answered;
// the worker takes their frames in order.
struct slot_walk {
    struct node {
        claim_word::word w = 0;
        int published = 0;
        int taken = 0;             // frames that the worker has dealt with
        unsigned begun = 0;        // bits of calls
        unsigned withdrawn = 0;    // bits of calls
        auto key() const { return std::tuple(w, published, taken, begun, withdrawn); }
        bool operator<(node const& other) const { return key() < other.key(); }
    };

    void visit(node const& n)
    {
        if (!seen.insert(n).second)
            return;
        BOOST_TEST((n.begun & n.withdrawn) == 0u);
        if (n.published == 2 && n.taken == 2)
            BOOST_TEST((n.begun | n.withdrawn) == 3u);

        auto const is_over = n.published == 0 || ((n.begun | n.withdrawn) & bit(n.published)) != 0;
        if (n.published < 2 && is_over) {
            auto next = n;
            next.w = claim_word::make(++next.published, claim_word::sent);
            visit(next);
        }
        for (int call = 1; call <= n.published; ++call) {
            if (auto const w = claim_word::withdraw(n.w, call)) {
                auto next = n;
                next.w = *w;
                next.withdrawn |= bit(call);
                visit(next);
            }
        }
        if (n.taken < n.published) {
            auto next = n;
            ++next.taken;
            if (auto const w = claim_word::claim(n.w, next.taken)) {
                next.w = *w;
                next.begun |= bit(next.taken);
            }
            visit(next);
        }
    }

    static unsigned bit(int call) { return 1u << (call - 1); }

    std::set<node> seen;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(claim_pages)

BOOST_AUTO_TEST_CASE(a_call_is_either_begun_or_withdrawn_in_every_order_of_steps)
{
    slot_walk walk;
    walk.visit({});
    BOOST_TEST(walk.seen.size() > 10u);
}

BOOST_AUTO_TEST_CASE(a_step_for_another_call_fails)
{
    using namespace claim_word;
    for (auto state : {sent, claimed, withdrawn, finished}) {
        BOOST_TEST(!claim(make(7, state), 8).has_value());
        BOOST_TEST(!withdraw(make(7, state), 8).has_value());
        BOOST_TEST(!finish(make(7, state), 8).has_value());
        BOOST_TEST(claim(make(7, state), 7).has_value() == (state == sent));
        BOOST_TEST(withdraw(make(7, state), 7).has_value() == (state == sent));
        BOOST_TEST(finish(make(7, state), 7).has_value() == (state == claimed));
        BOOST_TEST(claim_word::has_begun(make(7, state), 7) ==
                   (state == claimed || state == finished));
        BOOST_TEST(!claim_word::has_begun(make(7, state), 8));
    }
}

BOOST_AUTO_TEST_CASE(both_sides_see_one_word)
{
    made_page p;
    p.page.publish(3, 42);
    BOOST_TEST(!p.page.has_begun(3, 42));
    BOOST_TEST(claim(*p.worker, 3, 42));
    BOOST_TEST(p.page.has_begun(3, 42));
    BOOST_TEST(!p.page.withdraw(3, 42));
    BOOST_TEST(!claim(*p.worker, 3, 42));

    p.page.publish(3, 43);
    BOOST_TEST(p.page.withdraw(3, 43));
    BOOST_TEST(!claim(*p.worker, 3, 43));
    BOOST_TEST(p.page.snapshot()[3] == claim_word::make(43, claim_word::withdrawn));

    p.page.request_stop(44);
    BOOST_TEST(p.worker->stop.load() == 44u);
    BOOST_TEST(p.worker->max_message == 1000u);
}

BOOST_AUTO_TEST_CASE(FUT_02_cancel_and_claim_never_both_win)
{
    made_page p;
    auto const rounds = cofu::test::scaled(3000);
    cofu::test::rendezvous together(2);
    std::atomic<bool> claimed{false};
    std::size_t both = 0, neither = 0;
    std::thread worker([&] {
        for (std::size_t call = 1; call <= rounds; ++call) {
            together.arrive_and_wait();
            claimed = claim(*p.worker, 0, call);
            together.arrive_and_wait();
        }
    });
    for (std::size_t call = 1; call <= rounds; ++call) {
        p.page.publish(0, call);
        together.arrive_and_wait();
        auto const withdrawn = p.page.withdraw(0, call);
        together.arrive_and_wait();
        both += withdrawn && claimed;
        neither += !withdrawn && !claimed;
    }
    worker.join();
    BOOST_TEST(both == 0u);
    BOOST_TEST(neither == 0u);
}

BOOST_AUTO_TEST_CASE(a_worker_can_neither_shrink_nor_grow_it)
{
    made_page p;
    BOOST_TEST(ftruncate(p.page.descriptor(), 0) == -1);
    BOOST_TEST(ftruncate(p.page.descriptor(), 1 << 20) == -1);
    BOOST_TEST(fcntl(p.page.descriptor(), F_ADD_SEALS, F_SEAL_WRITE) == -1);
}

BOOST_AUTO_TEST_CASE(R5_last_words_without_an_end_are_cut_off)
{
    made_page p;
    BOOST_TEST(!p.page.read_last_words().has_value());
    auto& area = p.worker->last_words;
    std::memset(area.type, 'T', sizeof area.type);
    std::memset(area.what, 'W', sizeof area.what);
    area.stack.frame_count = 1000000;
    area.stack.module_count = 1000000;
    std::memset(area.stack.modules, 'P', sizeof area.stack.modules);
    area.written = 1;

    auto const words = p.page.read_last_words();

    BOOST_REQUIRE(words.has_value());
    BOOST_TEST(words->type == std::string(sizeof area.type, 'T'));
    BOOST_TEST(words->what == std::string(sizeof area.what, 'W'));
    BOOST_TEST(words->stack.frames.size() == max_stack_frames);
    BOOST_TEST(words->stack.modules.size() == max_stack_modules);
    BOOST_TEST(words->stack.modules.back().path.size() == sizeof area.stack.modules[0].path);
}

BOOST_AUTO_TEST_SUITE_END()
