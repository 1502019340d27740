#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "store/database.h"
#include "store/test_database.h"
#include "store/test_folder.h"

namespace cli {
namespace {

namespace fs = std::filesystem;

struct Ran {
  int status = -1;
  std::string out;  // standard output and error
};

class CommandLineTest : public ::testing::Test {
 protected:
  CommandLineTest() {
    std::ofstream(file_) << "customer,event,time\nann,visit,2026-01-10T00:00:00Z\n";
  }
  Ran run(const std::string& arguments, const std::string& language = "C") {
    const std::string line =
        "LC_ALL=" + language + " " + SIYU_PROGRAM + " " + arguments + " 2>&1 </dev/null";
    Ran ran;
    FILE* pipe = ::popen(line.c_str(), "r");
    char part[4096];
    while (std::size_t got = std::fread(part, 1, sizeof part, pipe)) ran.out.append(part, got);
    ran.status = WEXITSTATUS(::pclose(pipe));
    return ran;
  }
  std::string data() const { return " --data " + folder_.path() + "/data"; }
  void fill() { ASSERT_EQ(run("import events " + file_ + data()).status, 0); }

  store::TemporaryFolder folder_;
  std::string file_ = folder_.path() + "/visits.csv";
};

TEST_F(CommandLineTest, AMissingFolderIsNamedAndNotMade) {
  for (const std::string command :
       {"count everyone", "list everyone", "imports", "check", "explain everyone --customer ann"}) {
    const Ran ran = run(command + data());
    EXPECT_EQ(ran.status, 1) << command;
    EXPECT_NE(ran.out.find(folder_.path() + "/data"), std::string::npos) << ran.out;
  }
  EXPECT_FALSE(fs::exists(folder_.path() + "/data"));
  EXPECT_NE(run("count everyone" + data(), "zh_CN.UTF-8").out.find("没有数据库"),
            std::string::npos);
}

TEST_F(CommandLineTest, AnEmptyFolderStaysEmpty) {
  fs::create_directory(folder_.path() + "/data");
  EXPECT_EQ(run("count everyone" + data()).status, 1);
  EXPECT_TRUE(fs::is_empty(folder_.path() + "/data"));
}

TEST_F(CommandLineTest, AnImportMakesTheFolder) {
  fill();
  const Ran ran = run("count everyone" + data());
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out, "1\n");
  EXPECT_EQ(fs::status(folder_.path() + "/data").permissions(), fs::perms::owner_all);
}

TEST_F(CommandLineTest, AMistakeIsShownAtItsPlace) {
  fill();
  const Ran ran = run("count 'did visit and'" + data());
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.out.find("line 1, column 14"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("expected: "), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("[audience.expected_test]"), std::string::npos) << ran.out;
}

TEST_F(CommandLineTest, AMistakeIsOneJsonLineForPrograms) {
  fill();
  const Ran ran = run("count --json 'did visit and'" + data());
  EXPECT_EQ(ran.status, 1);
  const boost::json::value problem = boost::json::parse(ran.out);
  EXPECT_EQ(problem.at("code").as_string(), "audience.expected_test");
  EXPECT_EQ(problem.at("offset").as_int64(), 13);
  EXPECT_EQ(problem.at("line").as_int64(), 1);
  EXPECT_EQ(problem.at("column").as_int64(), 14);
  EXPECT_FALSE(problem.at("expected").as_string().empty());
  const boost::json::value missing = boost::json::parse(run("count --json everyone --data no").out);
  EXPECT_EQ(missing.at("code").as_string(), "command.failed");
}

TEST_F(CommandLineTest, WrongUseIsOneLineInBothLanguagesAndStatusTwo) {
  const struct {
    std::string arguments, english, chinese;
  } kCases[] = {
      {"", "siyu wants a command", "siyu 后面还需要一个命令"},
      {"imprt events a.csv", "there is no command imprt (did you mean import?)", "没有命令 imprt"},
      {"import", "siyu import wants a command", "siyu import 后面还需要一个命令"},
      {"import evnts a.csv", "there is no command evnts (did you mean events?)", "没有命令 evnts"},
      {"import events", "file is missing", "缺少 file"},
      {"count everyone --dta x", "there is no option --dta (did you mean --data?)",
       "没有选项 --dta"},
      {"explain everyone", "--customer is missing", "缺少 --customer"},
      {"count did order_paid", "too many arguments", "参数过多"},
      {"import undo abc", "abc", "参数有误"},
      {"count everyone --database b", "--database wants postgresql://", "--database 应为"},
      {"serve --listen b", "--listen wants HOST:PORT", "--listen 应为"},
      {"serve --config nothing.toml", "there is no file nothing.toml", "文件不存在"},
  };
  for (const auto& each : kCases) {
    const Ran english = run(each.arguments);
    EXPECT_EQ(english.status, 2) << each.arguments;
    EXPECT_NE(english.out.find(each.english), std::string::npos) << english.out;
    EXPECT_EQ(std::ranges::count(english.out, '\n'), 1) << english.out;
    EXPECT_NE(run(each.arguments, "zh_CN.UTF-8").out.find(each.chinese), std::string::npos)
        << each.arguments;
  }
}

// Beside PostgreSQL a folder is for the memory's snapshot, and only one that was named.
TEST_F(CommandLineTest, PostgresqlTakesAFolderWhenItIsGivenOne) {
  if (const auto missing = store::postgresql_missing(); !missing.empty()) GTEST_SKIP() << missing;
  store::TestDatabase database(store::Dialect::postgresql);
  const std::string count = "count everyone --database '" + database.place() + "'";
  const bool there = fs::exists("data");
  EXPECT_EQ(run(count).out, "0\n");
  EXPECT_EQ(fs::exists("data"), there);
  EXPECT_EQ(run(count + data()).out, "0\n");
  EXPECT_EQ(fs::status(folder_.path() + "/data").permissions(), fs::perms::owner_all);
  EXPECT_FALSE(fs::exists(folder_.path() + "/data/siyu.db"));
}

TEST_F(CommandLineTest, HelpIsInOneLanguage) {
  EXPECT_NE(run("import --help").out.find("Commands:"), std::string::npos);
  const std::string chinese = run("import events --help", "zh_CN.UTF-8").out;
  for (const std::string word :
       {"Usage", "Options", "OPTIONS", "Positionals", "REQUIRED", "Print"}) {
    EXPECT_EQ(chinese.find(word), std::string::npos) << chinese;
  }
}

TEST_F(CommandLineTest, AnEstimateIsGivenInsteadOfTheAnswer) {
  fill();
  const Ran english = run("count --estimate 'did visit'" + data());
  EXPECT_EQ(english.status, 0);
  EXPECT_NE(english.out.find(" of 1 persons; "), std::string::npos) << english.out;
  EXPECT_NE(english.out.find("\ndid visit: "), std::string::npos) << english.out;
  EXPECT_NE(run("count --estimate 'did visit'" + data(), "zh_CN.UTF-8").out.find("约 1 人"),
            std::string::npos);
  const auto json = boost::json::parse(run("count --estimate --json 'did visit'" + data()).out);
  EXPECT_EQ(json.at("estimate").at("persons").as_int64(), 1);
  EXPECT_TRUE(json.at("fresh").as_bool());
}

TEST_F(CommandLineTest, ADryRunDoesNotClaimToHaveImported) {
  const std::string said = run("import events --dry-run " + file_ + data()).out;
  EXPECT_NE(said.find("is a new data folder"), std::string::npos) << said;
  EXPECT_NE(said.find("1 would be imported"), std::string::npos) << said;
  EXPECT_EQ(run("count everyone" + data()).out, "0\n");
}

TEST_F(CommandLineTest, MomentsAreInTheWorkspacesZone) {
  fill();
  const std::string said = run("explain 'did visit' --customer ann" + data()).out;
  EXPECT_NE(said.find("since 2026-01-10T08:00:00.000+08:00; new facts aside it stays so"),
            std::string::npos)
      << said;
  EXPECT_EQ(said.find('{'), std::string::npos) << said;
  EXPECT_NE(run("explain 'did visit' --json --customer ann" + data())
                .out.find("2026-01-10T00:00:00.000Z"),
            std::string::npos);
  const std::string chinese =
      run("explain 'did not visit' --customer ann --at 2026-02-01" + data(), "zh_CN.UTF-8").out;
  EXPECT_NE(chinese.find("没有新的行为就不会变"), std::string::npos) << chinese;
}

TEST_F(CommandLineTest, ImportsAreSaidInChinese) {
  fill();
  const std::string imports = run("imports" + data(), "zh_CN.UTF-8").out;
  EXPECT_NE(imports.find("行为\t完成"), std::string::npos) << imports;
}

// Bulk changes of the console are batches like imports.
TEST_F(CommandLineTest, ImportsOfEveryKindAreSaid) {
  fill();
  for (const std::string kind : {"bulk", "bulk_assign", "customers"}) {
    store::open_sqlite({.folder = folder_.path() + "/data"})
        ->write("test.batch", [&](store::Unit& unit) {
          unit.execute("update import_batch set kind = $1", {kind});
        });
    const Ran ran = run("imports" + data());
    EXPECT_EQ(ran.status, 0) << ran.out;
    EXPECT_NE(ran.out.find("done"), std::string::npos) << ran.out;
  }
}

TEST_F(CommandLineTest, WhatARuleExpectedIsSaidInChinese) {
  fill();
  const std::string said = run("count 'did visit and'" + data(), "zh_CN.UTF-8").out;
  EXPECT_NE(said.find("应为：一个条件，例如 did order_paid"), std::string::npos) << said;
  EXPECT_NE(run("count 'did visit in lst 3d'" + data(), "zh_CN.UTF-8")
                .out.find("应为：last this previous"),
            std::string::npos);
}

TEST_F(CommandLineTest, NoFileIsWrittenOver) {
  fill();
  const std::string before = run("imports" + data()).out;
  for (const std::string command : {"export events ", "export customers ", "backup "}) {
    EXPECT_NE(run(command + file_ + data()).out.find("exists already"), std::string::npos);
    EXPECT_NE(run(command + folder_.path() + "/no/a.csv" + data()).out.find("there is no folder"),
              std::string::npos);
  }
  EXPECT_EQ(run("imports" + data()).out, before);
}

TEST_F(CommandLineTest, EventsOfOneCustomerGoOutAlone) {
  std::ofstream(file_) << "customer,event,time,sku,stars\n"
                          "ann,visit,2026-01-10T00:00:00Z,A-1,\n"
                          "bob,rated,2026-01-11T00:00:00Z,,5\n"
                          "ann,visit,2026-01-12T00:00:00Z,A-2,\n";
  fill();
  const std::string out = folder_.path() + "/ann.csv";
  EXPECT_NE(run("export events " + out + " --customer ann" + data()).out.find("2 rows written"),
            std::string::npos);
  std::ifstream file(out);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  // Behind the mark by which spreadsheets know UTF-8.
  EXPECT_EQ(text.substr(3),
            "customer,event,time,sku:text\r\nann,visit,2026-01-10T00:00:00.000Z,A-1\r\n"
            "ann,visit,2026-01-12T00:00:00.000Z,A-2\r\n");
  EXPECT_NE(run("export events " + folder_.path() + "/eve.csv --customer eve" + data())
                .out.find("[api.unknown_customer]"),
            std::string::npos);
}

// A birthday without a year begins like a sum: it is guarded on its way out and read back.
TEST_F(CommandLineTest, ABirthdayWithoutAYearGoesOutAndComesInAgain) {
  const std::string people = folder_.path() + "/people.csv";
  std::ofstream(people) << "customer,birthday:date\nann,--05-17\n";
  ASSERT_EQ(run("import customers " + people + data()).status, 0);
  const std::string out = folder_.path() + "/out.csv";
  ASSERT_EQ(run("export customers " + out + data()).status, 0);
  std::ifstream file(out);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  EXPECT_NE(text.find("'--05-17"), std::string::npos) << text;
  const Ran again = run("import customers " + out + data(), "zh_CN.UTF-8");
  EXPECT_NE(again.out.find("读取 1 行，导入 0，已有 1，跳过 0"), std::string::npos) << again.out;
  EXPECT_EQ(run("count 'birthday is known'" + data()).out, "1\n");
}

TEST_F(CommandLineTest, AWorkbookGoesOutAndComesInAgain) {
  fill();
  const std::string book = folder_.path() + "/people.xlsx";
  EXPECT_EQ(run("export customers " + book + data()).status, 0);
  const std::string renamed = folder_.path() + "/people.csv";
  fs::rename(book, renamed);
  const Ran ran = run("import customers " + renamed + data(), "zh_CN.UTF-8");
  EXPECT_EQ(ran.status, 0);
  EXPECT_NE(ran.out.find("读取的工作表为 Sheet1；其他工作表：0"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("读取 1 行，导入 0，已有 1，跳过 0"), std::string::npos) << ran.out;
  std::ofstream(book) << "<html><table></table></html>";
  EXPECT_NE(run("import customers " + book + data()).out.find("This is a web page"),
            std::string::npos);
}

TEST_F(CommandLineTest, AForgottenPasswordIsReplacedHere) {
  const std::string add = "user add ann --role owner" + data();
  const std::string line =
      std::string("echo a-long-enough-password | ") + SIYU_PROGRAM + " " + add + " >/dev/null";
  ASSERT_EQ(std::system(line.c_str()), 0);
  const Ran link = run("user reset ann --address https://siyu.example.com" + data());
  EXPECT_EQ(link.status, 0);
  EXPECT_NE(link.out.find("https://siyu.example.com/reset#token="), std::string::npos) << link.out;
  const Ran made = run("user reset ann --generate --json" + data());
  EXPECT_EQ(made.status, 0);
  EXPECT_EQ(boost::json::parse(made.out).at("password").as_string().size(), 23U);
  EXPECT_NE(run("user reset bob" + data(), "zh_CN.UTF-8").out.find("没有用户 bob"),
            std::string::npos);
}

TEST_F(CommandLineTest, KeysAreMadeListedAndRevoked) {
  const Ran made = run("key create shop --scope events.write --scope customers.read" + data());
  EXPECT_EQ(made.status, 0);
  const std::size_t at = made.out.find(": siyu_");
  ASSERT_NE(at, std::string::npos) << made.out;
  const Ran listed = run("key list" + data());
  EXPECT_NE(listed.out.find("\tshop\t" + made.out.substr(at + 2, 13) +
                            "\tin force\tevents.write customers.read\n"),
            std::string::npos)
      << listed.out;
  EXPECT_EQ(listed.out.find(made.out.substr(at + 2, 57)), std::string::npos);
  EXPECT_EQ(run("key revoke " + listed.out.substr(0, listed.out.find('\t')) + data()).status, 0);
  EXPECT_NE(run("key list" + data(), "zh_CN.UTF-8").out.find("\t已吊销\t"), std::string::npos);
  EXPECT_EQ(run("key create none --scope events.eat" + data()).status, 1);
  EXPECT_EQ(run("key revoke 7" + data()).status, 1);
}

TEST_F(CommandLineTest, AnAddressThatCannotBeServedIsNamed) {
  const std::string command = "serve --listen 192.0.2.1:80" + data();
  EXPECT_NE(run(command).out.find("192.0.2.1:80 is no address of this machine"), std::string::npos);
  EXPECT_NE(run(command, "zh_CN.UTF-8").out.find("192.0.2.1:80 不是本机的地址"), std::string::npos);
}

TEST_F(CommandLineTest, AnOlderDatabaseIsBackedUpBeforeItIsBroughtForward) {
  fill();
  store::open_sqlite({.folder = folder_.path() + "/data"})->write("test", [](store::Unit& unit) {
    unit.execute(
        "delete from store_migration where number = (select max(number) from store_migration)", {});
  });
  EXPECT_NE(run("count everyone" + data()).out.find("older than this program"), std::string::npos);
  const Ran ran = run("backup " + folder_.path() + "/copy.db" + data());
  EXPECT_EQ(ran.status, 0) << ran.out;
  EXPECT_GT(fs::file_size(folder_.path() + "/copy.db"), 4096u);
}

TEST_F(CommandLineTest, AMigrationNamesAMissingFolder) {
  EXPECT_EQ(run("migrate" + data()).status, 1);
  EXPECT_FALSE(fs::exists(folder_.path() + "/data"));
}

TEST_F(CommandLineTest, AnUnknownNameIsASentenceAndTheNearest) {
  fill();
  const Ran ran = run("count 'did visti'" + data());
  EXPECT_EQ(ran.status, 0);
  EXPECT_NE(ran.out.find("There is no event of this name: visti (did you mean visit?)"),
            std::string::npos)
      << ran.out;
  EXPECT_NE(ran.out.find("did you mean visit?"), std::string::npos) << ran.out;
  EXPECT_NE(run("count 'did visti'" + data(), "zh_CN.UTF-8").out.find("没有这个行为"),
            std::string::npos);
}

TEST_F(CommandLineTest, ACheckSpeaksBothLanguagesAndToProgramsInCodes) {
  fill();
  EXPECT_NE(run("check" + data()).out.find("ok: identities belong to customers (1)"),
            std::string::npos);
  const Ran chinese = run("check" + data(), "zh_CN.UTF-8");
  EXPECT_EQ(chinese.status, 0);
  EXPECT_NE(chinese.out.find("正确：每个身份都属于一位客户（1）"), std::string::npos)
      << chinese.out;
  EXPECT_EQ(chinese.out.find("belong"), std::string::npos) << chinese.out;
  for (const char* language : {"C", "zh_CN.UTF-8"}) {
    const auto answer = boost::json::parse(run("check --json" + data(), language).out);
    EXPECT_EQ(answer.at("proved").as_array().front().at("what").as_string(),
              "check.events_have_customers");
  }
}

TEST_F(CommandLineTest, WhatIsMadeFromEventsIsMadeAnew) {
  std::ofstream(file_) << "customer,event,time,order_id,amount,staff\n"
                          "ann,order_paid,2026-01-10,T-1,12.50,\n"
                          "ann,order_refunded,2026-01-11,T-1,2.50,\n"
                          "ann,friend_added,2026-01-12,,,lin\n";
  fill();
  EXPECT_EQ(run("check" + data()).status, 0);
  store::open_sqlite({.folder = folder_.path() + "/data"})->write("test", [](store::Unit& unit) {
    unit.execute("update orders set paid = paid + 1", {});
    unit.execute("delete from friendship", {});
  });
  const Ran wrong = run("check" + data());
  EXPECT_EQ(wrong.status, 1);
  EXPECT_NE(wrong.out.find("wrong: orders and their sums are what the log says: order T-1"),
            std::string::npos)
      << wrong.out;
  EXPECT_NE(wrong.out.find("wrong: friendships with staff are what the log says: c_"),
            std::string::npos)
      << wrong.out;
  EXPECT_EQ(run("rebuild orders" + data()).out, "orders are made anew from 2 events\n");
  EXPECT_EQ(run("rebuild friendships --json" + data()).out, "{\"events\":1}\n");
  EXPECT_EQ(run("check" + data()).status, 0);
  EXPECT_EQ(run("rebuild" + data()).status, 2);
  EXPECT_EQ(run("rebuild orders --data no").status, 1);
}

TEST_F(CommandLineTest, WhatWasSetAsideIsTriedAgain) {
  fill();
  store::open_sqlite({.folder = folder_.path() + "/data"})->write("test", [](store::Unit& unit) {
    unit.execute("insert into timer values ('ledger', 17, 1, 5, 'store.constraint')", {});
  });
  const Ran wrong = run("check" + data());
  EXPECT_EQ(wrong.status, 1);
  EXPECT_NE(wrong.out.find("(siyu retry timers tries them again): ledger 17 store.constraint"),
            std::string::npos)
      << wrong.out;
  EXPECT_EQ(run("retry timers" + data()).out, "1 timers are tried again\n");
  EXPECT_EQ(run("retry timers --json" + data()).out, "{\"timers\":0}\n");
  EXPECT_EQ(run("check" + data()).status, 0);
  EXPECT_EQ(run("retry" + data()).status, 2);
}

TEST_F(CommandLineTest, ARestoreThatCannotBeIsSaidInBothLanguages) {
  const std::string command = "restore " + file_ + data();
  EXPECT_NE(run(command).out.find("no backup of siyu"), std::string::npos);
  EXPECT_NE(run(command, "zh_CN.UTF-8").out.find("不是 siyu 的备份"), std::string::npos);
  EXPECT_EQ(boost::json::parse(run(command + " --json").out).at("code").as_string(),
            "operate.not_a_backup");
}

}  // namespace
}  // namespace cli
