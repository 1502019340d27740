// One connection of the server: reads requests, has them handled, writes the answers. A part of
// http_server.cpp and included by nothing else: Beast and Asio stay in one translation unit.
//
//   idle -> header -> (admission) -> body -> handler -> answer -> idle …
//
// A phase goes on as far as what has arrived allows (step()); where it must wait, the one thing it
// waits for calls go_on() again: a read, a write, or what another thread does for it.
//
// Threads: everything but stop_idle(), abort(), call_job() and watch() runs on the thread of the
// connection's loop. While another thread has the job, that thread alone touches the request, the
// answer, the admission and the refusal.
#pragma once

#include <algorithm>
#include <array>
#include <boost/asio.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/check.h"
#include "net/answer_bytes.h"
#include "net/connection_shared.h"
#include "net/event_loop.h"
#include "net/http_server.h"
#include "net/incoming_request.h"
#include "net/later.h"

namespace net {

namespace asio = boost::asio;
using Error = boost::system::error_code;
using Tcp = asio::ip::tcp;
using Local = asio::local::stream_protocol;

inline constexpr std::size_t kLingerBytesMax = 1024 * 1024;

enum class Phase : std::uint8_t {
  idle,
  header,
  admission,
  continuing,
  body,
  handler,
  answer,
  write,
  linger,
  ended
};

template <typename Protocol>
class Connection final : public AnyConnection,
                         public std::enable_shared_from_this<Connection<Protocol>> {
 public:
  Connection(Shared& shared, EventLoop& loop, typename Protocol::socket socket)
      : shared_(shared),
        limits_(shared.options.limits),
        loop_(loop),
        socket_(std::move(socket)),
        incoming_(shared) {}

  // The server's number of it; once, before it begins.
  void set_number(std::uint64_t number) { number_ = number; }

  // Serves requests until the connection ends; one connection too many is told so and closed.
  void serve(bool is_too_many) {
    if (phase_ == Phase::ended) return;  // stopped before it began
    begin();
    if (is_too_many) refuse(Refusal::too_busy);
    go_on();
  }

  void stop_idle() override {
    asio::post(loop_.io(), [self = this->shared_from_this()] {
      const Phase phase = self->phase_;
      if (phase == Phase::idle || phase == Phase::header || phase == Phase::linger) self->finish();
    });
  }

  // What is waited for on the network fails; a job is waited for.
  void abort() override {
    asio::post(loop_.io(), [self = this->shared_from_this()] {
      Error ignored;
      self->socket_.close(ignored);
    });
  }

  void look_at_deadline(std::int64_t tick) override {
    if (deadline_ == 0 || tick < deadline_) return;
    disarm();
    timed_out_ = true;
    Error ignored;
    socket_.cancel(ignored);
  }

  void end_job() override {
    job_done_ = true;
    go_on();
  }

 private:
  using Reading = IncomingRequest::Reading;

  void begin() {
    loop_.add(*this);
    Error ignored;
    socket_.non_blocking(true, ignored);
    if constexpr (std::is_same_v<Protocol, Tcp>) {
      const auto peer = socket_.remote_endpoint(ignored);
      if (!ignored) remote_ = peer.address().to_string();
      socket_.set_option(Tcp::no_delay(true), ignored);
    } else {
      remote_ = "local";
    }
  }

  // Nothing is waited for any more but a read that the closing ends. False, for step().
  bool finish() {
    if (phase_ == Phase::ended) return false;
    phase_ = Phase::ended;
    incoming_.end();
    Error ignored;
    socket_.close(ignored);
    loop_.remove(*this);
    shared_.ended(number_);
    return false;
  }

  void go_on() {
    try {
      while (step()) continue;
    } catch (const std::exception& exception) {
      shared_.report(exception.what());
      finish();
    }
  }

  // False: something is waited for, or the connection has ended.
  bool step() {
    switch (phase_) {
      case Phase::idle:
        return begin_request();
      case Phase::header:
        return read_header();
      case Phase::body:
        return read_body();
      case Phase::answer:
        return write_answer();
      case Phase::linger:
        return linger_on();
      case Phase::admission:
        return job_done_ && end_admission();
      case Phase::handler:
        return job_done_ && end_handler();
      case Phase::continuing:
      case Phase::write:
      case Phase::ended:
        return false;
    }
    base::unreachable();
  }

  // --- waiting

  // What the phase waits for fails when `limit` is over, until the next arm() or disarm().
  void arm(base::Duration limit) {
    timed_out_ = false;
    deadline_ = loop_.deadline_after(limit);
  }
  void disarm() { deadline_ = 0; }

  void read_some(std::size_t count) {
    if (reading_) return;
    reading_ = true;
    const auto space = incoming_.buffer().prepare(count);
    socket_.async_read_some(asio::buffer(space.data(), space.size()),
                            [self = this->shared_from_this()](Error failure, std::size_t read) {
                              self->on_read(failure, read);
                            });
  }

  void on_read(Error failure, std::size_t count) {
    reading_ = false;
    incoming_.buffer().commit(count);
    if (failure && !timed_out_) read_failure_ = failure;
    if (phase_ == Phase::handler && watching_) look_for_end();
    go_on();
  }

  // The request is not complete. False: more of it is waited for.
  bool wait_for_more(std::size_t count) {
    if (timed_out_) return refuse(Refusal::request_timeout);
    if (read_failure_ == asio::error::eof) return refuse(Refusal::bad_request);  // cut short
    if (read_failure_) return finish();
    read_some(count);
    return false;
  }

  // --- reading a request

  bool begin_request() {
    if (shared_.stopping) return finish();
    if (incoming_.buffer().empty()) return wait_for_request();
    incoming_.begin();
    Request& request = incoming_.request();
    request.remote = remote_;
    request.local = std::is_same_v<Protocol, Local>;
    request.takes_later = true;
    arm(limits_.header_time_max);
    phase_ = Phase::header;
    return true;
  }

  bool wait_for_request() {
    if (read_failure_ || timed_out_) return finish();
    arm(limits_.idle_time_max);
    read_some(kReadBytes);
    return false;
  }

  bool read_header() {
    const Reading reading = incoming_.read_head();
    if (timed_out_) return refuse(Refusal::request_timeout);
    if (reading == Reading::incomplete) return wait_for_more(kReadBytes);
    disarm();
    if (reading == Reading::refused) return refuse(incoming_.refusal());
    return admit_body();
  }

  // Decides, before a byte of it is read, whether the body may come.
  bool admit_body() {
    admission_ = Admission{limits_.body_bytes_max};
    if (!incoming_.is_large() || !shared_.options.admit_body) return reserve_body();
    phase_ = Phase::admission;
    job_ = &Connection::ask_admission;
    return submit_job();
  }

  bool reserve_body() {
    const Reading reading = incoming_.reserve_body(admission_.body_bytes_max);
    if (reading == Reading::refused) return refuse(incoming_.refusal());
    if (reading == Reading::complete) return ask_for_answer();
    phase_ = Phase::body;
    arm(limits_.body_time_max);
    if (incoming_.expects_continue()) write_continue();
    return true;
  }

  void write_continue() {
    constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    phase_ = Phase::continuing;
    asio::async_write(socket_, asio::buffer(kContinue),
                      [self = this->shared_from_this()](Error failure, std::size_t) {
                        self->phase_ = Phase::body;
                        if (failure && !self->timed_out_) self->read_failure_ = failure;
                        self->go_on();
                      });
  }

  bool read_body() {
    const Reading reading = incoming_.read_body();
    if (timed_out_) return refuse(Refusal::request_timeout);
    if (reading == Reading::incomplete) return wait_for_more(incoming_.bytes_wanted());
    if (reading == Reading::refused) return refuse(incoming_.refusal());
    return ask_for_answer();
  }

  // --- having it answered

  bool ask_for_answer() {
    disarm();
    phase_ = Phase::handler;
    job_ = &Connection::ask_handler;
    gone_ = std::stop_source(std::nostopstate);
    incoming_.request().watch_sender = [this] { return watch(); };
    return answer_at_once() || submit_job();
  }

  // False: `handle` is to be asked.
  bool answer_at_once() {
    const auto& handle = shared_.options.handle_at_once;
    if (!handle || incoming_.request().body.size() > kAtOnceBodyBytesMax) return false;
    begin_job();
    bool is_answered = true;
    guard([&] {
      auto answer = handle(incoming_.request());
      is_answered = answer.has_value();
      if (answer) answer_ = std::move(*answer);
    });
    if (is_answered) job_done_ = !comes_later();
    return is_answered;
  }

  // Has job_ done by a thread of the pool and waits for it.
  bool submit_job() {
    begin_job();
    if (!shared_.pool.submit([self = this->shared_from_this()] { self->call_job(); })) {
      job_refusal_ = Refusal::too_busy;
      job_done_ = true;
    }
    return true;
  }

  void begin_job() {
    job_done_ = false;
    job_refusal_.reset();
  }

  // On a thread of the pool.
  void call_job() {
    guard([&] { (this->*job_)(); });
    if (!comes_later()) loop_.deliver(this->shared_from_this());
  }

  void ask_admission() { admission_ = shared_.options.admit_body(incoming_.request()); }
  void ask_handler() { answer_ = shared_.options.handle(incoming_.request()); }

  // What throws is refused.
  template <typename Work>
  void guard(const Work& work) {
    try {
      return work();
    } catch (const std::exception& exception) {
      shared_.report(exception.what());
    } catch (...) {
      shared_.report("A request handler threw something that is no exception.");
    }
    job_refusal_ = Refusal::handler_failed;
  }

  // True: whoever gives the answer ends the job.
  bool comes_later() {
    if (job_refusal_ || answer_.later == nullptr) return false;
    const auto later = std::exchange(answer_.later, nullptr);
    later->on_answer([self = this->shared_from_this()](Response answer) {
      self->answer_ = with_headers_of(std::move(answer), std::move(self->answer_));
      self->loop_.deliver(self);
    });
    return true;
  }

  bool end_admission() {
    if (job_refusal_) return refuse(*job_refusal_);
    if (!admission_.refusal) return reserve_body();
    ++shared_.refused;
    answer_ = std::move(*admission_.refusal);
    refused_ = true;
    phase_ = Phase::answer;
    return true;
  }

  bool end_handler() {
    watching_ = false;
    if (!job_refusal_) job_refusal_ = shared_.refusal_of(answer_, answer_bytes_);
    if (job_refusal_) return answer_with(*job_refusal_);  // the connection may go on
    ++shared_.answered;
    phase_ = Phase::answer;
    return true;
  }

  // --- whether who sent the request is still there

  // On the handler's thread: the token ends when the peer goes. The socket is read on, and what
  // arrives is kept as the beginning of the next request. A peer that has sent kReadBytes ahead is
  // not read on, so its end is not noticed. A peer that only ends its sending counts as gone: over
  // TCP it looks the same.
  std::stop_token watch() {
    if (gone_.stop_possible()) return gone_.get_token();
    gone_ = std::stop_source();
    asio::post(loop_.io(), [self = this->shared_from_this(), request = incoming_.number()] {
      if (self->phase_ != Phase::handler || self->incoming_.number() != request) return;
      self->watching_ = true;
      self->look_for_end();
    });
    return gone_.get_token();
  }

  void look_for_end() {
    if (read_failure_) {
      watching_ = false;
      ++shared_.gone;
      gone_.request_stop();
    } else if (incoming_.buffer().size() < kReadBytes) {
      read_some(kReadBytes);
    }
  }

  // --- answering

  bool answer_with(Refusal refusal) {
    ++shared_.refused;
    answer_ = shared_.options.refuse ? shared_.options.refuse(refusal) : response_of(refusal);
    phase_ = Phase::answer;
    return true;
  }

  bool refuse(Refusal refusal) {
    refused_ = true;
    return answer_with(refusal);
  }

  bool write_answer() {
    phase_ = Phase::write;
    incoming_.end();
    keep_open_ = incoming_.keep_alive() && !refused_ && !shared_.stopping;
    AnswerOptions options;
    options.keep_open = keep_open_;
    options.to_head = incoming_.is_head();
    const base::Clock* clock = shared_.options.clock;
    if (clock != nullptr) options.date = loop_.date_of(clock->now());
    bytes_.compose(answer_, options);
    return write_some();
  }

  // Most answers fit into the socket at once; the rest is waited for.
  bool write_some() {
    const auto [head, body] = bytes_.parts();
    Error failure;
    const std::size_t count = body.empty() ? socket_.write_some(asio::buffer(head), failure)
                                           : socket_.write_some(unwritten(), failure);
    if (failure == asio::error::would_block || failure == asio::error::try_again) failure = {};
    bytes_.consume(count);
    if (failure || bytes_.empty()) return written(failure);
    arm(limits_.write_time_max);
    asio::async_write(socket_, unwritten(),
                      [self = this->shared_from_this()](Error failed, std::size_t) {
                        if (self->written(failed)) self->go_on();
                      });
    return false;
  }

  std::array<asio::const_buffer, 2> unwritten() const {
    const auto [head, body] = bytes_.parts();
    return {asio::buffer(head), asio::buffer(body)};
  }

  bool written(const Error& failure) {
    disarm();
    timed_out_ = false;
    answer_ = Response{};
    shared_.answers.give_back(std::exchange(answer_bytes_, 0));
    if (failure || !(keep_open_ || refused_)) return finish();
    phase_ = Phase::idle;
    if (refused_) linger();
    return true;
  }

  // Reads on for a while: closing with unread bytes would reset the connection, and the peer might
  // never see the answer.
  void linger() {
    phase_ = Phase::linger;
    Error ignored;
    socket_.shutdown(Protocol::socket::shutdown_send, ignored);
    incoming_.buffer().clear();
    arm(limits_.linger_time_max);
  }

  bool linger_on() {
    linger_bytes_left_ -= std::min(linger_bytes_left_, incoming_.buffer().size());
    incoming_.buffer().clear();
    const bool is_over = read_failure_ || timed_out_ || linger_bytes_left_ == 0;
    if (is_over || shared_.stopping) return finish();
    read_some(kReadBytes);
    return false;
  }

  Shared& shared_;
  const HttpLimits& limits_;
  EventLoop& loop_;
  typename Protocol::socket socket_;
  std::uint64_t number_ = 0;
  std::string remote_;
  Phase phase_ = Phase::idle;
  IncomingRequest incoming_;
  bool reading_ = false;
  Error read_failure_;         // nothing more comes
  std::int64_t deadline_ = 0;  // 0: none
  bool timed_out_ = false;

  Admission admission_;
  void (Connection::*job_)() = nullptr;
  std::optional<Refusal> job_refusal_;  // why there is nothing else to answer
  bool job_done_ = false;               // false: another thread has it
  std::stop_source gone_{std::nostopstate};
  bool watching_ = false;  // the socket is read on for the handler

  Response answer_;
  AnswerBytes bytes_;
  bool keep_open_ = false;        // whether another request may follow
  bool refused_ = false;          // unread bytes are left: closed after the answer
  std::size_t answer_bytes_ = 0;  // taken of shared_.answers
  std::size_t linger_bytes_left_ = kLingerBytesMax;
};

}  // namespace net
