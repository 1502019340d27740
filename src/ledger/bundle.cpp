#include "ledger/bundle.h"

#include <array>
#include <span>

#include "base/text.h"

namespace ledger {
namespace {

constexpr std::array<std::string_view, kStates> kStateNames{"posted", "held", "committed",
                                                            "released", "expired"};

// Numbers as eight bytes and texts with their length: no two bundles are written alike.
class Content {
 public:
  void add(std::int64_t number) {
    for (int byte = 0; byte < 8; ++byte) {
      bytes_ += static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * byte));
    }
  }
  void add(std::string_view text) {
    add(static_cast<std::int64_t>(text.size()));
    bytes_ += text;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace

std::string_view name_of(State state) { return kStateNames.at(static_cast<std::size_t>(state)); }

std::string content_of(const Bundle& bundle) {
  Content content;
  content.add(bundle.why);
  content.add(bundle.effective_at.value_or(base::kMomentMin).ms);
  content.add(bundle.held_for.ms);
  for (const Transfer& transfer : bundle.transfers) {
    content.add(static_cast<std::int64_t>(transfer.postings.size()));
    for (const Posting& posting : transfer.postings) {
      content.add(posting.account.value);
      content.add(posting.amount);
      content.add(posting.lot.value);
      content.add(posting.expires.ms);
      content.add(posting.refund_of);
    }
  }
  const std::string digest = base::sha256(content.bytes());
  return base::to_hex(std::as_bytes(std::span(digest)));
}

}  // namespace ledger
