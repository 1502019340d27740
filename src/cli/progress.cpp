#include "cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <cmath>
#include <cstdio>
#include <future>

#include "base/random.h"
#include "cli/message.h"
#include "cli/output.h"

namespace cli {
namespace {

namespace json = boost::json;

constexpr auto kProgressAfter = std::chrono::seconds(1);
constexpr auto kProgressEvery = std::chrono::milliseconds(500);
constexpr std::int64_t kMillisecondsPerSecond = 1000;

bool somebody_looks() { return ::isatty(STDERR_FILENO) != 0; }

// "" when nothing can be told just now.
std::string line_of(Program& program, const std::string& reference) {
  try {
    const json::value answer = program.ask(net::Method::get, "/api/v1/questions");
    const json::array& questions = answer.at("questions").as_array();
    const auto own = std::ranges::find_if(questions, [&](const json::value& question) {
      return question.at("reference") == json::value(reference);
    });
    if (own == questions.end()) return "";
    if (own->at("state") == json::value("waiting")) return message("question.waiting");
    const auto share = own->at("progress").to_number<double>();
    const auto percent = static_cast<std::int64_t>(std::floor(share * 100));
    const json::value& left = own->at("milliseconds_left");
    if (left.is_null()) return message("question.progress", percent);
    return message("question.progress_left", percent,
                   (left.as_int64() + kMillisecondsPerSecond - 1) / kMillisecondsPerSecond);
  } catch (const CommandError&) {
    return "";  // the question itself says what is wrong
  }
}

}  // namespace

json::value ask_with_progress(Program& program, const Posted& posted,
                              const std::function<std::string()>& line) {
  const auto ask = [&] { return program.ask(net::Method::post, posted.target, posted.body); };
  if (!somebody_looks()) return ask();
  auto answer = std::async(std::launch::async, ask);
  bool shown = false;
  auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(kProgressAfter);
  while (answer.wait_for(patience) != std::future_status::ready) {
    patience = kProgressEvery;
    const std::string told = line();
    if (told.empty()) continue;
    std::fprintf(stderr, "\r%s\033[K", told.c_str());
    shown = true;
  }
  if (shown) std::fprintf(stderr, "\r\033[K");
  return answer.get();
}

json::value ask_question(Program& program, Posted posted) {
  base::SystemRandom random;
  const std::string reference = "siyu-" + std::to_string(random.id());
  posted.body["reference"] = reference;
  return ask_with_progress(program, posted, [&] { return line_of(program, reference); });
}

}  // namespace cli
