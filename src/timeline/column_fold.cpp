#include "timeline/column_store_impl.h"

namespace timeline {

bool ColumnStore::Impl::claim(std::size_t block) {
  const Held held(writing_);
  return claimed_.insert(block).second;
}

void ColumnStore::Impl::release(std::size_t block) {
  const Held held(writing_);
  claimed_.erase(block);
}

bool ColumnStore::Impl::fold(std::size_t block) {
  if (!claim(block)) return false;
  const bool folded = fold_claimed(block);
  release(block);
  return folded;
}

bool ColumnStore::Impl::fold_claimed(std::size_t block) {
  std::shared_ptr<const ColumnState> seen;
  {
    // Rows that the writer has rewritten and not published are not to be seen.
    const Held held(writing_);
    seen = state();
    if (block >= seen->blocks().size()) return false;
    if (seen->blocks()[block] != (*blocks_)[block]) return false;
  }
  const BlockState& before = seen->blocks()[block];
  if (before.is_folded(seen->publication())) return false;
  // Persons are born in the last block alone.
  const bool is_last = block + 1 == seen->blocks().size();
  const Rows rows = before.read_all(seen->publication(), !is_last);
  return put_folded(block, *seen, make_block(rows, *seen->parts().changes));
}

bool ColumnStore::Impl::put_folded(std::size_t block, const ColumnState& seen,
                                   std::shared_ptr<const Block> base) {
  const BlockState& before = seen.blocks()[block];
  const BlockState after = state_of(std::move(base));
  std::shared_ptr<const ColumnState> let_go;
  const Held held(writing_);
  // Another store was loaded meanwhile, or something was dropped.
  if (block >= blocks_->size() || (*blocks_)[block] != before) return false;
  before.delta->copy_after(seen.publication(), *after.delta,
                           [&](const Delta::Entry& entry) { return after.is_early(entry); });
  delta_events_.fetch_sub(before.delta->entries() - after.delta->entries(),
                          std::memory_order_relaxed);
  let_go = change_everywhere(block, [&](BlockState& state) { state = after; }, held);
  return true;
}

std::shared_ptr<const ColumnState> ColumnStore::Impl::change_everywhere(std::size_t block,
                                                                        const BlockChange& change,
                                                                        const Held&) {
  const auto changed = [&](const Blocks& blocks) {
    auto copy = std::make_shared<Blocks>(blocks);
    change((*copy)[block]);
    return copy;
  };
  const std::shared_ptr<const ColumnState> published = state();
  ColumnState::Parts parts = published->parts();
  const bool is_shared = parts.blocks == blocks_;
  blocks_ = changed(*blocks_);
  parts.blocks = is_shared ? blocks_ : changed(*parts.blocks);
  return exchange(std::make_shared<const ColumnState>(parts));
}

bool ColumnStore::Impl::take_over(std::size_t block) {
  if (!claim(block)) return false;
  const bool taken = take_over_claimed(block);
  release(block);
  return taken;
}

bool ColumnStore::Impl::take_over_claimed(std::size_t block) {
  std::shared_ptr<const Block> lent;
  {
    const auto seen = state();
    if (block >= seen->blocks().size()) return true;
    lent = seen->blocks()[block].base;
  }
  if (lent->owns_image()) return true;
  const std::shared_ptr<const Block> own = own_copy(*lent);
  std::shared_ptr<const ColumnState> let_go;
  const Held held(writing_);
  // Another store was loaded meanwhile.
  if (block >= blocks_->size() || (*blocks_)[block].base != lent) return false;
  let_go = change_everywhere(block, [&](BlockState& state) { state.base = own; }, held);
  return true;
}

}  // namespace timeline
