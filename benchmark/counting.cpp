#include "benchmark/counting.h"

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <unordered_set>
#include <vector>

#include "access/secret_seal.h"
#include "base/clock.h"
#include "base/random.h"
#include "benchmark/stopwatch.h"
#include "channel/http/http_sender.h"
#include "ledger/asset.h"
#include "ledger/desk.h"
#include "ledger/ledger_account.h"
#include "ledger/proof.h"
#include "net/http_server.h"
#include "outbox/intent.h"
#include "server/carriers.h"
#include "server/operate.h"
#include "timer/timer.h"

namespace bench {
namespace {

namespace json = boost::json;

constexpr int kClients = 64;
constexpr std::int64_t kStock = 1'000'000'000;

void require(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

class Counting {
 public:
  explicit Counting(const CountingOptions& options) : options_(options) {
    server::AppOptions app;
    const bool sqlite = options.place.find("://") == std::string::npos;
    (sqlite ? app.folder : app.database_url) = options.place;
    database_ = server::open_database(app);
    server::bring_forward(*database_, true, clock_.now());
    database_->write("bench.accounts", [&](store::Unit& unit) {
      const auto asset = ledger::define(unit, {.code = "stock", .kind = ledger::AssetKind::stock},
                                        {{1}, {2}, {3}}, clock_.now());
      require(asset.has_value(), "the asset cannot be made");
      for (std::int64_t i = 0; i < 2 * kClients + 2; ++i) {
        const auto opened =
            ledger::open_account(unit, {.key = {{1}, "bench", std::to_string(i), "shelf"},
                                        .debt_allowed = i == 0,
                                        .id = account(i),
                                        .now = clock_.now()});
        require(opened.has_value(), "an account cannot be opened");
      }
    });
    ledger::Desk desk(*database_, clock_);
    for (std::int64_t i = 1; i < 2 * kClients + 2; i += 2) {
      require(desk.ask(moved("fill/" + std::to_string(i), 0, i, kStock)).has_value(),
              "an account cannot be filled");
    }
  }

  // What each client moves, from and to.
  enum class Way : std::uint8_t {
    spread,  // between two accounts of its own
    hot,     // from the one account of all to its own
    sale     // from the one account of all to the one of what is sold
  };
  double transfers(Way way, const std::string& kind) {
    ledger::Desk desk(*database_, clock_);
    std::atomic<std::int64_t> count = 0;
    const Stopwatch watch;
    {
      std::vector<std::jthread> clients;
      for (std::int64_t client = 0; client < kClients; ++client) {
        clients.emplace_back([&, client] {
          const std::int64_t from = way == Way::spread ? 1 + 2 * client : 1;
          const std::int64_t to = way == Way::sale ? 2 : 2 + 2 * client;
          for (std::int64_t i = 0; watch.wall_seconds() < options_.seconds; ++i) {
            const std::string id = kind + std::to_string(client) + "/" + std::to_string(i);
            require(desk.ask(moved(id, from, to, 1)).has_value(), "refused");
            ++count;
          }
        });
      }
    }
    if (way == Way::sale) sold_ = count;
    return static_cast<double>(count) / watch.wall_seconds();
  }

  double timers() {
    const base::Moment now = clock_.now();
    for (std::int64_t made = 0; made < options_.timers;) {
      std::vector<timer::Timer> some;
      for (int i = 0; i < 10'000 && made < options_.timers; ++i, ++made) {
        some.push_back({"bench", made, now + base::Duration{made % base::kMinute.ms}});
      }
      database_->write("bench.timers", [&](store::Unit& unit) { timer::schedule(unit, some); });
    }
    Counter counter;
    timer::Runner runner(*database_, {{"bench", counter}});
    const Stopwatch watch;
    const base::Moment after = now + base::kMinute;
    while (runner.step(after).more) {
    }
    require(counter.fired == options_.timers, "timers are missing");
    return watch.wall_seconds();
  }

  double sends() {
    Receiver receiver;
    const auto lane = database_->write("bench.lane", [&](store::Unit& unit) {
      return outbox::open_lane(unit, {.id = {1},
                                      .kind = "bench",
                                      .pace = {outbox::kPaceMax, base::kSecond, outbox::kPaceMax}});
    });
    require(lane.has_value(), "the lane cannot be opened");
    for (std::int64_t made = 0; made < options_.sends;) {
      std::vector<outbox::NewIntent> some;
      for (int i = 0; i < 1000 && made < options_.sends; ++i, ++made) {
        some.push_back({.id = {made + 1},
                        .effect_id = "bench/" + std::to_string(made),
                        .lane = lane->id,
                        .cause = "bench",
                        .payload = R"({"to": "13800000000", "text": "Shipped"})",
                        .due = clock_.now()});
      }
      const auto added = database_->write("bench.enqueue", [&](store::Unit& unit) {
        return outbox::enqueue(unit, some, clock_.now());
      });
      require(added.has_value(), "an intent cannot be stored");
    }
    const rights::SecretSeal seal("", random_);  // the channel has no secrets
    const channel::HttpDefinition definition{
        .name = "bench",
        .kind = "bench",
        .request = {.url = receiver.url(),
                    .headers = {{"X-Request-Id", "${effect_id}"}},
                    .body = R"({"id": "${effect_id}", "to": "${to}", "text": "${text}"})"},
        .does_once = true};
    const auto channel = database_->write("bench.channel", [&](store::Unit& unit) {
      return channel::add_channel(unit, {{1}, definition, clock_.now()});
    });
    require(channel.has_value(), "the channel cannot be made");
    server::Carriers carriers(
        {*database_, clock_, random_, [&](const outbox::Lane&, const std::stop_token& stop) {
           return std::make_unique<channel::HttpSender>(
               channel::SenderMeans{*database_, seal, clock_},
               channel::CallerOptions{.allowed = *channel::AllowedNetworks::parse("127.0.0.1"),
                                      .stop = stop});
         }});
    const Stopwatch watch;
    for (std::int64_t sent = 0; sent < options_.sends;) sent += carriers.carry();
    const double seconds = watch.wall_seconds();
    require(receiver.works() == options_.sends, "a send is missing");
    require(receiver.repeats() == 0, "a send was done twice");
    return static_cast<double>(options_.sends) / seconds;
  }

  bool balanced() { return ledger::prove(*database_).wrong.empty(); }
  std::int64_t sold() const { return sold_; }

 private:
  struct Counter final : timer::Handler {
    std::int64_t fired = 0;
    void fire(store::Unit&, std::span<const timer::Timer> due, base::Moment) override {
      fired += std::ssize(due);
    }
  };

  // Counts how often the work of each effect id comes.
  class Receiver {
   public:
    Receiver() {
      net::HttpServerOptions options;
      options.tcp = net::HostPort{"127.0.0.1", 0};
      options.handle = [this](const net::Request& request) {
        const std::scoped_lock lock(mutex_);
        if (!seen_.emplace(request.headers.find("X-Request-Id").value_or("")).second) ++repeats_;
        return net::make_response(200, "application/json", "{}");
      };
      server_ = std::move(*net::HttpServer::start(std::move(options)));
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/"; }
    std::int64_t works() {
      const std::scoped_lock lock(mutex_);
      return std::ssize(seen_);
    }
    std::int64_t repeats() {
      const std::scoped_lock lock(mutex_);
      return repeats_;
    }

   private:
    std::mutex mutex_;
    std::unordered_set<std::string> seen_;
    std::int64_t repeats_ = 0;
    std::unique_ptr<net::HttpServer> server_;
  };

  static ledger::LedgerAccountId account(std::int64_t number) { return {100 + number}; }
  static ledger::Bundle moved(std::string id, std::int64_t from, std::int64_t to,
                              std::int64_t amount) {
    return {.id = std::move(id),
            .why = "bench",
            .transfers = {{{{.account = account(from), .amount = -amount},
                            {.account = account(to), .amount = amount}}}}};
  }

  CountingOptions options_;
  base::SystemClock clock_;
  base::SystemRandom random_;
  std::unique_ptr<store::Database> database_;
  std::int64_t sold_ = 0;
};

}  // namespace

json::object measure_counting(const CountingOptions& options) {
  Counting counting(options);
  json::object figures;
  figures["spread"] = counting.transfers(Counting::Way::spread, "spread/");
  figures["hot"] = counting.transfers(Counting::Way::hot, "hot/");
  figures["sale"] = counting.transfers(Counting::Way::sale, "sale/");
  figures["sold"] = counting.sold();
  figures["timers_seconds"] = counting.timers();
  figures["sends"] = counting.sends();
  figures["balanced"] = counting.balanced();
  return figures;
}

}  // namespace bench
