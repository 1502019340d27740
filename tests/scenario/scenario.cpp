#include "scenario.h"

#include <boost/json.hpp>
#include <stdexcept>

namespace scenario {
namespace {

namespace json = boost::json;

bool is_method(std::string_view word) {
  return word == "GET" || word == "POST" || word == "PUT" || word == "PATCH" || word == "DELETE" ||
         word == "OPTIONS";
}

class Reader {
 public:
  explicit Reader(std::string_view text) {
    std::size_t begin = 0;
    while (begin <= text.size()) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      lines_.emplace_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
  }

  std::vector<Line> run() {
    std::vector<Line> out;
    while (at_ < lines_.size()) {
      const std::string& line = lines_[at_];
      if (line.empty() || line.starts_with('#')) {
        ++at_;
        continue;
      }
      const std::size_t space = line.find(' ');
      const std::string word = line.substr(0, space);
      const std::string rest = space == std::string::npos ? "" : line.substr(space + 1);
      if (is_method(word)) {
        out.push_back({std::nullopt, exchange(word, rest)});
      } else if (word == "clock" || word == "advance" || word == "as" || word == "header" ||
                 word == "hold" || word == "release" || word == "carry" || word == "live") {
        out.push_back({Command{at_ + 1, word, rest}, std::nullopt});
        ++at_;
      } else {
        fail("a request, clock, advance, as, header, hold, release, carry or live");
      }
    }
    return out;
  }

 private:
  [[noreturn]] void fail(const std::string& wanted) const {
    throw std::runtime_error("line " + std::to_string(at_ + 1) + ": expected " + wanted);
  }

  Exchange exchange(const std::string& method, const std::string& target) {
    Exchange out;
    out.line = at_ + 1;
    out.method = method;
    out.target = target;
    out.content_type = "application/json";
    ++at_;
    bool first = true;
    bool cut = false;  // the file ends without a line end
    while (at_ < lines_.size() && !lines_[at_].starts_with("=> ")) {
      if (first && lines_[at_].starts_with("text/csv")) {
        out.content_type = "text/csv";
        cut = lines_[at_].ends_with(" cut");
      } else {
        out.body += lines_[at_] + "\n";
      }
      first = false;
      ++at_;
    }
    if (at_ == lines_.size()) fail("=> and a status");
    if (cut && !out.body.empty()) out.body.pop_back();
    out.status = std::stoi(lines_[at_].substr(3));
    ++at_;
    std::string expected;
    while (at_ < lines_.size() && !lines_[at_].empty()) {
      if (lines_[at_].starts_with('!')) {
        out.forbidden.push_back(lines_[at_].substr(1));
      } else {
        expected += lines_[at_] + "\n";
      }
      ++at_;
    }
    if (!expected.empty()) out.expected = expected;
    return out;
  }

  std::vector<std::string> lines_;
  std::size_t at_ = 0;
};

std::string differs(const std::string& path, const json::value& expected,
                    const json::value& actual) {
  return (path.empty() ? "/" : path) + ": expected " + json::serialize(expected) + ", got " +
         json::serialize(actual);
}

std::string plain(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

class Matcher {
 public:
  explicit Matcher(std::map<std::string, std::string>& variables) : variables_(variables) {}

  std::string match(const json::value& expected, const json::value& actual,
                    const std::string& path) {
    if (const auto* text = expected.if_string()) {
      const std::string_view view(text->data(), text->size());
      if (view == "*") return "";
      if (view.size() > 2 && view.front() == '$' && view.back() == '=') {
        variables_[std::string(view.substr(1, view.size() - 2))] = plain(actual);
        return "";
      }
    }
    if (expected.is_object() && actual.is_object()) {
      return match_objects(expected.get_object(), actual.get_object(), path);
    }
    if (expected.is_array() && actual.is_array()) {
      return match_arrays(expected.get_array(), actual.get_array(), path);
    }
    if (expected == actual) return "";
    return differs(path, expected, actual);
  }

 private:
  std::string match_objects(const json::object& expected, const json::object& actual,
                            const std::string& path) {
    for (const auto& member : expected) {
      const std::string key(member.key());
      if (key == "...") continue;
      const json::value* found = actual.if_contains(member.key());
      if (found == nullptr) return path + "/" + key + ": missing in " + json::serialize(actual);
      std::string inner = match(member.value(), *found, path + "/" + key);
      if (!inner.empty()) return inner;
    }
    if (expected.contains("...")) return "";
    for (const auto& member : actual) {
      if (!expected.contains(member.key())) {
        return path + "/" + std::string(member.key()) + ": not expected, got " +
               json::serialize(member.value());
      }
    }
    return "";
  }

  std::string match_arrays(const json::array& expected, const json::array& actual,
                           const std::string& path) {
    const bool open = !expected.empty() && expected.back() == json::value("...");
    const std::size_t count = expected.size() - (open ? 1 : 0);
    if (open ? actual.size() < count : actual.size() != count) {
      return path + ": expected " + std::to_string(count) + " elements, got " +
             json::serialize(actual);
    }
    for (std::size_t i = 0; i < count; ++i) {
      std::string inner = match(expected[i], actual[i], path + "/" + std::to_string(i));
      if (!inner.empty()) return inner;
    }
    return "";
  }

  std::map<std::string, std::string>& variables_;
};

}  // namespace

std::vector<Line> read(std::string_view text) { return Reader(text).run(); }

std::string difference(const json::value& expected, const json::value& actual,
                       std::map<std::string, std::string>& variables) {
  return Matcher(variables).match(expected, actual, "");
}

std::string substitute(std::string text, const std::map<std::string, std::string>& variables) {
  // Longer names first, so that $p does not eat the head of $position.
  for (auto it = variables.rbegin(); it != variables.rend(); ++it) {
    const std::string wanted = "$" + it->first;
    std::size_t at = 0;
    while ((at = text.find(wanted, at)) != std::string::npos) {
      const std::size_t end = at + wanted.size();
      if (end < text.size() && text[end] == '=') {  // a capture
        at = end;
        continue;
      }
      text.replace(at, wanted.size(), it->second);
      at += it->second.size();
    }
  }
  return text;
}

}  // namespace scenario
