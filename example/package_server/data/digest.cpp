// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#include "digest.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <memory>
#include <utility>

#include "../server/http_error.hpp"

namespace package_server {
namespace {

class descriptor {
public:
    explicit descriptor(char const* path) : fd_(::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    ~descriptor()
    {
        if (fd_ >= 0)
            ::close(fd_);
    }
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;
    int get() const noexcept { return fd_; }

private:
    int fd_;
};

std::string hex(unsigned char const* bytes, unsigned size)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (unsigned i = 0; i != size; ++i) {
        text += digits[bytes[i] >> 4];
        text += digits[bytes[i] & 15];
    }
    return text;
}

// False when a read fails part-way.
bool hash_contents(int fd, file_digest& digest)
{
    std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> const hash(EVP_MD_CTX_new(),
                                                                  EVP_MD_CTX_free);
    if (!hash || EVP_DigestInit_ex(hash.get(), EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("OpenSSL offers no SHA-256");
    std::array<char, 64 * 1024> block;
    for (;;) {
        auto const n = ::read(fd, block.data(), block.size());
        if (n < 0)
            return false;
        if (n == 0)
            break;
        EVP_DigestUpdate(hash.get(), block.data(), static_cast<std::size_t>(n));
        digest.bytes += static_cast<std::uint64_t>(n);
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> sum;
    unsigned size = 0;
    EVP_DigestFinal_ex(hash.get(), sum.data(), &size);
    digest.sha256 = hex(sum.data(), size);
    return true;
}

}  // namespace

std::vector<std::string> listed_files(std::filesystem::path const& info, package const& owner)
{
    std::ifstream list(info / (owner.full_name() + ".list"));
    if (!list)
        list.open(info / (owner.name + ".list"));
    if (!list)
        throw http_error(http::status::internal_server_error,
                         "cannot read the list of files of '" + owner.name + "' in " + info.string()
                             + ": name dpkg's info folder with --info DIR");
    std::vector<std::string> paths;
    for (std::string line; std::getline(list, line);)
        paths.push_back(std::move(line));
    return paths;
}

package_files files_of(data_paths const& paths, std::string const& name)
{
    auto owner = find_package(paths, name);
    auto files = listed_files(paths.info, owner);
    return {std::move(owner), std::move(files)};
}

file_digest digest_file(std::string path)
{
    file_digest digest{std::move(path)};
    struct stat status;
    if (::stat(digest.path.c_str(), &status) != 0)
        return digest;
    if (!S_ISREG(status.st_mode)) {
        digest.kind = file_digest::not_a_file;
        return digest;
    }
    descriptor const file(digest.path.c_str());
    if (file.get() >= 0 && hash_contents(file.get(), digest))
        digest.kind = file_digest::hashed;
    return digest;
}

}  // namespace package_server
