#include "audience/size.h"

#include "audience/size_sql.h"

namespace audience {

std::vector<Size> sizes_of(store::Session& session, const SizesOf& asked) {
  std::vector<Size> sizes;
  session.query(sql::kSizesOf, {asked.audience.value, asked.version, (asked.now - kSizeKept).ms},
                [&](const store::Row& row) {
                  sizes.push_back({{row.integer(0)},
                                   row.integer(1),
                                   {row.integer(2), row.integer(3), row.integer(4)},
                                   {row.integer(5)}});
                });
  return sizes;
}

void keep_sizes(store::Unit& unit, const SizesOf& of, std::span<const Size> sizes) {
  for (const Size& size : sizes) {
    unit.execute(sql::kKeepSize,
                 {of.audience.value, of.version, size.at.ms, size.customers, size.position.epoch,
                  size.position.transaction, size.position.sequence, size.computed_at.ms});
  }
  unit.execute(sql::kDropSizes, {of.audience.value, of.version, (of.now - kSizeKept).ms});
}

void forget_sizes(store::Unit& unit) { unit.execute(sql::kForgetSizes, {}); }

}  // namespace audience
