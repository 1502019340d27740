#include "access/device.h"

#include <array>
#include <span>

namespace rights {
namespace {

struct Sign {
  std::string_view sign;
  std::string_view name;
};

// The first that is found counts: most browsers name the ones they want to be taken for, too.
constexpr std::array<Sign, 11> kBrowsers = {{{"wxwork/", "WeCom"},
                                             {"MicroMessenger/", "WeChat"},
                                             {"DingTalk/", "DingTalk"},
                                             {"Edg/", "Edge"},
                                             {"EdgA/", "Edge"},
                                             {"OPR/", "Opera"},
                                             {"Firefox/", "Firefox"},
                                             {"FxiOS/", "Firefox"},
                                             {"CriOS/", "Chrome"},
                                             {"Chrome/", "Chrome"},
                                             {"Safari/", "Safari"}}};
constexpr std::array<Sign, 8> kSystems = {{{"HarmonyOS", "HarmonyOS"},
                                           {"OpenHarmony", "HarmonyOS"},
                                           {"iPhone", "iPhone"},
                                           {"iPad", "iPad"},
                                           {"Android", "Android"},
                                           {"Windows", "Windows"},
                                           {"Macintosh", "macOS"},
                                           {"Linux", "Linux"}}};

std::string_view first_of(std::span<const Sign> signs, std::string_view text) {
  for (const Sign& each : signs) {
    if (text.find(each.sign) != std::string_view::npos) return each.name;
  }
  return {};
}

}  // namespace

std::string device_of(std::string_view user_agent) {
  const std::string_view browser = first_of(kBrowsers, user_agent);
  const std::string_view system = first_of(kSystems, user_agent);
  if (!browser.empty() && !system.empty()) {
    return std::string(browser) + " · " + std::string(system);
  }
  if (!browser.empty() || !system.empty()) return std::string(browser.empty() ? system : browser);
  std::string text;
  for (const char c : user_agent) {
    if (text.size() == kDeviceCharactersMax) break;
    if (c >= ' ' && c <= '~') text += c;
  }
  return text;
}

}  // namespace rights
