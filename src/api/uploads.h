// Files that a person has sent to be imported: looked at, mapped, imported in the background.
//
//   sent ──▶ ready ──import──▶ importing ──▶ done (the file is gone) · failed (ready again)
//
// A file lies in the folder with access for the program alone until it is imported, dropped, or a
// day old; what an earlier process left there goes when this one begins. Only who sent a file sees
// it. One import runs at a time, on a thread of its own; whatever it throws makes it a failed one.
//
// Threads: any.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "api/progress.h"
#include "base/moment.h"
#include "base/random.h"
#include "intake/mapping.h"

namespace api {

inline constexpr std::size_t kUploadsMax = 50;        // of a person, whose files are there
inline constexpr std::size_t kUploadsOfAllMax = 200;  // the same of everybody
inline constexpr std::size_t kUploadsDoneMax = 50;    // of a person: the latest
inline constexpr base::Duration kUploadAgeMax{base::kDay.ms};

enum class UploadState : std::uint8_t { ready, importing, done, failed };
std::string_view name_of(UploadState state);

// `looked_at` is what GET /uploads/{id} shows of the file and its mapping.
struct Upload {
  std::int64_t id = 0;
  std::string who;  // rights::to_text of the actor
  std::string file_name;
  std::string path;
  std::string sheet;
  std::int64_t bytes = 0;
  base::Moment at;
  UploadState state = UploadState::ready;
  intake::Mapping mapping;
  boost::json::object looked_at;
  boost::json::object report;  // of the last import
  std::string fault;           // code of why it failed
};

class Uploads {
 public:
  // `folder`: made when it is needed; empty: nothing can be sent.
  Uploads(std::string folder, base::Random& random);
  ~Uploads();
  Uploads(const Uploads&) = delete;
  Uploads& operator=(const Uploads&) = delete;

  // Writes the file. Nothing: there is no folder, kUploadsMax of that person are there, or
  // kUploadsOfAllMax of everybody.
  // Throws store::Failure{full}.
  std::optional<Upload> add(Upload upload, std::string_view bytes);
  // What is too old goes.
  void forget_old(base::Moment now);

  std::vector<Upload> all_of(std::string_view who) const;  // the latest first
  std::optional<Upload> find(std::int64_t id, std::string_view who) const;
  // False: it is not there or being imported.
  bool change(std::int64_t id, const std::function<void(Upload&)>& change);
  bool drop(std::int64_t id, std::string_view who);

  // Runs `work` in the background; it answers the report, or throws. False: another import runs.
  // Throws std::system_error: there is no thread to be had.
  using Work = std::function<boost::json::object(Progress& progress, const std::stop_token& stop)>;
  bool start(std::int64_t id, Work work);
  // Of the one that runs; what is written stays. False: it does not run.
  bool stop(std::int64_t id);
  Progress& progress() { return progress_; }

  // Stops what runs and waits for it; nothing starts any more. Before what `work` uses ends.
  void end();

 private:
  void run(std::int64_t id, const Work& work, const std::stop_token& stop);
  void remove_file(const Upload& upload) const;
  void forget_done(const std::string& who);

  std::string folder_;
  base::Random& random_;
  mutable std::mutex mutex_;
  std::map<std::int64_t, Upload> uploads_;
  std::int64_t running_ = 0;
  bool ended_ = false;
  Progress progress_;
  std::jthread worker_;
};

}  // namespace api
