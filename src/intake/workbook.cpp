#include "intake/workbook.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include "base/text.h"

namespace intake {
namespace {

constexpr std::size_t kPieceBytes = 16 * 1024;
constexpr std::size_t kSheetNameBytesMax = 31 * 4;  // 31 characters
constexpr std::size_t kFormatsOfItsOwnMax = 10'000;
constexpr std::size_t kFormatBytesMax = 1024;
constexpr std::size_t kRelationsMax = 10'000;

std::uint32_t number_of(std::string_view text) {
  std::uint32_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

bool is_true(std::string_view text) { return text == "1" || text == "true"; }

// Which part stands where: type, identity and target of each line of a .rels part.
class Relations final : public XmlHandler {
 public:
  struct Relation {
    std::string type;  // its last word
    std::string target;
  };

  void start(std::string_view name, const XmlAttributes& attributes) override {
    if (name != "Relationship" || by_id.size() >= kRelationsMax) return;
    const std::string_view type = attributes["Type"];
    by_id[std::string(attributes["Id"])] = {std::string(type.substr(type.rfind('/') + 1)),
                                            std::string(attributes["Target"])};
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}

  const Relation* first_of(std::string_view type) const {
    const auto found =
        std::ranges::find_if(by_id, [&](const auto& entry) { return entry.second.type == type; });
    return found == by_id.end() ? nullptr : &found->second;
  }

  std::map<std::string, Relation> by_id;
};

class WorkbookPart final : public XmlHandler {
 public:
  struct NamedSheet {
    Sheet sheet;
    std::string relation;
  };

  void start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "workbookPr" && is_true(attributes["date1904"])) system = DateSystem::from_1904;
    if (name != "sheet" || sheets.size() >= kSheetsMax) return;
    const std::string_view state = attributes["state"];
    const bool hidden = state == "hidden" || state == "veryHidden";
    const std::string_view named = attributes["name"];
    const std::size_t bytes = std::min(named.size(), kSheetNameBytesMax);
    const std::size_t whole = base::utf8_prefix(named.substr(0, bytes));
    sheets.push_back(
        {{std::string(named.substr(0, whole)), hidden}, std::string(attributes["id"])});
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}

  std::vector<NamedSheet> sheets;
  DateSystem system = DateSystem::from_1900;
};

class StylesPart final : public XmlHandler {
 public:
  void start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "numFmt" && own_.size() < kFormatsOfItsOwnMax) {
      own_[number_of(attributes["numFmtId"])] =
          read_format(attributes["formatCode"].substr(0, kFormatBytesMax));
    }
    if (name == "cellXfs") is_inside_ = true;
    if (name != "xf" || !is_inside_ || formats.size() >= kCellFormatsMax) return;
    const std::uint32_t id = number_of(attributes["numFmtId"]);
    const auto own = own_.find(id);
    formats.push_back(own != own_.end() ? own->second : builtin_format(id));
  }
  void end(std::string_view name) override {
    if (name == "cellXfs") is_inside_ = false;
  }
  void text(std::string_view) override {}

  std::vector<NumberFormat> formats;

 private:
  std::map<std::uint32_t, NumberFormat> own_;
  bool is_inside_ = false;
};

std::string folder_of(std::string_view part) {
  return std::string(part.substr(0, part.rfind('/') + 1));
}

// "xl/" and "../a/b.xml" is "a/b.xml"; a target that begins with / is seen from the top.
std::string part_at(std::string folder, std::string_view target) {
  if (target.starts_with('/')) return std::string(target.substr(1));
  while (target.starts_with("../") || target.starts_with("./")) {
    const bool up = target.starts_with("..");
    target.remove_prefix(up ? 3 : 2);
    if (up && !folder.empty()) folder = folder_of(folder.substr(0, folder.size() - 1));
  }
  return folder + std::string(target);
}

base::Result<std::string, FormFault> workbook_part(ZipArchive& archive) {
  std::string part = "xl/workbook.xml";
  if (archive.has("_rels/.rels")) {
    Relations top;
    if (auto read = read_part(archive, {"_rels/.rels", kPartXmlBytesMax}, top); !read) {
      return base::unexpected(read.error());
    }
    const Relations::Relation* main = top.first_of("officeDocument");
    if (main != nullptr) part = part_at("", main->target);
  }
  const bool known =
      part.ends_with(".xml") && archive.has(part) && archive.has("[Content_Types].xml");
  if (!known) return base::unexpected(FormFault::no_workbook);
  return part;
}

// The sheets with cells: no sheets that are one chart.
void take_sheets(const WorkbookPart& part, const Relations& relations, Workbook& workbook,
                 const std::string& folder) {
  for (const WorkbookPart::NamedSheet& named : part.sheets) {
    const auto relation = relations.by_id.find(named.relation);
    const bool cells = relation != relations.by_id.end() && relation->second.type == "worksheet";
    if (!cells) continue;
    workbook.sheets.push_back(named.sheet);
    workbook.sheet_parts.push_back(part_at(folder, relation->second.target));
  }
}

// The code of an escaped character: text begins with _xHHHH_.
std::optional<std::uint32_t> escaped(std::string_view text) {
  constexpr std::size_t kBytes = 7;
  const bool framed = text.size() >= kBytes && text.starts_with("_x") && text[kBytes - 1] == '_';
  if (!framed) return std::nullopt;
  std::uint32_t code = 0;
  const char* const end = text.data() + kBytes - 1;
  const auto read = std::from_chars(text.data() + 2, end, code, 16);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (read.ptr != end || read.ec != std::errc{} || surrogate) return std::nullopt;
  return code;
}

void append_code(std::uint32_t code, std::string& out) {
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (code >> 6)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else {
    out.push_back(static_cast<char>(0xE0 | (code >> 12)));
    out.push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  }
}

}  // namespace

base::Result<void, FormFault> read_part(ZipArchive& archive, const XmlPart& part,
                                        XmlHandler& handler) {
  auto entry = archive.entry(part.name, part.bytes_max);
  if (!entry) return base::unexpected(entry.error());
  XmlStream stream(handler);
  std::array<char, kPieceBytes> piece;
  while (true) {
    const auto count = (*entry)->read(piece);
    if (!count) return base::unexpected(count.error());
    if (!stream.feed({piece.data(), *count}, *count == 0)) {
      return base::unexpected(FormFault::damaged);
    }
    if (*count == 0) return {};
  }
}

base::Result<Workbook, FormFault> read_workbook(ZipArchive& archive) {
  const auto part = workbook_part(archive);
  if (!part) return base::unexpected(part.error());
  const std::string folder = folder_of(*part);
  WorkbookPart sheets;
  if (auto read = read_part(archive, {*part, kPartXmlBytesMax}, sheets); !read) {
    return base::unexpected(read.error());
  }
  Relations relations;
  const std::string rels = folder + "_rels/" + part->substr(folder.size()) + ".rels";
  if (auto read = read_part(archive, {rels, kPartXmlBytesMax}, relations); !read) {
    return base::unexpected(read.error());
  }
  Workbook workbook;
  workbook.date_system = sheets.system;
  take_sheets(sheets, relations, workbook, folder);
  if (workbook.sheets.empty()) return base::unexpected(FormFault::damaged);
  if (const auto* texts = relations.first_of("sharedStrings"); texts != nullptr) {
    workbook.texts_part = part_at(folder, texts->target);
  }
  if (const auto* styles = relations.first_of("styles"); styles != nullptr) {
    StylesPart formats;
    const XmlPart named{part_at(folder, styles->target), kPartXmlBytesMax};
    if (auto read = read_part(archive, named, formats); !read) {
      return base::unexpected(read.error());
    }
    workbook.formats = std::move(formats.formats);
  }
  return workbook;
}

class SharedTexts::Reader final : public XmlHandler {
 public:
  explicit Reader(SharedTexts& texts) : texts_(texts) {}

  void start(std::string_view name, const XmlAttributes&) override {
    if (name == "rPh") is_hint_ = true;
    if (name == "t") is_text_ = !is_hint_;
  }
  void end(std::string_view name) override {
    if (name == "rPh") is_hint_ = false;
    if (name == "t") is_text_ = false;
    if (name != "si") return;
    texts_.text_ += cell_text(now_);
    texts_.ends_.push_back(texts_.text_.size());
    now_.clear();
    const std::uint64_t bytes = texts_.text_.size() + texts_.ends_.size() * sizeof(std::uint64_t);
    is_too_big = is_too_big || bytes > kSharedTextBytesMax;
    if (is_too_big) texts_ = {};
  }
  void text(std::string_view piece) override {
    if (is_text_ && !is_too_big) now_ += piece;
    if (now_.size() > kSharedTextBytesMax) is_too_big = true;
  }

  bool is_too_big = false;

 private:
  SharedTexts& texts_;
  std::string now_;
  bool is_text_ = false;
  bool is_hint_ = false;
};

base::Result<void, FormFault> SharedTexts::read(ZipArchive& archive, const std::string& part) {
  // The part is longer than its text by its tags.
  Reader reader(*this);
  if (auto read = read_part(archive, {part, 4 * kSharedTextBytesMax}, reader); !read) return read;
  if (reader.is_too_big) return base::unexpected(FormFault::too_big);
  return {};
}

std::string cell_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool after_return = false;
  const auto put = [&](std::uint32_t code) {
    const bool second_half = code == '\n' && after_return;
    after_return = code == '\r';
    if (!second_half) append_code(code == '\r' ? '\n' : code, out);
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t special = std::min(text.find_first_of("_\r\n", at), text.size());
    if (special > at) after_return = false;
    out += text.substr(at, special - at);
    at = special;
    if (at == text.size()) break;
    const auto code = escaped(text.substr(at));
    put(code ? *code : static_cast<unsigned char>(text[at]));
    at += code ? 7 : 1;
  }
  return out;
}

std::string sheet_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool unknown = byte < 0x20 && byte != '\t' && byte != '\n';
    const bool misread = byte == '_' && escaped(text.substr(at)).has_value();
    if (unknown || misread) {
      out += fmt::format("_x{:04X}_", byte);
    } else {
      out.push_back(text[at]);
    }
  }
  return out;
}

}  // namespace intake
