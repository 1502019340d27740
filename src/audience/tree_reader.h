// The machine of from_tree, for tree_read.cpp alone. The first mistake is latched with its JSON
// pointer; everything read after it is thrown away.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audience/fault.h"
#include "audience/lexer.h"
#include "audience/rule.h"
#include "audience/tree_words.h"

namespace audience {

class TreeReader {
 public:
  Rule read(const boost::json::value& tree);
  const std::optional<RuleError>& error() const { return error_; }

 private:
  using Value = boost::json::value;

  // One object: members are taken by name; what nobody took is a mistake.
  struct Fields {
    const boost::json::object* object = nullptr;
    std::size_t taken = 0;
    std::vector<std::string_view> names;
  };

  // Attribute tests over customers, or over the event of a filter.
  enum class Scope : std::uint8_t { customer, event };

  // tree_read.cpp: nodes.
  Node read_node(const Value& value, Scope scope, std::size_t depth);
  std::optional<NodeForm> read_connective(Fields& fields, std::string_view type, Scope scope,
                                          std::size_t depth);
  std::optional<NodeForm> read_attribute(Fields& fields, std::string_view type);
  std::optional<NodeForm> read_membership(Fields& fields, std::string_view type);
  std::optional<NodeForm> read_event(Fields& fields, std::string_view type, std::size_t depth);
  template <typename Chain>
  Chain read_chain(Fields& fields, Scope scope, std::size_t depth);
  std::unique_ptr<Node> read_part(Fields& fields, std::string_view key, Scope scope,
                                  std::size_t depth);
  Subject read_subject(Fields& fields);
  NodeForm read_window_test(Fields& fields);
  NodeForm read_anniversary(Fields& fields);
  NodeForm read_stage(Fields& fields);
  NodeForm read_did(Fields& fields, std::size_t depth);
  NodeForm read_sequence(Fields& fields, std::size_t depth);
  Step read_step(Fields& fields, std::size_t depth);
  Then read_then(const Value& value, std::size_t depth);

  // tree_fields.cpp: members, values, windows, measures.
  Fields open(const Value& value);
  void close(const Fields& fields);
  const Value* take(Fields& fields, std::string_view key);
  const Value* need(Fields& fields, std::string_view key);
  const boost::json::array* need_array(Fields& fields, std::string_view key);
  std::string text(const Value& value);
  std::string need_text(Fields& fields, std::string_view key);
  bool need_bool(Fields& fields, std::string_view key);
  std::int64_t need_count(Fields& fields, std::string_view key);
  std::int64_t take_id(Fields& fields, std::string_view key);
  WrittenDuration duration(const Value& value);
  WrittenDuration need_duration(Fields& fields, std::string_view key);
  Literal need_literal(Fields& fields, std::string_view key);
  Literal need_moment(Fields& fields, std::string_view key);
  Literal read_literal(const Value& value);
  Window read_window(const Value& value);
  std::optional<Window> take_window(Fields& fields);
  Measure read_measure(const Value& value);
  bool spells(std::string_view text, std::initializer_list<TokenKind> kinds);
  template <typename Enum, std::size_t count>
  Enum need_word(Fields& fields, std::string_view key,
                 const std::array<std::string_view, count>& words) {
    const std::string word = need_text(fields, key);
    if (const auto found = enum_of<Enum>(words, word)) return *found;
    std::string expected;
    for (const std::string_view known : words) {
      expected += (expected.empty() ? "" : " ") + std::string(known);
    }
    const At place(*this, key);
    fail(std::move(expected));
    return Enum{};
  }

  // Where the reader is, for as long as it lives.
  class At {
   public:
    At(TreeReader& reader, std::string_view key);
    At(TreeReader& reader, std::size_t index) : At(reader, std::to_string(index)) {}
    ~At() { reader_.path_.resize(length_); }
    At(const At&) = delete;
    At& operator=(const At&) = delete;

   private:
    TreeReader& reader_;
    std::size_t length_;
  };
  void fail(std::string expected, RuleFault fault = RuleFault::bad_tree);

  std::string path_;
  std::size_t tests_ = 0;
  std::optional<RuleError> error_;
};

}  // namespace audience
