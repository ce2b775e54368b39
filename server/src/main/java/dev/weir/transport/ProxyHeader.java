package dev.weir.transport;

import dev.weir.config.ProxyHeaderConfig;
import dev.weir.config.StateValue.Tlv;
import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HexFormat;

/// Writes PROXY headers as one cluster wants them (version 1 and 2 of "The PROXY protocol" by
/// HAProxy). Immutable; any worker.
final class ProxyHeader {
  /// Most headers are no longer, in bytes.
  static final int USUAL_LENGTH = 128;

  private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
  private static final int MAX_LENGTH = 0xffff;
  private static final int V2_LOCAL = 0x20;
  private static final int V2_PROXY = 0x21;
  private static final int TCP4 = 0x11;
  private static final int TCP6 = 0x21;

  private final ProxyHeaderConfig config;

  ProxyHeader(ProxyHeaderConfig config) {
    this.config = config;
  }

  /// Tells of a client.
  ///
  /// @return whether there was room for all fields
  boolean encode(Introduction client, ByteBuf out) {
    if (client.source() instanceof InetSocketAddress source
        && client.destination() instanceof InetSocketAddress destination) {
      if (!config.binary()) {
        line(source, destination, out);
        return true;
      }
      return binary(source, destination, client, out);
    }
    ourselves(out); // a client on a Unix socket has no address to tell
    return true;
  }

  /// Tells that the connection is ours, and for no client.
  ///
  /// @return whether there was room, which there is
  boolean encodeOurselves(SocketAddress local, SocketAddress remote, ByteBuf out) {
    if (!config.binary()
        && local instanceof InetSocketAddress source
        && remote instanceof InetSocketAddress destination) {
      line(source, destination, out);
    } else {
      ourselves(out);
    }
    return true;
  }

  private void ourselves(ByteBuf out) {
    if (config.binary()) {
      out.writeBytes(SIGNATURE).writeByte(V2_LOCAL).writeByte(0).writeShort(0);
    } else {
      ascii("PROXY UNKNOWN\r\n", out);
    }
  }

  private static void line(InetSocketAddress source, InetSocketAddress destination, ByteBuf out) {
    boolean ipv4 = isIpv4(source) && isIpv4(destination);
    ascii(
        "PROXY %s %s %s %d %d\r\n"
            .formatted(
                ipv4 ? "TCP4" : "TCP6",
                NetUtil.toAddressString(source.getAddress()),
                NetUtil.toAddressString(destination.getAddress()),
                source.getPort(),
                destination.getPort()),
        out);
  }

  private static boolean isIpv4(InetSocketAddress address) {
    return address.getAddress() instanceof Inet4Address;
  }

  private static void ascii(String text, ByteBuf out) {
    out.writeCharSequence(text, StandardCharsets.US_ASCII);
  }

  private boolean binary(
      InetSocketAddress source, InetSocketAddress destination, Introduction client, ByteBuf out) {
    boolean ipv4 = isIpv4(source) && isIpv4(destination);
    out.writeBytes(SIGNATURE).writeByte(V2_PROXY).writeByte(ipv4 ? TCP4 : TCP6);
    int lengthAt = out.writerIndex();
    out.writeShort(0);
    out.writeBytes(bytes(source, ipv4)).writeBytes(bytes(destination, ipv4));
    out.writeShort(source.getPort()).writeShort(destination.getPort());
    boolean fits = tlvs(client, out);
    int length = out.writerIndex() - lengthAt - Short.BYTES;
    out.setShort(lengthAt, length);
    return fits && length <= MAX_LENGTH;
  }

  private static byte[] bytes(InetSocketAddress address, boolean ipv4) {
    var bytes = address.getAddress().getAddress();
    return ipv4 || bytes.length == 16 ? bytes : mapped(bytes);
  }

  /// An IPv4 address among IPv6 ones (RFC 4291, section 2.5.5.2).
  private static byte[] mapped(byte[] ipv4) {
    var bytes = new byte[16];
    bytes[10] = (byte) 0xff;
    bytes[11] = (byte) 0xff;
    System.arraycopy(ipv4, 0, bytes, 12, ipv4.length);
    return bytes;
  }

  /// The configured fields first; of the client's, those that are passed on and whose type is not
  /// among them.
  private boolean tlvs(Introduction client, ByteBuf out) {
    var written = new BitSet();
    boolean fits = true;
    for (var tlv : config.added()) {
      written.set(tlv.type());
      fits &= tlv(tlv, out);
    }
    for (var tlv : client.tlvs()) {
      boolean passed = config.passesAll() || config.passed().contains(tlv.type());
      if (passed && !written.get(tlv.type())) {
        fits &= tlv(tlv, out);
      }
    }
    return fits;
  }

  private static boolean tlv(Tlv tlv, ByteBuf out) {
    var value = HexFormat.of().parseHex(tlv.hex());
    out.writeByte(tlv.type()).writeShort(value.length).writeBytes(value);
    return value.length <= MAX_LENGTH;
  }
}
