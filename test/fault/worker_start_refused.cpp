// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// What a worker's start needs is not there: each error says what failed and what to do.

#include "support/child_case.hpp"
#include "support/sanitizers.hpp"
#include "support/scripted_workers.hpp"
#include "support/start_methods.hpp"

#include <cofu/error.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace cofu::test;

namespace {

constexpr unsigned number_of_pidfd_open = 434, number_of_close_range = 436;

// From now on, here and in what is started here, that system call fails with `error`.
void refuse(unsigned system_call, unsigned error)
{
    sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, system_call, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    sock_fprog const program{std::size(code), code};
    BOOST_REQUIRE(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    BOOST_REQUIRE(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

// The text of the failure of one start; empty if there is none.
std::string failure_of_start(scripted_workers& workers,
                             cofu::start_method method = cofu::start_method::forkserver)
{
    try {
        auto& worker = workers.start(method);
        if (worker.failure.empty() && worker.ask("echo hello") != "hello")
            return "it does not serve";
        return worker.failure;
    } catch (std::system_error const& e) {
        return e.what();
    }
}

bool says(std::string const& text, std::string const& part) { return text.find(part) != text.npos; }

// Every descriptor that this process may open, while it lives.
class no_descriptors_left {
public:
    explicit no_descriptors_left(int spare)
    {
        getrlimit(RLIMIT_NOFILE, &before_);
        rlimit less = before_;
        less.rlim_cur = 256;
        setrlimit(RLIMIT_NOFILE, &less);
        for (int fd; (fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;)
            taken_.emplace_back(fd);
        for (int i = 0; i < spare; ++i)
            taken_.pop_back();
    }
    ~no_descriptors_left() { setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_;
    std::vector<cofu::detail::unique_fd> taken_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(programs, *boost::unit_test::disabled())

BOOST_AUTO_TEST_CASE(may_not_open_pidfds)
{
    refuse(number_of_pidfd_open, EPERM);
    scripted_workers workers;

    auto const text = failure_of_start(workers);

    BOOST_TEST(says(text, "pidfd_open"), text);
    BOOST_TEST(says(text, "sandbox"), text);
}

BOOST_AUTO_TEST_CASE(has_a_kernel_without_pidfds)
{
    refuse(number_of_pidfd_open, ENOSYS);
    scripted_workers workers;

    auto const text = failure_of_start(workers);

    BOOST_TEST(says(text, "Linux 5.4"), text);
}

BOOST_AUTO_TEST_CASE(may_not_clone)
{
    refuse(SYS_clone, EPERM);
    scripted_workers workers;

    auto const text = failure_of_start(workers);

    BOOST_TEST(says(text, "clone"), text);
}

BOOST_AUTO_TEST_CASE(may_not_exec)
{
    refuse(SYS_execveat, EACCES);
    scripted_workers workers;

    auto const text = failure_of_start(workers);

    BOOST_TEST(says(text, "execveat"), text);
}

BOOST_AUTO_TEST_CASE(has_a_kernel_without_close_range)
{
    refuse(number_of_close_range, ENOSYS);
    cofu::detail::unique_fd const of_the_program(open("/", O_RDONLY));
    scripted_workers workers;

    BOOST_TEST(failure_of_start(workers) == "");
    BOOST_TEST(failure_of_start(workers, cofu::start_method::spawn) == "");
}

BOOST_AUTO_TEST_CASE(has_no_proc)
{
    BOOST_REQUIRE(unshare(CLONE_NEWNS) == 0);
    BOOST_REQUIRE(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0);
    BOOST_REQUIRE(mount("none", "/proc", "tmpfs", 0, nullptr) == 0);
    scripted_workers workers;

    auto const text = failure_of_start(workers);

    BOOST_TEST(says(text, "/proc"), text);
    BOOST_TEST(says(text, "mounted"), text);
    umount2("/proc", MNT_DETACH);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_DATA_TEST_CASE(PPE_09_a_sandbox_is_named,
                     boost::unit_test::data::make({"may_not_open_pidfds",
                                                   "has_a_kernel_without_pidfds", "may_not_clone",
                                                   "may_not_exec",
                                                   "has_a_kernel_without_close_range"}),
                     program)
{
    // LeakSanitizer clones itself.
    auto const result =
        run_case_in_child("programs/" + std::string(program), {"ASAN_OPTIONS=detect_leaks=0"});

    BOOST_TEST(result.exit_status == 0, result.output);
}

BOOST_AUTO_TEST_CASE(PPE_09_without_proc_an_error_says_so)
{
    // Only root can take /proc away, and not in a chroot, where it would change names of files.
    struct statx root = {};
    if (geteuid() != 0 || statx(AT_FDCWD, "/", 0, 0, &root) != 0
        || (root.stx_attributes & STATX_ATTR_MOUNT_ROOT) == 0)
        return;

    auto const result = run_case_in_child("programs/has_no_proc");

    BOOST_TEST(result.exit_status == 0, result.output);
}

BOOST_AUTO_TEST_CASE(PPE_09_without_descriptors_an_error_names_the_limit)
{
    // UndefinedBehaviorSanitizer opens a pipe to look at a pointer, and takes its failure for bad.
    if (under_asan)
        return;
    // However many are left: an error, and no descriptor lost; until there are enough.
    bool enough = false;
    for (int spare = 2; !enough && spare < 40; ++spare) {
        std::string text;
        {
            scripted_workers workers;
            no_descriptors_left const none(spare);
            text = failure_of_start(workers);
        }
        enough = text.empty();
        BOOST_TEST((enough || says(text, "limit of open files")), text);
    }
    BOOST_TEST(enough);
}

BOOST_AUTO_TEST_CASE(PPE_09_a_start_after_a_failed_one_works)
{
    if (under_asan)
        return;  // as above
    scripted_workers workers;
    {
        no_descriptors_left const none(4);
        BOOST_TEST(failure_of_start(workers) != "");
    }

    BOOST_TEST(failure_of_start(workers) == "");
}
