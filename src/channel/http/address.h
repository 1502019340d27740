// Which addresses belong to one's own machine or networks: no template may reach them, unless they
// are allowed by name. It is asked of the address that is really connected to, after names were
// resolved. Pure.
#pragma once

#include <cstdint>
#include <span>

#include "net/networks.h"

namespace channel {

// 4 bytes of IPv4 or 16 of IPv6, in network order (CHECK). Everything that is not for the public
// internet is internal: private, loopback, link-local, shared, documentation, multicast, reserved;
// IPv6 that carries an IPv4 address is what that is.
bool is_internal(std::span<const std::uint8_t> address);

// Those that may be reached although they are internal: the setting reachable_networks.
using AllowedNetworks = net::Networks;

}  // namespace channel
