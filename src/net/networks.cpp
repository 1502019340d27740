#include "net/networks.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace net {

std::optional<Networks::Network> Networks::network_in(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string address(text.substr(0, slash));
  Network network;
  if (inet_pton(AF_INET, address.c_str(), network.bytes.data()) == 1) {
    network.size = 4;
  } else if (inet_pton(AF_INET6, address.c_str(), network.bytes.data()) == 1) {
    network.size = 16;
  } else {
    return std::nullopt;
  }
  network.bits = network.size * 8;
  if (slash == std::string_view::npos) return network;
  const std::string_view written = text.substr(slash + 1);
  std::size_t bits = 0;
  const auto [end, failure] =
      std::from_chars(written.data(), written.data() + written.size(), bits);
  const bool is_whole = failure == std::errc{} && end == written.data() + written.size();
  if (!is_whole || bits > network.bits) return std::nullopt;
  network.bits = bits;
  return network;
}

std::optional<Networks> Networks::parse(std::string_view text) {
  Networks allowed;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view part = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (part.empty()) continue;
    const auto network = network_in(part);
    if (!network) return std::nullopt;
    allowed.networks_.push_back(*network);
  }
  return allowed;
}

bool Networks::contains(std::span<const std::uint8_t> address) const {
  return std::ranges::any_of(networks_, [address](const Network& network) {
    if (network.size != address.size()) return false;
    for (std::size_t bit = 0; bit < network.bits; ++bit) {
      const auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
      if ((address[bit / 8] & mask) != (network.bytes[bit / 8] & mask)) return false;
    }
    return true;
  });
}

}  // namespace net
