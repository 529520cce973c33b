// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

// One function over many inputs: results in input order, errors in their place, endless inputs.

#include <cofu.hpp>

#include <boost/range/irange.hpp>

#include <cstdint>
#include <iostream>
#include <limits>
#include <stdexcept>
#include <vector>

namespace {

bool is_prime(std::int64_t n)
{
    if (n < 0)
        throw std::domain_error("a negative number is neither prime nor composite");
    for (std::int64_t i = 2; i * i <= n; ++i)
        if (n % i == 0)
            return false;
    return n > 1;
}

bool prints_in_input_order(cofu::thread_pool_executor& pool)
{
    std::vector<std::int64_t> const numbers = {2'147'483'647, 4'294'967'297, 999'999'999'989, 561};
    std::vector<bool> found;
    for (bool prime : pool.map(is_prime, numbers)) {
        std::cout << numbers[found.size()] << (prime ? " is" : " is not") << " prime\n";
        found.push_back(prime);
    }
    return found == std::vector{true, false, true, false};
}

// operator* throws what the call threw; the iteration goes on behind it.
bool goes_on_after_an_error(cofu::thread_pool_executor& pool)
{
    std::vector<std::int64_t> const numbers = {7, -7, 8};
    auto results = pool.map(is_prime, numbers);
    int primes = 0;
    int errors = 0;
    for (auto i = results.begin(); i != results.end(); ++i) {
        try {
            primes += *i;
        } catch (std::domain_error const& e) {
            std::cout << "one input was refused: " << e.what() << '\n';
            ++errors;
        }
    }
    return primes == 1 && errors == 1;
}

// With a buffer the inputs are read as results are taken, so they may be endless. Leaving the loop
// cancels what has not begun. Small calls go to the pool in chunks.
bool takes_endless_inputs(cofu::thread_pool_executor& pool)
{
    std::int64_t n = 1'000'000;
    for (bool prime : pool.map(cofu::map_options{.chunksize = 4, .buffersize = 16}, is_prime,
                               boost::irange(n, std::numeric_limits<std::int64_t>::max()))) {
        if (prime)
            break;
        ++n;
    }
    std::cout << n << " is the first prime behind a million\n";
    return n == 1'000'003;
}

}  // namespace

int main()
{
    cofu::thread_pool_executor pool(2);
    bool const right =
        prints_in_input_order(pool) && goes_on_after_an_error(pool) && takes_endless_inputs(pool);
    return right ? 0 : 1;
}
