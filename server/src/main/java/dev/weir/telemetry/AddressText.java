package dev.weir.telemetry;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// Addresses as Envoy writes them.
final class AddressText {
  private AddressText() {}

  /// `127.0.0.1:80`, `[::1]:80`, `/path`.
  static void full(SocketAddress address, LogLine line) {
    switch (address) {
      case InetSocketAddress inet -> {
        boolean brackets = isV6(inet);
        if (brackets) {
          line.ascii('[');
        }
        withoutPort(inet, line);
        if (brackets) {
          line.ascii(']');
        }
        line.ascii(':').number(inet.getPort());
      }
      case DomainSocketAddress local -> line.text(local.path());
      default -> line.text(address.toString());
    }
  }

  /// As [#full], by itself.
  static String of(SocketAddress address) {
    var line = new LogLine();
    full(address, line);
    return line.toString();
  }

  /// `127.0.0.1`, `::1`, `/path`.
  static void withoutPort(SocketAddress address, LogLine line) {
    switch (address) {
      case InetSocketAddress inet when inet.isUnresolved() -> line.text(inet.getHostString());
      case InetSocketAddress inet -> ip(inet.getAddress(), line);
      default -> full(address, line);
    }
  }

  /// A network: `10.0.0.0/8`.
  static void masked(SocketAddress address, int prefix, LogLine line) {
    if (!(address instanceof InetSocketAddress inet) || inet.isUnresolved()) {
      withoutPort(address, line);
      return;
    }
    byte[] bytes = inet.getAddress().getAddress();
    int kept = Math.min(prefix, bytes.length * 8);
    for (int i = 0; i < bytes.length; i++) {
      int bits = Math.clamp(kept - i * 8L, 0, 8);
      bytes[i] = (byte) (bytes[i] & (0xff00 >> bits));
    }
    raw(bytes, line);
    line.ascii('/').number(kept);
  }

  private static boolean isV6(InetSocketAddress inet) {
    return !inet.isUnresolved() && inet.getAddress().getAddress().length == 16;
  }

  private static void ip(InetAddress address, LogLine line) {
    raw(address.getAddress(), line);
  }

  private static void raw(byte[] bytes, LogLine line) {
    if (bytes.length == 16) {
      line.text(NetUtil.bytesToIpAddress(bytes));
      return;
    }
    for (int i = 0; i < bytes.length; i++) {
      if (i > 0) {
        line.ascii('.');
      }
      line.number(bytes[i] & 0xff);
    }
  }
}
