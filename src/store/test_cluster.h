// A private PostgreSQL server for tests: its own folder, a free port on loopback, no password.
//
// It runs as the user postgres when the tests run as root (the server refuses root), and ends with
// the process that started it, however that ends. Start it from a thread that lives as long.
#pragma once

#include <sys/types.h>

#include <string>

#include "store/test_folder.h"

namespace store {

class TestCluster {
 public:
  struct Options {
    bool fsync = false;  // only killed machines lose what was not synced, not killed processes
  };

  // Throws std::runtime_error with the reason where there is no PostgreSQL or it does not start.
  explicit TestCluster(const Options& options);
  ~TestCluster();
  TestCluster(const TestCluster&) = delete;
  TestCluster& operator=(const TestCluster&) = delete;

  std::string url(const std::string& database) const;

  // The server and its children end at once, without a last checkpoint (immediate mode).
  void stop_immediately();
  // kill -9 of the server; its children notice and end.
  void kill();
  // Starts it again over the same folder and port, and waits until it answers.
  void start();

 private:
  void initialise();
  void wait_for_end();

  Options options_;
  TemporaryFolder home_;
  std::string folder_;  // home_'s path
  int port_ = 0;
  pid_t server_ = 0;  // 0: not running
};

}  // namespace store
