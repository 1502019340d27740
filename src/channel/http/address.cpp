#include "channel/http/address.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace channel {
namespace {

// The first `bits` of `bytes`.
template <std::size_t kBytes>
struct Network {
  std::array<std::uint8_t, kBytes> bytes;
  int bits;
};

// IANA's special-purpose registries (RFC 6890 and what came since), and multicast.
constexpr std::array<Network<4>, 16> kNetworks4 = {{
    {{0, 0, 0, 0}, 8},
    {{10, 0, 0, 0}, 8},
    {{100, 64, 0, 0}, 10},
    {{127, 0, 0, 0}, 8},
    {{169, 254, 0, 0}, 16},
    {{172, 16, 0, 0}, 12},
    {{192, 0, 0, 0}, 24},
    {{192, 0, 2, 0}, 24},
    {{192, 31, 196, 0}, 24},
    {{192, 88, 99, 0}, 24},
    {{192, 168, 0, 0}, 16},
    {{198, 18, 0, 0}, 15},
    {{198, 51, 100, 0}, 24},
    {{203, 0, 113, 0}, 24},
    {{224, 0, 0, 0}, 4},
    {{240, 0, 0, 0}, 4},
}};
// Of IPv6 only 2000::/3 is handed out at all; within it these are not for the public.
constexpr Network<16> kPublic6 = {{0x20}, 3};
constexpr std::array<Network<16>, 3> kNetworks6 = {{
    {{0x20, 0x01, 0x00}, 23},        // protocols of their own, Teredo among them
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    {{0x3f, 0xff, 0x00}, 20},        // documentation
}};
// Where the IPv4 address stands in an IPv6 one that carries it.
struct Carrier {
  Network<16> network;
  std::size_t at;
};
constexpr std::array<Carrier, 3> kCarriers = {{
    {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96}, 12},  // mapped
    {{{0x00, 0x64, 0xff, 0x9b}, 96}, 12},                    // translated
    {{{0x20, 0x02}, 16}, 2},                                 // 6to4
}};

template <std::size_t kBytes>
bool is_in(std::span<const std::uint8_t> address, const Network<kBytes>& network) {
  for (int bit = 0; bit < network.bits; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    const int mask = 0x80 >> (bit % 8);
    if ((address[byte] & mask) != (network.bytes[byte] & mask)) return false;
  }
  return true;
}

}  // namespace

bool is_internal(std::span<const std::uint8_t> address) {
  if (address.size() == 4) {
    return std::ranges::any_of(
        kNetworks4, [address](const Network<4>& network) { return is_in(address, network); });
  }
  CHECK(address.size() == 16);
  for (const Carrier& carrier : kCarriers) {
    if (is_in(address, carrier.network)) return is_internal(address.subspan(carrier.at, 4));
  }
  return !is_in(address, kPublic6) ||
         std::ranges::any_of(
             kNetworks6, [address](const Network<16>& network) { return is_in(address, network); });
}

}  // namespace channel
