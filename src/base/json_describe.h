// How json.h maps values onto described structs. Included by json.h alone.
#pragma once

#include <algorithm>
#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace base {
namespace detail {

// "/name", with ~ and / escaped as JSON pointers want it.
std::string pointer_step(std::string_view name);

template <typename T>
struct IsVector : std::false_type {};
template <typename T>
struct IsVector<std::vector<T>> : std::true_type {};

template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <typename T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public>;

// Each read answers the first error, its path relative to `from`, or nothing.
using Fault = std::optional<JsonError>;

inline Fault fail(JsonFault fault) { return JsonError{fault, "", 0}; }

inline Fault below(std::string_view name, Fault fault) {
  if (fault) fault->path = pointer_step(name) + fault->path;
  return fault;
}

// Trees within the tree are taken out of it, not copied.
inline Fault read(boost::json::value& from, boost::json::value& to) {
  to = std::move(from);
  return std::nullopt;
}

inline Fault read(boost::json::value& from, boost::json::object& to) {
  if (!from.is_object()) return fail(JsonFault::wrong_type);
  to = std::move(from.get_object());
  return std::nullopt;
}

inline Fault read(const boost::json::value& from, std::string& to) {
  if (!from.is_string()) return fail(JsonFault::wrong_type);
  to.assign(from.get_string().data(), from.get_string().size());
  return std::nullopt;
}

inline Fault read(const boost::json::value& from, bool& to) {
  if (!from.is_bool()) return fail(JsonFault::wrong_type);
  to = from.get_bool();
  return std::nullopt;
}

inline Fault read(const boost::json::value& from, std::int64_t& to) {
  if (from.is_uint64() || from.is_double()) return fail(JsonFault::out_of_range);
  if (!from.is_int64()) return fail(JsonFault::wrong_type);
  to = from.get_int64();
  return std::nullopt;
}

template <typename T>
  requires(IsVector<T>::value || IsOptional<T>::value ||
           boost::describe::has_describe_members<T>::value)
Fault read(boost::json::value& from, T& to);

template <typename T>
Fault read_elements(boost::json::value& from, std::vector<T>& to) {
  if (!from.is_array()) return fail(JsonFault::wrong_type);
  to.clear();
  to.reserve(from.get_array().size());
  for (boost::json::value& element : from.get_array()) {
    T value{};
    if (Fault fault = read(element, value)) {
      return below(std::to_string(to.size()), std::move(fault));
    }
    to.push_back(std::move(value));
  }
  return std::nullopt;
}

template <typename T>
constexpr bool has_default(std::string_view name) {
  if constexpr (requires { T::kDefaults; }) {
    return std::find(std::begin(T::kDefaults), std::end(T::kDefaults), name) !=
           std::end(T::kDefaults);
  }
  return false;
}

template <typename T>
Fault read_members(boost::json::value& from, T& to) {
  if (!from.is_object()) return fail(JsonFault::wrong_type);
  boost::json::object& object = from.get_object();
  Fault fault;
  std::size_t found = 0;
  boost::mp11::mp_for_each<Members<T>>([&](auto described) {
    if (fault) return;
    auto& member = to.*described.pointer;
    using Member = std::remove_reference_t<decltype(member)>;
    boost::json::value* value = object.if_contains(described.name);
    if (value != nullptr) {
      ++found;
      fault = below(described.name, read(*value, member));
    } else if (!IsOptional<Member>::value && !has_default<T>(described.name)) {
      fault = below(described.name, fail(JsonFault::missing_member));
    }
  });
  if (fault || found == object.size()) return fault;
  for (const auto& entry : object) {
    bool known = false;
    const std::string_view key(entry.key().data(), entry.key().size());
    boost::mp11::mp_for_each<Members<T>>(
        [&](auto described) { known = known || key == described.name; });
    if (!known) return below(key, fail(JsonFault::unknown_member));
  }
  return std::nullopt;
}

template <typename T>
  requires(IsVector<T>::value || IsOptional<T>::value ||
           boost::describe::has_describe_members<T>::value)
Fault read(boost::json::value& from, T& to) {
  if constexpr (IsVector<T>::value) {
    return read_elements(from, to);
  } else if constexpr (IsOptional<T>::value) {
    to.reset();
    if (from.is_null()) return std::nullopt;
    return read(from, to.emplace());
  } else {
    return read_members(from, to);
  }
}

}  // namespace detail

// The struct that `value` holds, or the first error in the order of the struct's members, unknown
// members last.
template <typename T>
[[nodiscard]] Result<T, JsonError> from_json(boost::json::value value) {
  T out{};
  if (detail::Fault fault = detail::read(value, out)) return unexpected(std::move(*fault));
  return out;
}

// parse_json and from_json in one: a request's body.
template <typename T>
[[nodiscard]] Result<T, JsonError> read_json(std::string_view bytes, std::size_t bytes_max) {
  auto value = parse_json(bytes, bytes_max);
  if (!value) return unexpected(std::move(value.error()));
  return from_json<T>(std::move(*value));
}

// The JSON of what from_json reads, and of doubles. Empty optional members are left out.
template <typename T>
boost::json::value to_json(const T& from) {
  if constexpr (std::is_same_v<T, std::string>) {
    return boost::json::string(from);
  } else if constexpr (detail::IsOptional<T>::value) {
    return from ? to_json(*from) : boost::json::value(nullptr);
  } else if constexpr (detail::IsVector<T>::value) {
    boost::json::array out;
    out.reserve(from.size());
    for (const auto& element : from) out.push_back(to_json(element));
    return out;
  } else if constexpr (!boost::describe::has_describe_members<T>::value) {
    return boost::json::value(from);
  } else {
    boost::json::object out;
    boost::mp11::mp_for_each<detail::Members<T>>([&](auto described) {
      const auto& member = from.*described.pointer;
      if constexpr (detail::IsOptional<std::remove_cvref_t<decltype(member)>>::value) {
        if (!member) return;
      }
      out.emplace(described.name, to_json(member));
    });
    return out;
  }
}

}  // namespace base
