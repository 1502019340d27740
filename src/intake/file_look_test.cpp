// Files by what their cells hold, and those of ../shared/data that no word of a column tells.
#include "intake/file_look.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "intake/mapped_source.h"
#include "intake/recognise.h"
#include "intake/table_file.h"
#include "store/test_folder.h"

namespace intake {
namespace {

const std::string kTransactions = std::string(SIYU_SOURCE_DIR) + "/../shared/data/transactions/";
const std::string kEvents = std::string(SIYU_SOURCE_DIR) + "/../shared/data/events/";

FileLook look_at(std::string_view text) {
  TextSource file(text);
  auto look = look_at_head(file);
  EXPECT_TRUE(look.has_value());
  return look ? std::move(*look) : FileLook{};
}

// The kind, the columns that tell the customer, and the events.
std::string proposed(const FileLook& look) {
  const Mapping mapping = recognise(look).mapping;
  std::string out(name_of(mapping.kind));
  for (const MappedColumn& column : mapping.columns) {
    if (column.as == ColumnUse::identity) out += " " + column.column + "=" + column.name;
  }
  for (const MappedEvent& event : mapping.events) {
    out += " " + event.event + "(" + event.time.columns.front() + "," + event.amount + ")";
  }
  return out;
}

TEST(FileLook, KnowsAHeaderByItsWordsOrByWhatStandsBelow) {
  EXPECT_TRUE(look_at("手机号,名\n13800000001,a\n").header);
  EXPECT_TRUE(look_at("什么,几个\na,1\nb,2\n").header);
  EXPECT_TRUE(look_at("商品,颜色\na,b\nc,d\n").header) << "nothing but words: who knows";
  EXPECT_TRUE(look_at("地方,2019,2020\na,1,2\nb,3,4\n").header) << "years stand above, too";
  EXPECT_TRUE(look_at("1,2\n").header) << "there is nothing below";
  const FileLook look = look_at("张三,13800000001,2024-01-01\n李四,138****0002,2024-01-02\n");
  EXPECT_FALSE(look.header);
  const std::vector<std::string> columns = {"#1", "#2", "#3"};
  EXPECT_EQ(look.columns, columns);
  EXPECT_EQ(look.cells[0], CellsAre::other);
  EXPECT_EQ(look.cells[1], CellsAre::phones);
  EXPECT_EQ(look.cells[2], CellsAre::times);
  TextSource empty("");
  EXPECT_EQ(look_at_head(empty).error(), "intake.empty_file");
}

TEST(FileLook, PhonesAndAddressesTellTheCustomer) {
  EXPECT_EQ(proposed(look_at("名,怎么找\na,13800000001\nb,+86 139-0000-0002\n")),
            "customers 怎么找=phone");
  EXPECT_EQ(proposed(look_at("名,written to\na,a@example.com\nb,b@example.com\n")),
            "customers written to=email");
  EXPECT_EQ(proposed(look_at("手机号,紧急联系人\n13800000001,13900000002\n")),
            "customers 手机号=phone");
  EXPECT_EQ(proposed(look_at("会员号,哪个号\nm1,13900000002\n")),
            "customers 会员号=member_number 哪个号=phone");
  EXPECT_EQ(proposed(look_at("订单号,用户id,收件,付款时间,实付金额\n"
                             "n1,u1,13900000002,2024-01-01 10:00,5.00\n")),
            "orders 用户id=customer order_paid(付款时间,实付金额)");
  // What is nobody's identity is text, however many digits it has.
  for (const MappedColumn& column :
       recognise(look_at("手机号,紧急联系人\n13800000001,13900000002\n")).mapping.columns) {
    EXPECT_TRUE(column.as == ColumnUse::identity || column.type == base::ValueType::text);
  }
}

TEST(FileLook, ATimeAndAnAmountArePayments) {
  EXPECT_EQ(proposed(look_at("cust,哪天,revenue\nc1,2024-01-01,5\nc2,2024-01-02,6\n")),
            "events cust=customer order_refunded(哪天,revenue) order_paid(哪天,revenue)");
  EXPECT_EQ(proposed(look_at("手机号,生日,创建时间,总金额\n13800000001,1990-01-01,2024-01-01,5\n")),
            "customers 手机号=phone");
}

// What a file without a known word becomes when nothing is changed about the proposal.
struct Proposed {
  Mapping mapping;
  MappedPreview preview;
};
Proposed preview_of_file(const std::string& path) {
  const auto file = TableFile::open(path);
  EXPECT_TRUE(file.has_value());
  const auto look = look_at_head(**file);
  EXPECT_TRUE(look.has_value());
  Proposed out{recognise(*look).mapping, {}};
  const base::Zone zone = base::Zone::named("Asia/Shanghai").value();
  auto preview = preview_of(**file, out.mapping, {zone}, 100'000);
  EXPECT_TRUE(preview.has_value());
  if (preview) out.preview = std::move(*preview);
  return out;
}

// Of all rows, in cents; each is this event.
std::int64_t sum_of(const MappedPreview& preview, std::string_view event) {
  std::int64_t cents = 0;
  for (const MappedRow& row : preview.rows) {
    EXPECT_EQ(row.fields[2], event);
    const auto value = base::parse_value(base::ValueType::money, row.fields.back(), nullptr);
    if (value) cents += std::get<base::Money>(*value).cents;
  }
  return cents;
}

TEST(FileLook, RfmOrders) {
  const std::string path = kTransactions + "rfm_orders.csv";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";
  const Proposed found = preview_of_file(path);
  EXPECT_EQ(found.preview.made, 4906);
  EXPECT_EQ(found.preview.notes.unusable, 0);
  EXPECT_EQ(sum_of(found.preview, "order_paid"), 46'415'800);
}

TEST(FileLook, ApparelTransactions) {
  const std::string path = kTransactions + "apparel_trans.csv";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";
  const Proposed found = preview_of_file(path);
  EXPECT_EQ(found.preview.made, 3187);
  EXPECT_EQ(found.preview.notes.unusable, 0);
  EXPECT_EQ(sum_of(found.preview, "order_paid"), 12'435'690);
}

// No row of a file without a header is lost, and its columns are offered by their places.
TEST(FileLook, TaobaoWithoutHeader) {
  const std::string path = kEvents + "tianchi_userbehavior_slice.csv.gz";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";
  const store::TemporaryFolder folder;
  const std::string plain = folder.path() + "/behavior.csv";
  ASSERT_EQ(std::system(("gzip -dc '" + path + "' > '" + plain + "'").c_str()), 0);
  const auto file = TableFile::open(plain);
  ASSERT_TRUE(file.has_value());
  const auto look = look_at_head(**file);
  ASSERT_TRUE(look.has_value());
  EXPECT_FALSE(look->header);
  const std::vector<std::string> columns = {"#1", "#2", "#3", "#4", "#5"};
  EXPECT_EQ(look->columns, columns);
  const Mapping proposed = recognise(*look).mapping;
  EXPECT_FALSE(proposed.header);
  const auto errors = check_mapping(proposed, columns);
  ASSERT_FALSE(errors.empty());
  EXPECT_EQ(errors.front().fault, MappingFault::no_customer);
  const auto mapping = read_mapping(
      R"({"kind":"events","columns":[{"column":"#1","as":"identity","name":"customer"},)"
      R"({"column":"#2","as":"property","name":"sku","type":"text"}],)"
      R"("events":[{"event_column":"#4","time":{"columns":["#5"]}}],"header":false})");
  ASSERT_TRUE(mapping.has_value());
  const base::Zone zone = base::Zone::named("Asia/Shanghai").value();
  const auto preview = preview_of(**file, *mapping, {zone}, 1);
  ASSERT_TRUE(preview.has_value());
  EXPECT_EQ(preview->notes.rows, 96'169);
  EXPECT_EQ(preview->made, 96'168) << "the last row is cut";
  EXPECT_EQ(preview->rows.front().line, 1);
  EXPECT_EQ(preview->rows.front().fields.front(), "543462");
}

}  // namespace
}  // namespace intake
