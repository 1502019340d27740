// Networks as a person writes them: "10.2.0.0/16, 127.0.0.1, fd00::/8". Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace net {

// Addresses and networks, separated by commas; an address is a network of its own.
class Networks {
 public:
  // Nothing: some part is no address and no network. Empty parts are left out.
  static std::optional<Networks> parse(std::string_view text);

  // 4 bytes of IPv4 or 16 of IPv6, in network order. An IPv4 network does not hold the IPv6
  // addresses that carry its own.
  bool contains(std::span<const std::uint8_t> address) const;

 private:
  struct Network {
    std::array<std::uint8_t, 16> bytes = {};
    std::size_t size = 0;  // 4 or 16
    std::size_t bits = 0;
  };
  static std::optional<Network> network_in(std::string_view text);

  std::vector<Network> networks_;
};

}  // namespace net
