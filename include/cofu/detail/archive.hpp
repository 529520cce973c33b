// Copyright 2026 The cofu authors
// Distributed under the Boost Software License, Version 1.0.
// (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

#pragma once

// Archives for Boost.Serialization over our bytes. What our codec knows it does, so that lengths
// and depth are checked as everywhere; Boost's part is to call a type's own functions.

#include <cofu/byte_reader.hpp>
#include <cofu/byte_writer.hpp>
#include <cofu/serialization.hpp>

#include <boost/mpl/bool.hpp>
#include <boost/serialization/array_wrapper.hpp>
#include <boost/serialization/base_object.hpp>
#include <boost/serialization/binary_object.hpp>
#include <boost/serialization/collection_size_type.hpp>
#include <boost/serialization/item_version_type.hpp>
#include <boost/serialization/nvp.hpp>
#include <boost/serialization/serialization.hpp>
#include <boost/serialization/version.hpp>

#include <cstddef>
#include <type_traits>

namespace cofu::detail {

template <class T>
inline constexpr bool is_name_value_pair = false;
template <class T>
inline constexpr bool is_name_value_pair<boost::serialization::nvp<T>> = true;

template <class T>
inline constexpr bool is_array_wrapper = false;
template <class T>
inline constexpr bool is_array_wrapper<boost::serialization::array_wrapper<T>> = true;

template <class T>
inline constexpr bool is_count = std::is_same_v<T, boost::serialization::collection_size_type> ||
                                 std::is_same_v<T, boost::serialization::item_version_type>;

// Both sides are the same build, so a class has one version.
template <class T>
inline constexpr unsigned version_of = boost::serialization::version<T>::value;

// What both archives answer to the code that uses them.
template <bool Saving>
class archive_traits {
public:
    using is_saving = boost::mpl::bool_<Saving>;
    using is_loading = boost::mpl::bool_<!Saving>;

    template <class T>
    void register_type(T const* = nullptr)
    {
    }
    template <class... T>
    void reset_object_address(T const&...)
    {
    }
    unsigned get_library_version() const { return 0; }

protected:
    template <class T>
    static void refuse_pointer()
    {
        static_assert(!std::is_pointer_v<T>,
                      "pointers and shared_ptr inside a type of Boost.Serialization do not cross to "
                      "another process; see cofu::boost_serializer");
    }
};

class output_archive : public archive_traits<true> {
public:
    explicit output_archive(byte_writer& writer) : writer_(writer) {}

    template <class T>
    output_archive& operator<<(T const& value)
    {
        save(value);
        return *this;
    }
    template <class T>
    output_archive& operator&(T const& value)
    {
        return *this << value;
    }
    void save_binary(void const* from, std::size_t n) { writer_.write(from, n); }

    template <class T>
    void save_object(T const& value)
    {
        boost::serialization::serialize_adl(*this, const_cast<T&>(value), version_of<T>);
    }

private:
    template <class T>
    void save(T const& value)
    {
        refuse_pointer<T>();
        if constexpr (is_name_value_pair<T>)
            save(value.const_value());
        else if constexpr (is_count<T>)
            writer_.write_count(static_cast<std::size_t>(value));
        else if constexpr (is_array_wrapper<T>)
            save_each(value.address(), value.count());
        else if constexpr (std::is_array_v<T>)
            save_each(value, std::extent_v<T>);
        else if constexpr (crosses<T>)
            encode_value<T>(writer_, value);
        else
            save_object(value);
    }

    template <class T>
    void save_each(T const* values, std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i)
            save(values[i]);
    }

    byte_writer& writer_;
};

class input_archive : public archive_traits<false> {
public:
    explicit input_archive(byte_reader& reader) : reader_(reader) {}

    // Wrappers are temporaries, so the value may be one.
    template <class T>
    input_archive& operator>>(T&& value)
    {
        load(const_cast<std::remove_cvref_t<T>&>(value));
        return *this;
    }
    template <class T>
    input_archive& operator&(T&& value)
    {
        return *this >> value;
    }
    void load_binary(void* to, std::size_t n) { reader_.read(to, n); }

    template <class T>
    void load_object(T& value)
    {
        boost::serialization::serialize_adl(*this, value, version_of<T>);
    }

private:
    template <class T>
    void load(T& value)
    {
        refuse_pointer<T>();
        if constexpr (is_name_value_pair<T>)
            load(value.value());
        else if constexpr (is_count<T>)
            value = T(reader_.read_count(1));
        else if constexpr (is_array_wrapper<T>)
            load_each(value.address(), value.count());
        else if constexpr (std::is_array_v<T>)
            load_each(value, std::extent_v<T>);
        else if constexpr (crosses<T>)
            value = decode_value<T>(reader_);
        else
            load_object(value);
    }

    template <class T>
    void load_each(T* values, std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i)
            load(values[i]);
    }

    byte_reader& reader_;
};

}  // namespace cofu::detail
