package dev.weir.config;

import java.net.InetAddress;

/// An address range, with the bits behind the prefix cleared (`config.core.v3.CidrRange`).
///
/// @param prefixLength 0–32 for IPv4, 0–128 for IPv6
public record CidrRange(InetAddress network, int prefixLength) {

  /// Whether the address lies in this range. IPv4 and IPv6 never match each other.
  public boolean contains(InetAddress address) {
    byte[] mine = network.getAddress();
    byte[] theirs = address.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    int whole = prefixLength / 8;
    for (int i = 0; i < whole; i++) {
      if (mine[i] != theirs[i]) {
        return false;
      }
    }
    int rest = prefixLength % 8;
    return rest == 0 || ((mine[whole] ^ theirs[whole]) & 0xff) >>> (8 - rest) == 0;
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + prefixLength;
  }
}
