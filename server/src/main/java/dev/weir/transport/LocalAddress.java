package dev.weir.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/// The address by which this machine tells of itself (`--local-address-ip-version`). Any thread.
public enum LocalAddress {
  IPV4("127.0.0.1"),
  IPV6("::1");

  private final String loopback;

  LocalAddress(String loopback) {
    this.loopback = loopback;
  }

  /// The first address of this version that others could reach, as the machine has it now; the
  /// loopback address where it has none.
  public InetAddress find() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(this::fits)
          .findFirst()
          .orElseGet(this::loopback);
    } catch (SocketException _) {
      return loopback();
    }
  }

  private boolean fits(InetAddress address) {
    return (address instanceof Inet6Address) == (this == IPV6)
        && !address.isLoopbackAddress()
        && !address.isLinkLocalAddress();
  }

  private InetAddress loopback() {
    return InetAddress.ofLiteral(loopback);
  }
}
