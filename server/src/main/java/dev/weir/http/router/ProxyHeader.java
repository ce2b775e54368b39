package dev.weir.http.router;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// The PROXY header that goes before a connection's bytes. Source: HAProxy's specification,
/// versions 1 and 2.
final class ProxyHeader {
  private static final byte[] SIGNATURE = {
    0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
  };

  private ProxyHeader() {}

  /// @param version 1 or 2
  /// @param source who the client is
  /// @param destination whom it has connected to
  static ByteBuf of(
      int version, ByteBufAllocator alloc, SocketAddress source, SocketAddress destination) {
    var out = alloc.buffer(64);
    if (!(source instanceof InetSocketAddress from)
        || !(destination instanceof InetSocketAddress to)
        || from.getAddress().getAddress().length != to.getAddress().getAddress().length) {
      return unknown(version, out);
    }
    return version == 1 ? text(out, from, to) : binary(out, from, to);
  }

  private static ByteBuf unknown(int version, ByteBuf out) {
    if (version == 1) {
      ByteBufUtil.writeAscii(out, "PROXY UNKNOWN\r\n");
      return out;
    }
    return out.writeBytes(SIGNATURE).writeByte(0x20).writeByte(0).writeShort(0);
  }

  private static ByteBuf text(ByteBuf out, InetSocketAddress from, InetSocketAddress to) {
    var family = from.getAddress() instanceof Inet4Address ? "TCP4" : "TCP6";
    ByteBufUtil.writeAscii(
        out,
        "PROXY %s %s %s %d %d\r\n"
            .formatted(
                family,
                NetUtil.toAddressString(from.getAddress()),
                NetUtil.toAddressString(to.getAddress()),
                from.getPort(),
                to.getPort()));
    return out;
  }

  private static ByteBuf binary(ByteBuf out, InetSocketAddress from, InetSocketAddress to) {
    byte[] source = from.getAddress().getAddress();
    out.writeBytes(SIGNATURE)
        .writeByte(0x21)
        .writeByte(source.length == 4 ? 0x11 : 0x21)
        .writeShort(2 * source.length + 4);
    return out.writeBytes(source)
        .writeBytes(to.getAddress().getAddress())
        .writeShort(from.getPort())
        .writeShort(to.getPort());
  }
}
