package dev.weir.config;

import dev.weir.xds.InvalidResourceException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Makes [CidrRange]s.
public final class CidrDecoder {
  private static final int MAPPED_BITS = 96;

  private CidrDecoder() {}

  /// All ranges of a repeated field.
  public static List<CidrRange> ranges(
      String name, List<io.envoyproxy.envoy.config.core.v3.CidrRange> wire, Field at) {
    return at.each(name, wire, CidrDecoder::one);
  }

  /// A range with the bits behind its prefix cleared. A longer prefix than the address has bits is
  /// cut, as the reference proxy does.
  public static CidrRange one(io.envoyproxy.envoy.config.core.v3.CidrRange wire, Field at)
      throws InvalidResourceException {
    return range(
        wire.getAddressPrefix(),
        ScalarDecoder.size(wire.hasPrefixLen(), wire.getPrefixLen(), 0),
        at);
  }

  static CidrRange range(String text, int prefixLength, Field at) throws InvalidResourceException {
    var ip = IpLiteral.parse(text);
    if (ip == null) {
      throw at.invalid("malformed IP address: " + text);
    }
    int length = prefixLength;
    if (ip instanceof Inet4Address && text.indexOf(':') >= 0) {
      length = Math.max(0, length - MAPPED_BITS);
    }
    var bytes = ip.getAddress();
    length = Math.min(length, bytes.length * 8);
    return new CidrRange(cleared(bytes, length), length);
  }

  private static InetAddress cleared(byte[] bytes, int length) {
    for (int bit = length; bit < bytes.length * 8; bit++) {
      bytes[bit / 8] &= (byte) ~(0x80 >>> (bit % 8));
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
    }
  }
}
