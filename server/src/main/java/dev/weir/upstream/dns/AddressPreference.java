package dev.weir.upstream.dns;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// In which order the addresses of a name are best tried (RFC 6724, section 6): those that this
/// machine has a route to come first, then those of higher precedence. Addresses of one version
/// stay in the name server's order, which may have a meaning.
final class AddressPreference {
  private static final int LOOPBACK = 50;
  private static final int IPV6 = 40;
  private static final int IPV4 = 35;
  private static final int SIX_TO_FOUR = 30;
  private static final int TEREDO = 5;
  private static final int UNIQUE_LOCAL = 3;
  private static final int OUTDATED = 1;

  private AddressPreference() {}

  /// The same addresses, sorted.
  static List<InetAddress> sort(List<InetAddress> addresses) {
    if (addresses.stream().map(it -> it.getAddress().length).distinct().count() < 2) {
      return addresses;
    }
    Map<InetAddress, Boolean> reachable =
        addresses.stream()
            .distinct()
            .collect(Collectors.toMap(it -> it, AddressPreference::isReachable));
    var sorted = new ArrayList<>(addresses);
    sorted.sort(
        Comparator.<InetAddress, Boolean>comparing(it -> !reachable.getOrDefault(it, false))
            .thenComparingInt(it -> -precedence(it)));
    return List.copyOf(sorted);
  }

  /// Connecting a UDP socket sends nothing: it only looks for a route.
  private static boolean isReachable(InetAddress address) {
    try (var socket = DatagramChannel.open()) {
      socket.connect(new InetSocketAddress(address, 65_535));
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /// The precedence of the "default policy table".
  static int precedence(InetAddress address) {
    if (address instanceof Inet4Address) {
      return IPV4;
    }
    if (address.isLoopbackAddress()) {
      return LOOPBACK;
    }
    var bytes = address.getAddress();
    int first = ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
    if ((first & 0xfe00) == 0xfc00) {
      return UNIQUE_LOCAL;
    }
    if (first == 0x2002) {
      return SIX_TO_FOUR;
    }
    if (first == 0x2001 && bytes[2] == 0 && bytes[3] == 0) {
      return TEREDO;
    }
    return (first & 0xffc0) == 0xfec0 || first == 0x3ffe ? OUTDATED : IPV6;
  }
}
