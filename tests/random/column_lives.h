// Random lives told to the memory columns: a part of each in blocks made at once, the rest as it
// arrives afterwards, some of it folded. Where asked for, an import was taken back: what others did
// is told of each too, before and after the base was made, and then hidden.
#pragma once

#include <memory>
#include <random>
#include <vector>

#include "audience/memory_names.h"
#include "audience/memory_types.h"
#include "random_life.h"
#include "timeline/column_store.h"
#include "timeline/memory_history.h"

namespace random_life {

enum class Folding : std::uint8_t { none, some, all };

class ColumnLives {
 public:
  struct Making {
    Folding folding;
    bool takes_back;
  };
  // Blocks of a few rows, so that few lives make several.
  ColumnLives(const audience::MemoryNames& names, std::vector<Life> lives, const Making& making);

  timeline::Pin pin() const { return store_->pin(); }
  struct Person {
    base::CustomerId id;
    std::unique_ptr<timeline::MemoryHistory> history;  // as it must be
  };
  const std::vector<Person>& people() const { return people_; }  // ascending

 private:
  using Told = audience::MemoryTypes::Said;
  void make_origins();
  Told told(const Fact& fact);
  // Of an import that will be taken back: some facts of anybody.
  std::vector<Told> taken_back();
  void load_base();
  void add_rest();
  void fold(Folding folding);

  const Making making_;
  std::mt19937_64 random_;
  std::vector<Life> lives_;
  std::vector<std::size_t> in_base_;  // how many facts of each are; nothing of those not loaded
  std::vector<bool> loaded_;
  audience::MemoryTypes types_;
  std::unique_ptr<timeline::ColumnStore> store_;
  std::vector<Person> people_;
  timeline::Slot last_slot_ = 0;
};

}  // namespace random_life
