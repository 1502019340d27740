#include "cli/output.h"

#include <boost/json/serialize.hpp>
#include <cstdio>
#include <filesystem>

#include "api/problem.h"
#include "cli/message.h"
#include "cli/program.h"

namespace cli {

namespace json = boost::json;

namespace {

// What the API says of a problem is said of a warning too, before a colon.
std::string sentence_of(const std::string& code) {
  const api::ProblemText* text = api::find_problem(code);
  if (text == nullptr) return code;
  std::string_view sentence = speaks_chinese() ? text->chinese : text->english;
  for (const std::string_view stop : {".", "\xE3\x80\x82"}) {
    if (sentence.ends_with(stop)) sentence.remove_suffix(stop.size());
  }
  return std::string(sentence);
}

}  // namespace

void print_json(const json::value& value) { print_line(json::serialize(value)); }

void print_line(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
}

void print_note(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fputc('\n', stderr);
}

std::string text_of(const json::value& object, std::string_view member) {
  const json::value& value = object.at(member);
  if (value.is_null()) return "";
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

void print_warnings(const json::value& answer) {
  for (const json::value& warning : answer.at("warnings").as_array()) {
    std::string line = message("question.warning", sentence_of(text_of(warning, "code")),
                               text_of(warning, "name"));
    if (const auto* nearest = warning.as_object().if_contains("nearest");
        nearest != nullptr && nearest->is_string()) {
      line += message("question.nearest", std::string(nearest->get_string()));
    }
    print_note(line);
  }
  const auto* fresh = answer.as_object().if_contains("fresh");
  if (fresh != nullptr && !fresh->as_bool()) {
    print_note(message("question.behind", text_of(answer, "position")));
  }
}

void require_new(const std::string& file) {
  const std::filesystem::path path(file);
  if (std::filesystem::exists(path)) throw CommandError(message("file.exists", file));
  const std::filesystem::path folder = path.parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder)) {
    throw CommandError(message("file.no_folder", folder.string()));
  }
}

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

}  // namespace cli
