// Inside the module's tests: files through mappings into a database.
#pragma once

#include <algorithm>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "customer/identity.h"
#include "customer/record.h"
#include "customer/tag.h"
#include "intake/import_fixture.h"
#include "intake/mapped_source.h"
#include "intake/recognise.h"
#include "intake/table_file.h"

namespace intake {

inline const std::string kData = std::string(SIYU_SOURCE_DIR) + "/../shared/data/cn_import/";

class MappedFileTest : public ImportTest {
 protected:
  MappedMeans mapped_means() { return {zone_}; }

  ImportReport import(ByteSource& file, const Mapping& mapping) {
    MappedSource source(file, mapping, mapped_means());
    const auto opened = source.open();
    if (!opened) {
      ADD_FAILURE() << code_of(opened.error().fault) << " " << opened.error().subject;
      return {};
    }
    const bool customers = mapping.kind == MappingKind::customers;
    ImportRequest asked = request();
    asked.apart = mapping.apart;
    auto report = customers ? import_customers(means(), source, asked)
                            : import_events(means(), source, asked);
    if (!report) {
      ADD_FAILURE() << code_of(report.error().fault) << " " << report.error().subject;
      return {};
    }
    notes_ = source.notes();
    return std::move(*report);
  }

  ImportReport import(std::string_view text, std::string_view json) {
    TextSource file(text);
    const auto mapping = read_mapping(json);
    if (!mapping) {
      ADD_FAILURE() << code_of(mapping.error().fault) << " " << mapping.error().subject;
      return {};
    }
    return import(file, *mapping);
  }

  // A file of shared/data by what is recognised; nothing when it is not there.
  std::optional<ImportReport> import_known(const std::string& name, std::string_view known) {
    if (!std::ifstream(kData + name)) return std::nullopt;
    const auto file = TableFile::open(kData + name);
    if (!file) {
      ADD_FAILURE() << code_of(file.error());
      return std::nullopt;
    }
    CsvReader reader(**file, encoding_of(**file));
    CsvRow header;
    EXPECT_TRUE(reader.next(header));
    const Recognised found = recognise(column_names(header.fields));
    EXPECT_EQ(found.file, known);
    (*file)->rewind();
    return import(**file, found.mapping);
  }

  std::string told_values() const {
    std::string out;
    for (const LeftOut& value : notes_.values_left_out) {
      out += std::to_string(value.line) + ":" + std::to_string(value.column) + " " +
             value.column_name + " " + std::string(value.code) + ";";
    }
    return out;
  }

  std::optional<base::CustomerId> person(std::string_view phone) {
    return database().read([&](store::Session& session) -> std::optional<base::CustomerId> {
      const auto found = customer::find(session, {"phone", phone});
      if (!found) return std::nullopt;
      return found->person;
    });
  }

  std::string tags_of(std::string_view phone) {
    const auto who = person(phone);
    if (!who) return "nobody";
    std::string out;
    database().read([&](store::Session& session) {
      for (const auto& on : customer::tags_of(session, *who)) out += on.tag.name + ";";
    });
    return out;
  }

  MappedNotes notes_;
};

}  // namespace intake
