// A lost database: thrown by every store call, caught in two places only, the API's dispatcher
// (503) and the worker loop (retry). Kinds come from error codes, never from message texts.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace store {

enum class FailureKind : std::uint8_t {
  unavailable,    // connection lost, file unreadable: try again later
  full,           // no space left on the disk
  overloaded,     // the queue of units is full
  timeout,        // a read or lock took longer than its limit
  serialization,  // 40001, 40P01 after all retries
  constraint,     // a unique key, check or reference the unit did not expect: our bug
  corrupt,        // the database is damaged
  misuse,         // wrong SQL, writing in a read, a second server: our or the operator's mistake
};
std::string_view code_of(FailureKind kind);  // "store.unavailable", …

class Failure : public std::runtime_error {
 public:
  // `what`: one sentence with what to do; never data of customers.
  Failure(FailureKind kind, const std::string& what) : std::runtime_error(what), kind_(kind) {}
  FailureKind kind() const { return kind_; }

 private:
  FailureKind kind_;
};

// A second server, or a command that wants the folder for itself, while another has it.
class FolderInUse : public Failure {
 public:
  FolderInUse()
      : Failure(FailureKind::misuse, "another siyu is using this data folder: stop it first") {}
};

}  // namespace store
