package dev.weir.listener.inspect;

import dev.weir.config.IpLiteral;
import dev.weir.config.ProxyProtocolConfig.Version;
import dev.weir.config.StateValue.Tlv;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the first bytes of a connection are, seen as a PROXY header. Source: HAProxy's
/// `proxy-protocol.txt`, sections 2.1 and 2.2.
sealed interface ProxyHeader {

  /// It may become one.
  record Incomplete() implements ProxyHeader {}

  /// It is none.
  record Absent() implements ProxyHeader {}

  /// It begins like one, and goes on otherwise.
  record Malformed(Version version) implements ProxyHeader {}

  /// It is one.
  ///
  /// @param addresses null if the sender speaks for itself (`UNKNOWN`, `LOCAL`)
  /// @param length of the whole header in bytes
  record Complete(Version version, @Nullable Addresses addresses, List<Tlv> tlvs, int length)
      implements ProxyHeader {}

  /// Who speaks to whom.
  record Addresses(InetSocketAddress source, InetSocketAddress destination) {
    /// Whether both can be ends of a TCP connection.
    boolean areUnicast() {
      return isUnicast(source.getAddress()) && isUnicast(destination.getAddress());
    }

    private static boolean isUnicast(InetAddress ip) {
      boolean broadcast = ip instanceof Inet4Address && ip.hashCode() == -1;
      return !ip.isAnyLocalAddress() && !ip.isMulticastAddress() && !broadcast;
    }
  }

  /// Whether the bytes so far are long enough to know that this is the second version.
  static boolean isV2(ByteBuf bytes) {
    return bytes.readableBytes() >= Parser.V2_FIXED && mayBegin(bytes, Version.V2);
  }

  /// Whether the bytes so far are those with which a header of that version begins.
  static boolean mayBegin(ByteBuf bytes, Version version) {
    byte[] start = version == Version.V1 ? Parser.V1_START : Parser.V2_START;
    return Parser.startsWith(bytes, start, Math.min(start.length, bytes.readableBytes()));
  }

  /// Looks at all bytes so far, without moving the buffer's indexes.
  static ProxyHeader parse(ByteBuf bytes) {
    return new Parser(bytes.duplicate()).parse();
  }

  /// Reads one header.
  final class Parser {
    private static final byte[] V1_START = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] V2_START =
        "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII);
    private static final int V1_MAX = 108;
    private static final int V1_SEARCHED = 232;
    private static final int V2_FIXED = 16;
    private static final int V2_LOCAL = 0x20;
    private static final int V2_PROXY = 0x21;
    private static final int MAX_PORT = 65_535;

    private final ByteBuf bytes;

    private Parser(ByteBuf bytes) {
      this.bytes = bytes;
    }

    private static boolean startsWith(ByteBuf bytes, byte[] start, int length) {
      int from = bytes.readerIndex();
      for (int i = 0; i < length; i++) {
        if (bytes.getByte(from + i) != start[i]) {
          return false;
        }
      }
      return true;
    }

    private ProxyHeader parse() {
      if (bytes.readableBytes() >= V2_FIXED) {
        if (startsWith(bytes, V2_START, V2_START.length)) {
          return binary();
        }
        if (!startsWith(bytes, V1_START, V1_START.length)) {
          return new Absent();
        }
      }
      return text();
    }

    private ProxyHeader text() {
      int end = lineEnd();
      if (end < 0) {
        return bytes.readableBytes() >= V1_MAX ? new Absent() : new Incomplete();
      }
      if (end >= V1_MAX) {
        return new Malformed(Version.V1);
      }
      var line = bytes.toString(bytes.readerIndex(), end - 1, StandardCharsets.ISO_8859_1);
      var addresses = words(line.stripTrailing().split(" ", -1));
      return addresses == null ? new Malformed(Version.V1) : addresses.length(end + 1);
    }

    /// Where the line's `\n` is, seen from the first byte; -1 if there is none. The second version
    /// begins with an empty line.
    private int lineEnd() {
      int from = bytes.readerIndex();
      int most = Math.min(bytes.readableBytes(), V1_SEARCHED);
      if (most > 1 && bytes.getByte(from) == '\r' && bytes.getByte(from + 1) == '\n') {
        return -1;
      }
      for (int i = 1; i < most; i++) {
        if (bytes.getByte(from + i) == '\n' && bytes.getByte(from + i - 1) == '\r') {
          return i;
        }
      }
      return -1;
    }

    /// What a line says, before its length is known.
    private record Line(@Nullable Addresses addresses) {
      Complete length(int length) {
        return new Complete(Version.V1, addresses, List.of(), length);
      }
    }

    private static @Nullable Line words(String[] words) {
      if (words.length < 2 || !words[0].equals("PROXY")) {
        return null;
      }
      if (words[1].equals("UNKNOWN")) {
        return new Line(null);
      }
      boolean ipv6 = words[1].equals("TCP6");
      if (words.length != 6 || !(ipv6 || words[1].equals("TCP4"))) {
        return null;
      }
      var source = address(words[2], words[4], ipv6);
      var destination = address(words[3], words[5], ipv6);
      if (source == null || destination == null) {
        return null;
      }
      var addresses = new Addresses(source, destination);
      return addresses.areUnicast() ? new Line(addresses) : null;
    }

    private static @Nullable InetSocketAddress address(String host, String port, boolean ipv6) {
      int number = port(port);
      if (number < 0 || (host.indexOf(':') >= 0) != ipv6 || IpLiteral.parse(host) == null) {
        return null;
      }
      byte[] ip = NetUtil.createByteArrayFromIpAddressString(host);
      return ip == null ? null : socketAddress(ip, number);
    }

    /// -1 if it is none.
    private static int port(String text) {
      var digits = text.startsWith("+") ? text.substring(1) : text;
      if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return -1;
      }
      try {
        int port = Integer.parseInt(digits);
        return port <= MAX_PORT ? port : -1;
      } catch (NumberFormatException _) {
        return -1;
      }
    }

    /// An IPv4-mapped address stays the IPv6 address that was sent.
    private static InetSocketAddress socketAddress(byte[] ip, int port) {
      try {
        var address =
            ip.length == 4 ? InetAddress.getByAddress(ip) : Inet6Address.getByAddress(null, ip, -1);
        return new InetSocketAddress(address, port);
      } catch (UnknownHostException e) {
        throw new IllegalStateException(e);
      }
    }

    private ProxyHeader binary() {
      int from = bytes.readerIndex();
      int command = bytes.getUnsignedByte(from + 12);
      int family = bytes.getUnsignedByte(from + 13);
      int length = bytes.getUnsignedShort(from + 14);
      int addressLength = command == V2_LOCAL ? 0 : command == V2_PROXY ? lengthOf(family) : -1;
      if (addressLength < 0 || length < addressLength) {
        return new Malformed(Version.V2);
      }
      if (bytes.readableBytes() < V2_FIXED + length) {
        return new Incomplete();
      }
      int whole = V2_FIXED + length;
      if (command == V2_LOCAL) {
        return new Complete(Version.V2, null, List.of(), whole);
      }
      bytes.skipBytes(V2_FIXED);
      var addresses = addresses(addressLength);
      var tlvs = tlvs(bytes.readSlice(length - addressLength));
      return tlvs == null || !addresses.areUnicast()
          ? new Malformed(Version.V2)
          : new Complete(Version.V2, addresses, tlvs, whole);
    }

    /// Of the addresses of a family, for streams and datagrams; -1 for one that we cannot use.
    private static int lengthOf(int family) {
      return switch (family) {
        case 0x11, 0x12 -> 12;
        case 0x21, 0x22 -> 36;
        default -> -1;
      };
    }

    private Addresses addresses(int length) {
      byte[] source = new byte[(length - 4) / 2];
      byte[] destination = new byte[source.length];
      bytes.readBytes(source).readBytes(destination);
      int sourcePort = bytes.readUnsignedShort();
      return new Addresses(
          socketAddress(source, sourcePort), socketAddress(destination, bytes.readUnsignedShort()));
    }

    /// Null if a length points behind the end.
    private static @Nullable List<Tlv> tlvs(ByteBuf all) {
      var tlvs = new ArrayList<Tlv>();
      while (all.isReadable()) {
        if (all.readableBytes() < 3) {
          return null;
        }
        int type = all.readUnsignedByte();
        int length = all.readUnsignedShort();
        if (length > all.readableBytes()) {
          return null;
        }
        tlvs.add(new Tlv(type, ByteBufUtil.hexDump(all.readSlice(length))));
      }
      return List.copyOf(tlvs);
    }
  }
}
