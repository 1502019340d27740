#include "api/uploads.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

#include "api/problem.h"
#include "base/diagnostics.h"
#include "intake/file.h"
#include "store/failure.h"

namespace api {

namespace fs = std::filesystem;

std::string_view name_of(UploadState state) {
  constexpr std::array<std::string_view, 4> kNames = {"ready", "importing", "done", "failed"};
  return kNames[static_cast<std::size_t>(state)];
}

Uploads::Uploads(std::string folder, base::Random& random)
    : folder_(std::move(folder)), random_(random) {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

Uploads::~Uploads() {
  end();
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

std::optional<Upload> Uploads::add(Upload upload, std::string_view bytes) {
  if (folder_.empty()) return std::nullopt;
  {
    const std::lock_guard lock(mutex_);
    std::size_t own = 0;
    std::size_t open = 0;
    for (const auto& [id, each] : uploads_) {
      if (each.state == UploadState::done) continue;
      ++open;
      if (each.who == upload.who) ++own;
    }
    if (ended_ || own >= kUploadsMax || open >= kUploadsOfAllMax) return std::nullopt;
  }
  std::error_code error;
  fs::create_directories(folder_, error);
  fs::permissions(folder_, fs::perms::owner_all, error);
  upload.id = random_.id();
  upload.path = (fs::path(folder_) / std::to_string(upload.id)).string();
  auto sink = intake::FileSink::open(upload.path);
  if (!sink) throw Refusal(intake::code_of(sink.error()));
  sink->write(bytes);
  sink->finish();
  fs::permissions(upload.path, fs::perms::owner_read | fs::perms::owner_write, error);
  const std::lock_guard lock(mutex_);
  return uploads_.emplace(upload.id, std::move(upload)).first->second;
}

void Uploads::remove_file(const Upload& upload) const {
  std::error_code ignored;
  fs::remove(upload.path, ignored);
}

void Uploads::forget_old(base::Moment now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(uploads_, [&](const auto& entry) {
    const Upload& upload = entry.second;
    if (upload.id == running_ || now < upload.at + kUploadAgeMax) return false;
    remove_file(upload);
    return true;
  });
}

std::vector<Upload> Uploads::all_of(std::string_view who) const {
  const std::lock_guard lock(mutex_);
  std::vector<Upload> out;
  for (const auto& [id, upload] : uploads_) {
    if (upload.who == who) out.push_back(upload);
  }
  std::ranges::sort(out, [](const Upload& left, const Upload& right) {
    return left.at == right.at ? left.id > right.id : left.at > right.at;
  });
  return out;
}

std::optional<Upload> Uploads::find(std::int64_t id, std::string_view who) const {
  const std::lock_guard lock(mutex_);
  const auto found = uploads_.find(id);
  if (found == uploads_.end() || found->second.who != who) return std::nullopt;
  return found->second;
}

bool Uploads::change(std::int64_t id, const std::function<void(Upload&)>& change) {
  const std::lock_guard lock(mutex_);
  const auto found = uploads_.find(id);
  if (found == uploads_.end() || id == running_) return false;
  change(found->second);
  return true;
}

bool Uploads::drop(std::int64_t id, std::string_view who) {
  const std::lock_guard lock(mutex_);
  const auto found = uploads_.find(id);
  if (found == uploads_.end() || found->second.who != who || id == running_) return false;
  remove_file(found->second);
  uploads_.erase(found);
  return true;
}

bool Uploads::start(std::int64_t id, Work work) {
  const std::lock_guard lock(mutex_);
  const auto found = uploads_.find(id);
  if (ended_ || running_ != 0 || found == uploads_.end()) return false;
  running_ = id;
  found->second.state = UploadState::importing;
  found->second.fault.clear();
  progress_.rows = 0;
  progress_.bytes_done = 0;
  // The thread before has ended its work: it has set running_ to 0 as its last step.
  try {
    worker_ = std::jthread(
        [this, id, work = std::move(work)](const std::stop_token& stop) { run(id, work, stop); });
  } catch (const std::system_error&) {
    running_ = 0;
    found->second.state = UploadState::ready;
    throw;
  }
  return true;
}

void Uploads::run(std::int64_t id, const Work& work, const std::stop_token& stop) {
  boost::json::object report;
  std::string fault;
  try {
    report = work(progress_, stop);
  } catch (const Refusal& refusal) {
    fault = refusal.code();
  } catch (const store::Failure& failure) {
    base::log_error("an import in the background was cut off: {}", failure.what());
    fault = "api.import_cut_off";
  } catch (const std::exception& error) {
    base::log_error("an import in the background failed: {}", error.what());
    fault = "api.internal_error";
  }
  const std::lock_guard lock(mutex_);
  Upload& upload = uploads_.at(id);
  upload.report = std::move(report);
  upload.fault = fault;
  const bool wrote = fault.empty() && upload.report.at("state") != "dry_run";
  upload.state = !fault.empty() ? UploadState::failed
                 : wrote        ? UploadState::done
                                : UploadState::ready;
  if (wrote) {
    remove_file(upload);
    upload.looked_at.clear();
    forget_done(std::string(upload.who));
  }
  running_ = 0;
}

// Under mutex_.
void Uploads::forget_done(const std::string& who) {
  std::vector<const Upload*> done;
  for (const auto& [id, upload] : uploads_) {
    if (upload.who == who && upload.state == UploadState::done) done.push_back(&upload);
  }
  if (done.size() <= kUploadsDoneMax) return;
  const Upload* oldest = *std::ranges::min_element(done, {}, &Upload::at);
  uploads_.erase(oldest->id);
}

bool Uploads::stop(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  if (running_ != id || id == 0) return false;
  worker_.request_stop();
  return true;
}

void Uploads::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    worker_.request_stop();
  }
  if (worker_.joinable()) worker_.join();
}

}  // namespace api
