#include "access/secret_seal.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "store/test_folder.h"

namespace rights {
namespace {

namespace fs = std::filesystem;

class SecretSealTest : public ::testing::Test {
 protected:
  std::string path() const { return folder_.path() + "/" + std::string(kSecretKeyFile); }
  std::string closed(const std::string& text) {
    const auto sealed = SecretSeal(path(), random_).close({text, "user 1"});
    EXPECT_TRUE(sealed.has_value());
    return sealed.value_or("");
  }

  base::SystemRandom random_;
  store::TemporaryFolder folder_;
};

TEST_F(SecretSealTest, OpensWhatItClosedForTheSameOwnerOnly) {
  const std::string sealed = closed("a secret");
  SecretSeal seal(path(), random_);
  EXPECT_EQ(seal.open({sealed, "user 1"}), "a secret");
  EXPECT_EQ(seal.open({sealed, "user 2"}), std::nullopt);
  EXPECT_EQ(seal.open({"", "user 1"}), std::nullopt);
  EXPECT_EQ(seal.open({"zz", "user 1"}), std::nullopt);
  std::string bent = sealed;
  bent[30] = bent[30] == '0' ? '1' : '0';
  EXPECT_EQ(seal.open({bent, "user 1"}), std::nullopt);
  EXPECT_NE(closed("a secret"), sealed);
  EXPECT_EQ(sealed.find("secret"), std::string::npos);
}

TEST_F(SecretSealTest, TheKeyIsAFileForItsOwnerAlone) {
  const std::string sealed = closed("a secret");
  EXPECT_EQ(fs::status(path()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), {}), 1);
  fs::permissions(path(), fs::perms::group_read, fs::perm_options::add);
  EXPECT_EQ(SecretSeal(path(), random_).open({sealed, "user 1"}), std::nullopt);
  EXPECT_EQ(SecretSeal(path(), random_).close({"x", "user 1"}), std::nullopt);
}

TEST_F(SecretSealTest, WithoutItsKeyNothingIsReadAndTheFileIsNotReplaced) {
  const std::string sealed = closed("a secret");
  EXPECT_EQ(SecretSeal("", random_).open({sealed, "user 1"}), std::nullopt);
  EXPECT_EQ(SecretSeal("", random_).close({"x", "user 1"}), std::nullopt);
  EXPECT_EQ(SecretSeal(folder_.path() + "/no/key", random_).close({"x", "user 1"}), std::nullopt);
  std::ofstream(path()) << "no key at all";
  EXPECT_EQ(SecretSeal(path(), random_).close({"x", "user 1"}), std::nullopt);
  fs::remove(path());
  EXPECT_NE(closed("another"), "");
  EXPECT_EQ(SecretSeal(path(), random_).open({sealed, "user 1"}), std::nullopt);
}

}  // namespace
}  // namespace rights
