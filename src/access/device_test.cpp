#include "access/device.h"

#include <gtest/gtest.h>

namespace rights {
namespace {

TEST(Device, IsToldFromWhatBrowsersSay) {
  EXPECT_EQ(device_of("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
                      "Gecko) Chrome/125.0.0.0 Safari/537.36 Edg/125.0.0.0"),
            "Edge · Windows");
  EXPECT_EQ(device_of("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 "
                      "(KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.49"),
            "WeChat · iPhone");
  EXPECT_EQ(
      device_of("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, "
                "like Gecko) Version/17.4 Safari/605.1.15"),
      "Safari · macOS");
  EXPECT_EQ(device_of("Opera on Linux"), "Linux");
}

TEST(Device, IsShortAndPrintableWhateverIsSent) {
  EXPECT_EQ(device_of(""), "");
  EXPECT_EQ(device_of("curl/7.88.1"), "curl/7.88.1");
  EXPECT_EQ(device_of("a\x1b[31mb\r\n\xe6\x9d\x8e"), "a[31mb");
  EXPECT_EQ(device_of(std::string(5000, 'x')), std::string(kDeviceCharactersMax, 'x'));
}

}  // namespace
}  // namespace rights
