// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// Visits every word that the transitions can make, as shared_state applies them, and checks on each
// edge what the protocol promises.

#include <cofu/detail/call_word.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

using namespace cofu::detail::call_word;

namespace {

constexpr word most_handles = 4;

enum class holder { nobody, lister, teller };  // of the lock

// Parties on their way that own a handle each.
constexpr unsigned requester = 1;  // of a stop
constexpr unsigned canceller = 2;
constexpr unsigned actor = 4;  // runs the actions
constexpr unsigned waiting = 8;  // its waiter lasts
// The finisher is about to tell that waiter; it owns nothing.
constexpr unsigned telling = 16;

struct node {
    word w;
    holder locked_by;
    unsigned parties;

    auto key() const { return std::tuple(w, locked_by, parties); }
    friend bool operator<(node const& a, node const& b) { return a.key() < b.key(); }
};

word handles(word w) { return w / handle; }

bool owns(node const& n, unsigned party) { return (n.parties & party) != 0; }

// Handles that belong to futures.
word futures(node const& n)
{
    return handles(n.w) - owns(n, requester) - owns(n, canceller) - owns(n, actor)
           - owns(n, waiting);
}

bool is_freed(node const& n) { return is_unreferenced(n.w); }

class walk {
public:
    explicit walk(bool promise) : is_promise_(promise)
    {
        reach({promise ? runner | handle : queued | handle, holder::nobody, 0});
        while (!open_.empty()) {
            here_ = open_.back();
            open_.pop_back();
            if (!is_freed(here_))
                visit();
        }
    }

    std::string problems() const { return problems_.str(); }
    std::set<node> const& nodes() const { return seen_; }
    std::multimap<node, node> const& backwards() const { return backwards_; }
    std::set<word> words() const
    {
        std::set<word> all;
        for (auto const& n : seen_)
            all.insert(n.w);
        return all;
    }

private:
    void problem(char const* what, node const& n)
    {
        problems_ << (is_promise_ ? "promise" : "call") << ", after '" << edge_ << "' from "
                  << std::hex << here_.w << ": " << what << " in " << n.w << std::dec << "; ";
    }

    void reach(node const& n)
    {
        check_word(n);
        if (seen_.insert(n).second)
            open_.push_back(n);
    }

    // `changed`: the bits that this edge may change.
    void go(char const* edge, word changed, node const& to)
    {
        edge_ = edge;
        if (((here_.w ^ to.w) & ~changed & (handle - 1)) != 0)
            problem("a bit changed that is not the transition's", to);
        check_phases(to);
        backwards_.emplace(to, here_);
        reach(to);
    }

    void check_phases(node const& to)
    {
        static std::set<std::pair<word, word>> const allowed{
            {pending, running}, {pending, setting}, {pending, cancelled}, {running, setting},
            {running, value},   {running, error},   {setting, value},     {setting, error},
            {setting, pending}, {setting, running}};
        auto const from = phase(here_.w);
        auto const now = phase(to.w);
        if (from != now && !allowed.contains({from, now}))
            problem("a phase that does not follow", to);
        if (is_done(here_.w) && from != now)
            problem("a final phase changed", to);
    }

    void check_word(node const& n)
    {
        auto const w = n.w;
        if (phase(w) > error)
            problem("an unknown phase", n);
        if ((w & interrupting) != 0 && (w & stop) == 0)
            problem("an interruption that nobody asked for", n);
        if ((w & interrupting) != 0 && (phase(w) == value || phase(w) == error))
            problem("finished while an interruption is under way", n);
        if (n.locked_by == holder::teller && (w & interrupting) != 0)
            problem("told while an interruption is under way", n);
        if ((w & interrupting) != 0 && (w & interrupted) != 0)
            problem("a second interruption", n);
        if (((w & lock) != 0) != (n.locked_by != holder::nobody))
            problem("the lock bit and its holder differ", n);
        if ((w & sole) != 0 && ((w & listed) == 0 || !owns(n, waiting)))
            problem("a sole waiter that is not listed, or does not last", n);
        if (owns(n, telling) && !owns(n, waiting))
            problem("told, and gone", n);
        if ((w & taken) != 0 && phase(w) != value)
            problem("taken without a value", n);
        if (!is_done(w) && (w & (queued | runner)) == 0)
            problem("not done, and nobody will finish it", n);
        if (is_freed(n) && (!is_done(w) || (w & (lock | listed | interrupting)) != 0))
            problem("freed too early", n);
        if (is_freed(n) && n.parties != 0)
            problem("freed under somebody's hands", n);
        if (!is_promise_)
            check_call(n);
    }

    void check_call(node const& n)
    {
        auto const w = n.w;
        if (phase(w) == pending && (w & (queued | stop | runner)) != queued)
            problem("a pending call is in the queue, without runner and stop", n);
        if (phase(w) == running && (w & runner) == 0)
            problem("a running call without runner", n);
        if (phase(w) == setting)
            problem("a call is never setting", n);
        if ((w & interrupting) != 0 && phase(w) != running)
            problem("an interruption of what does not run", n);
    }

    void visit()
    {
        if (is_promise_)
            promise_edges();
        else
            call_edges();
        handle_edges();
        list_edges();
        finish_edges();
        stop_edges();
    }

    void call_edges()
    {
        auto n = here_;
        if ((n.w & queued) == 0)
            return;
        if (auto const w = start(n.w))
            go("start", phase_mask | runner | queued, {*w, n.locked_by, n.parties});
        else
            go("drop the entry", queued, {n.w - queued, n.locked_by, n.parties});
        if (auto const w = claim(n.w))
            go("claim", phase_mask | runner, {*w, n.locked_by, n.parties});
    }

    void promise_edges()
    {
        auto const n = here_;
        if ((n.w & runner) == 0)
            return;
        if (auto const w = begin_running(n.w))
            go("begin_running", phase_mask, {*w, n.locked_by, n.parties});
        if (n.locked_by != holder::teller) {
            if (auto const w = begin_setting(n.w))
                go("begin_setting", phase_mask, {*w, n.locked_by, n.parties});
            if (phase(n.w) == setting) {
                go("give up", phase_mask, {with_phase(n.w, pending), n.locked_by, n.parties});
                go("give up", phase_mask, {with_phase(n.w, running), n.locked_by, n.parties});
            }
            if (is_done(n.w))
                go("drop the promise", runner, {n.w - runner, n.locked_by, n.parties});
        }
    }

    void handle_edges()
    {
        auto const n = here_;
        if (handles(n.w) < most_handles && (futures(n) > 0 || (n.w & runner) != 0))
            go("copy", 0, {n.w + handle, n.locked_by, n.parties});
        // A future that waits, or changes the list, stays.
        if (futures(n) > 0 && n.locked_by != holder::lister)
            go("drop", 0, {n.w - handle, n.locked_by, n.parties});
        if (futures(n) > 0)
            if (auto const w = take(n.w))
                go("take", taken, {*w, n.locked_by, n.parties});
        if (futures(n) > 0 && handles(n.w) < most_handles && !owns(n, canceller))
            if (auto const w = cancel(n.w))
                go("cancel", phase_mask, {*w + handle, n.locked_by, n.parties | canceller});
    }

    void list_edges()
    {
        auto const n = here_;
        bool const may_list = futures(n) > 0 || owns(n, actor) || owns(n, waiting);
        if (may_list && (!is_done(n.w) || (n.w & listed) != 0))
            if (auto const w = acquire(n.w))
                go("lock the list", lock, {*w, holder::lister, n.parties});
        if (n.locked_by == holder::lister) {
            // Nobody links to what was done when the lock was taken.
            if (!is_done(n.w) || (n.w & listed) != 0 || owns(n, canceller))
                go("leave it filled", lock | listed | sole,
                   {release(n.w, true), holder::nobody, n.parties});
            go("leave it empty", lock | listed | sole, {release(n.w, false), holder::nobody, n.parties});
        }
        if (n.locked_by == holder::lister && (n.w & listed) == 0 && !is_done(n.w) && may_wait(n))
            go("leave one that lasts", lock | listed | sole,
               {release_sole(n.w) + handle, holder::nobody, n.parties | waiting});
        if (futures(n) == 1 && may_wait(n))
            if (auto const w = list_sole(n.w))
                go("list one that lasts", listed | sole,
                   {*w + handle, n.locked_by, n.parties | waiting});
        if (owns(n, waiting) && !owns(n, telling) && n.locked_by == holder::nobody
            && (n.w & listed) == 0)
            go("told, or removed", 0, {n.w - handle, n.locked_by, n.parties & ~waiting});
        if (owns(n, actor) && n.locked_by == holder::nobody && (n.w & listed) == 0)
            go("end of the actions", 0, {n.w - handle, n.locked_by, n.parties & ~actor});
    }

    static bool may_wait(node const& n)
    {
        return !owns(n, waiting) && handles(n.w) < most_handles;
    }

    bool may_finish() const
    {
        return is_promise_ ? phase(here_.w) == setting : phase(here_.w) == running;
    }

    void finish_edges()
    {
        auto const n = here_;
        word const dropped = is_promise_ ? 0 : runner;
        for (word const final_phase : {value, error}) {
            if (may_finish() && n.locked_by == holder::nobody)
                if (auto const w = finish_at_once(n.w, final_phase, dropped)) {
                    if ((n.w & (lock | listed | stop | interrupting)) != 0)
                        problem("finished over somebody's head", n);
                    go("finish at once", phase_mask | dropped, {*w, n.locked_by, n.parties});
                }
            if (may_finish() && n.locked_by == holder::nobody)
                if (auto const w = finish_sole(n.w, final_phase, dropped)) {
                    if ((n.w & (lock | stop | interrupting)) != 0)
                        problem("finished over somebody's head", n);
                    go("finish and take the only waiter", phase_mask | listed | sole | dropped,
                       {*w, n.locked_by, n.parties | telling});
                }
            if (may_finish())
                if (auto const w = acquire(n.w))
                    go("lock and finish", lock | phase_mask,
                       {with_phase(*w, final_phase), holder::teller, n.parties});
        }
        if (owns(n, telling))
            go("told", 0, {n.w, n.locked_by, n.parties & ~telling});
        if (owns(n, canceller) && phase(n.w) == cancelled)
            if (auto const w = acquire(n.w))
                go("lock to tell", lock, {*w, holder::teller, n.parties});
        if (n.locked_by == holder::teller && is_done(n.w))
            tell(phase(n.w) == cancelled ? handle : dropped);
        if (owns(n, canceller) && n.locked_by == holder::nobody && (n.w & listed) == 0)
            go("nobody to tell", 0, {n.w - handle, n.locked_by, n.parties & ~canceller});
    }

    void tell(word dropped)
    {
        auto const n = here_;
        auto const left = dropped == handle ? n.parties & ~canceller : n.parties;
        go("told, no actions", lock | listed | sole | runner,
           {release(n.w, false) - dropped, holder::nobody, left});
        if ((n.w & listed) != 0)
            go("told, actions left", lock | listed | sole | runner,
               {release(n.w, true) - dropped + handle, holder::nobody, left | actor});
    }

    void stop_edges()
    {
        auto const n = here_;
        if (futures(n) > 0 && handles(n.w) < most_handles)
            if (auto const w = request_stop(n.w))
                go("request_stop", stop, {*w + handle, n.locked_by, n.parties | requester});
        if (!owns(n, requester))
            return;
        if ((n.w & (interrupting | interrupted)) == 0)
            if (auto const w = begin_interrupting(n.w))
                go("begin to interrupt", interrupting, {*w, n.locked_by, n.parties});
        if ((n.w & interrupting) != 0)
            go("interrupted", interrupting | interrupted,
               {end_interrupting(n.w), n.locked_by, n.parties});
        else
            go("stopped", 0, {n.w - handle, n.locked_by, n.parties & ~requester});
    }

    bool const is_promise_;
    std::set<node> seen_;
    std::vector<node> open_;
    std::multimap<node, node> backwards_;
    node here_{};
    char const* edge_ = "the beginning";
    std::ostringstream problems_;
};

// The nodes from which the block can't be freed any more.
std::size_t stuck(walk const& w)
{
    std::set<node> good;
    std::vector<node> open;
    for (auto const& n : w.nodes())
        if (is_freed(n))
            open.push_back(n);
    while (!open.empty()) {
        auto const n = open.back();
        open.pop_back();
        if (!good.insert(n).second)
            continue;
        auto const [first, last] = w.backwards().equal_range(n);
        for (auto i = first; i != last; ++i)
            open.push_back(i->second);
    }
    return w.nodes().size() - good.size();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(call_word_life)

BOOST_AUTO_TEST_CASE(FUT_01_every_reachable_word_of_a_call_keeps_the_promises)
{
    walk const call(false);

    BOOST_TEST(call.problems() == "");
    BOOST_TEST(call.words().size() > 100u);
}

BOOST_AUTO_TEST_CASE(FUT_01_every_reachable_word_of_a_promise_keeps_the_promises)
{
    walk const promise(true);

    BOOST_TEST(promise.problems() == "");
    BOOST_TEST(promise.words().size() > 100u);
}

BOOST_AUTO_TEST_CASE(R1_from_every_reachable_word_the_block_can_still_be_freed)
{
    BOOST_TEST(stuck(walk(false)) == 0u);
    BOOST_TEST(stuck(walk(true)) == 0u);
}

BOOST_AUTO_TEST_CASE(FUT_02_exactly_one_of_start_and_cancel_applies)
{
    auto const fresh = queued | handle;

    BOOST_TEST(start(fresh).has_value());
    BOOST_TEST(!cancel(*start(fresh)).has_value());
    BOOST_TEST(!start(*cancel(fresh)).has_value());
    BOOST_TEST(!claim(*cancel(fresh)).has_value());
    BOOST_TEST(!start(*claim(fresh)).has_value());
}

BOOST_AUTO_TEST_CASE(FUT_13_a_stop_is_requested_once_and_an_interruption_keeps_the_call)
{
    auto const begun = *start(queued | handle);
    auto const stopped = *request_stop(begun);

    BOOST_TEST(!request_stop(stopped).has_value());
    BOOST_TEST(!finish_at_once(stopped, value, runner).has_value());
    BOOST_TEST(acquire(stopped).has_value());
    BOOST_TEST(!acquire(*begin_interrupting(stopped)).has_value());
    BOOST_TEST(acquire(end_interrupting(*begin_interrupting(stopped))).has_value());
    BOOST_TEST(!begin_interrupting(with_phase(stopped, value)).has_value());
}

BOOST_AUTO_TEST_CASE(FUT_14_only_a_sole_waiter_is_taken_without_the_lock)
{
    auto const begun = *start(queued | handle);
    auto const waited = *list_sole(begun) + handle;

    BOOST_TEST(!finish_at_once(waited, value, runner).has_value());
    BOOST_TEST(*finish_sole(waited, value, runner) == with_phase(2 * handle, value));
    BOOST_TEST(!finish_sole(waited | lock, value, runner).has_value());
    BOOST_TEST(!finish_sole(waited | stop, value, runner).has_value());
    BOOST_TEST(!finish_sole(release(waited | lock, true), value, runner).has_value());
    BOOST_TEST(!list_sole(waited).has_value());
    BOOST_TEST(!list_sole(begun + handle).has_value());
    BOOST_TEST(!list_sole(with_phase(begun, value)).has_value());
}

BOOST_AUTO_TEST_CASE(FUT_06_a_value_is_taken_once_and_an_exception_never)
{
    auto const done = *finish_at_once(*start(queued | handle), value, runner);
    auto const failed = *finish_at_once(*start(queued | handle), error, runner);

    BOOST_TEST(take(done).has_value());
    BOOST_TEST(!take(*take(done)).has_value());
    BOOST_TEST(!take(failed).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
