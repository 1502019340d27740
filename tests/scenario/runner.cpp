#include "runner.h"

#include <boost/json.hpp>
#include <cstdlib>
#include <future>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "access/session.h"
#include "access/totp.h"
#include "api/route.h"
#include "base/calendar.h"
#include "base/text.h"
#include "net/later.h"

namespace scenario {
namespace {

// The answer, asked for as the server does and whole also where it comes later.
net::Response answer_of(server::App& app, const net::Request& request) {
  auto at_once = app.handle_at_once(request);
  net::Response first = at_once ? std::move(*at_once) : app.handle(request);
  if (first.later == nullptr) return first;
  std::promise<net::Response> given;
  first.later->on_answer([&](net::Response answer) {
    given.set_value(net::with_headers_of(std::move(answer), first));
  });
  return given.get_future().get();
}

namespace json = boost::json;

constexpr const char* kOwnerPassword = "a-long-and-quiet-river";

base::Moment moment_of(const std::string& text) {
  const auto written = base::read_moment(text);
  if (!written) throw std::runtime_error("no moment: " + text);
  return base::resolve(*written, *base::Zone::named("Asia/Shanghai"));
}

base::Duration duration_of(const std::string& text) {
  const std::map<std::string, std::int64_t> units = {{"ms", 1},
                                                     {"s", base::kSecond.ms},
                                                     {"m", base::kMinute.ms},
                                                     {"h", base::kHour.ms},
                                                     {"d", base::kDay.ms}};
  std::size_t end = 0;
  const std::int64_t count = std::stoll(text, &end);
  return base::Duration{count * units.at(text.substr(end))};
}

// "#" is the number, "#{A,B,C}" what stands in this place, over and over.
std::string numbered(std::string text, int number) {
  for (std::size_t at = 0; (at = text.find('#', at)) != std::string::npos;) {
    if (text.compare(at, 2, "#{") != 0) {
      text.replace(at, 1, std::to_string(number));
      continue;
    }
    const std::size_t end = text.find('}', at);
    std::istringstream in(text.substr(at + 2, end - at - 2));
    std::vector<std::string> each;
    for (std::string one; std::getline(in, one, ',');) each.push_back(one);
    text.replace(at, end + 1 - at, each.at(static_cast<std::size_t>(number) % each.size()));
  }
  return text;
}

std::string from_base32(std::string_view text) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  unsigned pending = 0;
  unsigned bits = 0;
  for (const char c : text) {
    pending = (pending << 5U | static_cast<unsigned>(kLetters.find(c))) & 0xFFFU;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>(pending >> bits & 0xFFU);
  }
  return out;
}

// ⟦code|SECRET⟧
std::string with_codes(std::string text, base::Moment now) {
  const std::string open = "⟦code|";
  const std::string close = "⟧";
  for (std::size_t at = 0; (at = text.find(open, at)) != std::string::npos;) {
    const std::size_t end = text.find(close, at);
    const std::string secret = text.substr(at + open.size(), end - at - open.size());
    text.replace(at, end + close.size() - at,
                 rights::totp_code(from_base32(secret), rights::totp_step_of(now)));
  }
  return text;
}

// ⟦COUNT|SEPARATOR|TEXT⟧
std::string repeated(std::string text) {
  const std::string open = "⟦";
  const std::string close = "⟧";
  for (std::size_t at = 0; (at = text.find(open, at)) != std::string::npos;) {
    const std::size_t end = text.find(close, at);
    const std::string inner = text.substr(at + open.size(), end - at - open.size());
    const std::size_t first = inner.find('|');
    const std::size_t second = inner.find('|', first + 1);
    const int count = std::stoi(inner.substr(0, first));
    const std::string separator = inner.substr(first + 1, second - first - 1);
    std::string all;
    for (int i = 0; i < count; ++i) {
      if (i > 0) all += separator;
      all += numbered(inner.substr(second + 1), i);
    }
    text.replace(at, end + close.size() - at, all);
    at += all.size();
  }
  return text;
}

std::string from_hex(const std::string& digits) {
  std::string out;
  std::istringstream in(digits);
  std::string pair;
  while (in >> pair) out += static_cast<char>(std::stoi(pair, nullptr, 16));
  return out;
}

bool is_json(const net::Response& response) {
  const std::string_view type = response.headers.find("Content-Type").value_or("");
  return type == "application/json" || type == "application/problem+json";
}

SignedIn signed_in(const net::Response& response) {
  const std::string cookie(response.headers.find("Set-Cookie").value_or(""));
  const json::value body = json::parse(response.body);
  return {cookie.substr(0, cookie.find(';')), std::string(body.at("csrf_token").as_string())};
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

}  // namespace

Recorder::Recorder(const std::string& path) {
  if (!path.empty()) out_.open(path, std::ios::app);
}

void Recorder::record(const net::Request& request, const net::Response& response,
                      std::string_view where) {
  if (!out_.is_open()) return;
  const bool is_api = request.path.starts_with(api::kPrefix);
  const api::Match found = is_api ? api::match(request) : api::Match{};
  json::object line{{"method", net::name_of(request.method)},
                    {"target", request.target},
                    {"status", response.status},
                    {"request", base::is_utf8(request.body) ? request.body : ""},
                    {"content_type", response.headers.find("Content-Type").value_or("")},
                    {"where", where}};
  line["pattern"] =
      found.route == nullptr ? json::value(nullptr) : json::value(found.route->pattern);
  line["body"] = is_json(response) ? json::parse(response.body) : json::value(nullptr);
  const std::lock_guard hold(mutex_);
  out_ << json::serialize(line) << '\n' << std::flush;
}

Recorder& answers() {
  static Recorder recorder([] {
    const char* path = std::getenv("SIYU_ANSWERS");
    return std::string(path == nullptr ? "" : path);
  }());
  return recorder;
}

void Gate::pass() {
  std::unique_lock lock(mutex_);
  if (state_ != State::closed) return;
  state_ = State::held;
  changed_.notify_all();
  changed_.wait(lock, [this] { return state_ != State::held; });
}

void Gate::close() {
  const std::lock_guard lock(mutex_);
  state_ = State::closed;
}

void Gate::open() {
  const std::lock_guard lock(mutex_);
  state_ = State::open;
  changed_.notify_all();
}

void Gate::wait_until_held() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return state_ != State::closed; });
}

void Gate::nobody_comes() {
  const std::lock_guard lock(mutex_);
  if (state_ == State::closed) state_ = State::open;
  changed_.notify_all();
}

Runner::Runner(const Means& means, std::string name)
    : app_(means.app), clock_(means.clock), gate_(means.gate), name_(std::move(name)) {
  means.is_demo ? enter_demo() : make_owner();
  become("owner");
}

void Runner::make_owner() {
  const std::string path = app_.setup_path();
  const json::object body{
      {"token", path.substr(path.find('=') + 1)}, {"name", "owner"}, {"password", kOwnerPassword}};
  net::Request request;
  request.method = net::Method::post;
  request.headers.add("Content-Type", "application/json");
  request.body = json::serialize(body);
  const net::Response response = send(std::move(request), "/api/v1/setup", "prelude");
  if (response.status != 201) throw std::runtime_error("no owner: " + response.body);
  people_["owner"] = signed_in(response);
}

void Runner::enter_demo() {
  net::Request request;
  request.method = net::Method::post;
  request.headers.add("Host", "localhost:8090");
  const net::Response response = send(std::move(request), "/api/v1/demo/session", "prelude");
  if (response.status != 201) throw std::runtime_error("no entrance: " + response.body);
  people_["owner"] = signed_in(response);
}

SignedIn Runner::sign_in(const std::string& name, const std::string& password) {
  net::Request request;
  request.method = net::Method::post;
  request.headers.add("Content-Type", "application/json");
  request.body = json::serialize(json::object{{"name", name}, {"password", password}});
  const net::Response response = send(std::move(request), "/api/v1/session", "sign-in");
  if (response.status != 201) throw std::runtime_error("no sign-in: " + response.body);
  return signed_in(response);
}

// "owner", "owner anew", "user NAME PASSWORD", each with "without-csrf"; "key SECRET", "local",
// "nobody".
void Runner::become(const std::string& who) {
  const std::vector<std::string> words = words_of(substitute(who, variables_));
  headers_.clear();
  local_ = words.at(0) == "local";
  if (words.at(0) == "key") headers_["Authorization"] = "Bearer " + words.at(1);
  if (words.at(0) != "owner" && words.at(0) != "user") return;
  const std::string& name = words.at(0) == "owner" ? words.at(0) : words.at(1);
  if (words.back() == "anew") people_[name] = sign_in(name, kOwnerPassword);
  if (!people_.contains(name)) people_[name] = sign_in(name, words.at(2));
  headers_["Cookie"] = people_[name].cookie;
  if (words.back() != "without-csrf") headers_["X-CSRF-Token"] = people_[name].csrf;
}

void Runner::obey(const Command& command, const Complain& complain) {
  if (command.word == "clock") {
    clock_.set(moment_of(command.argument));
  } else if (command.word == "advance") {
    clock_.set(clock_.now() + duration_of(command.argument));
  } else if (command.word == "header") {
    const std::size_t colon = command.argument.find(": ");
    more_headers_[command.argument.substr(0, colon)] =
        substitute(command.argument.substr(colon + 2), variables_);
  } else if (command.word == "carry") {
    app_.carry_outbox();
  } else if (command.word == "live") {
    app_.settle_live();
  } else if (command.word == "hold") {
    holds_next_ = true;
  } else if (command.word == "release") {
    gate_.open();
    if (!held_) throw std::runtime_error("nothing is held");
    judge(held_->exchange, held_->answer.get(), complain);
    held_.reset();
  } else {
    become(command.argument);
  }
}

net::Response Runner::send(net::Request request, const std::string& target,
                           const std::string& where) {
  if (!net::set_target(request, target)) throw std::runtime_error("bad target: " + target);
  request.remote = request.local ? "local" : "203.0.113.9";
  request.takes_later = true;
  net::Response response = answer_of(app_, request);
  answers().record(request, response, name_ + ":" + where);
  return response;
}

net::Response Runner::ask(net::Method method, const std::string& target, const std::string& body) {
  net::Request request;
  request.method = method;
  for (const auto& [name, value] : headers_) request.headers.add(name, value);
  if (!body.empty()) request.headers.add("Content-Type", "application/json");
  request.body = body;
  request.local = local_;
  return send(std::move(request), target, "ask");
}

net::Request Runner::request_of(const Exchange& exchange) {
  net::Request request;
  request.local = local_;
  request.method = net::method_named(exchange.method);
  for (const auto& [name, value] : headers_) request.headers.add(name, value);
  if (!exchange.body.empty()) request.headers.add("Content-Type", exchange.content_type);
  for (const auto& [name, value] : more_headers_) request.headers.set(name, value);
  more_headers_.clear();
  request.body = exchange.body;
  if (request.body.starts_with("hex\n")) {
    request.body = from_hex(request.body.substr(4));
  } else {
    request.body = repeated(with_codes(substitute(request.body, variables_), clock_.now()));
  }
  return request;
}

void Runner::exchange(const Exchange& exchange, const Complain& complain) {
  net::Request request = request_of(exchange);
  const std::string target = substitute(exchange.target, variables_);
  const std::string where = std::to_string(exchange.line);
  if (!holds_next_) {
    judge(exchange, send(std::move(request), target, where), complain);
    return;
  }
  holds_next_ = false;
  gate_.close();
  held_ = Held{exchange, std::async(std::launch::async, [this, request, target, where] {
                 net::Response response = send(request, target, where);
                 gate_.nobody_comes();
                 return response;
               })};
  gate_.wait_until_held();
}

void Runner::judge(const Exchange& exchange, const net::Response& response,
                   const Complain& complain) {
  if (response.status != exchange.status) {
    complain(exchange.line, "status " + std::to_string(response.status) + ", expected " +
                                std::to_string(exchange.status) + ": " + response.body);
    return;
  }
  if (exchange.expected) {
    const std::string text = substitute(*exchange.expected, variables_);
    json::error_code failure;
    const json::value expected = json::parse(text, failure);
    if (failure) {
      complain(exchange.line, "the expected body is no JSON: " + text);
      return;
    }
    const json::value actual =
        is_json(response) ? json::parse(response.body) : json::value(response.body);
    const std::string where = difference(expected, actual, variables_);
    if (!where.empty()) complain(exchange.line, where);
  }
  for (const std::string& text : exchange.forbidden) {
    if (response.body.find(substitute(text, variables_)) != std::string::npos) {
      complain(exchange.line, "must not hold " + text + ": " + response.body);
    }
  }
}

void Runner::run(std::string_view text, const Complain& complain) {
  for (const Line& line : read(text)) {
    if (line.command) obey(*line.command, complain);
    if (line.exchange) exchange(*line.exchange, complain);
  }
  gate_.open();
  if (held_) throw std::runtime_error("a question is held to the end");
}

}  // namespace scenario
