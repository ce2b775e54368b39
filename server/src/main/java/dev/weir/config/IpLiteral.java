package dev.weir.config;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads IP addresses as strictly as the API means them: IPv4 has four decimal parts without
/// leading zeros, IPv6 stands without brackets. Nothing is ever looked up.
public final class IpLiteral {
  private static final Pattern V4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
  private static final int GROUPS = 8;

  private IpLiteral() {}

  /// The address; null if the text is none. An IPv4-mapped IPv6 address is an IPv4 one. The zone of
  /// an IPv6 address (`fe80::1%eth0`) is left out.
  public static @Nullable InetAddress parse(String text) {
    if (V4.matcher(text).matches()) {
      return InetAddress.ofLiteral(text);
    }
    if (text.indexOf(':') < 0 || text.indexOf('[') >= 0) {
      return null;
    }
    try {
      int zone = text.indexOf('%');
      return Inet6Address.ofLiteral(zone < 0 ? text : text.substring(0, zone));
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /// The address's one canonical text (RFC 5952): hexadecimal groups in lower case, the first of
  /// the longest runs of zeros, if longer than one, as `::`. A zone is left out.
  public static String text(InetAddress ip) {
    if (ip instanceof Inet4Address) {
      return ip.getHostAddress();
    }
    int[] groups = groups(ip.getAddress());
    int start = longestZeros(groups);
    int end = start + zerosFrom(groups, start);
    if (end - start < 2) {
      return join(groups, 0, GROUPS);
    }
    return join(groups, 0, start) + "::" + join(groups, end, GROUPS);
  }

  private static int[] groups(byte[] bytes) {
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
    }
    return groups;
  }

  private static int longestZeros(int[] groups) {
    int best = 0;
    for (int i = 1; i < GROUPS; i++) {
      if (zerosFrom(groups, i) > zerosFrom(groups, best)) {
        best = i;
      }
    }
    return best;
  }

  private static int zerosFrom(int[] groups, int start) {
    int end = start;
    while (end < GROUPS && groups[end] == 0) {
      end++;
    }
    return end - start;
  }

  private static String join(int[] groups, int from, int to) {
    var text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
