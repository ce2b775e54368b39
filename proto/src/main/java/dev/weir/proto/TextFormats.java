package dev.weir.proto;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the formats are that a string can be held to.
final class TextFormats {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final Pattern HOSTNAME =
      Pattern.compile(
          "(?=.{1,254}$)(?:[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?\\.)*"
              + "[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?\\.?");
  private static final Pattern LOCAL_PART = Pattern.compile("[^\\s@<>,;\"]{1,64}");
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  /// RFC 9110, 5.6.2, and the colon of a pseudo-header.
  private static final Pattern STRICT_HEADER_NAME =
      Pattern.compile(":?[0-9a-zA-Z!#$%&'*+.^_|~`-]+");

  private TextFormats() {}

  static boolean isUuid(String text) {
    return UUID.matcher(text).matches();
  }

  /// RFC 1034, section 3.5.
  static boolean isHostname(String text) {
    return HOSTNAME.matcher(text).matches();
  }

  static boolean isEmail(String text) {
    var at = text.lastIndexOf('@');
    return at > 0
        && LOCAL_PART.matcher(text.substring(0, at)).matches()
        && isHostname(text.substring(at + 1));
  }

  static boolean isIp(String text) {
    return isIpv4(text) || isIpv6(text);
  }

  static boolean isIpv4(String text) {
    return IPV4.matcher(text).matches() && isLiteral(text);
  }

  static boolean isIpv6(String text) {
    return IPV6.matcher(text).matches() && isLiteral(text);
  }

  private static boolean isLiteral(String text) {
    try {
      InetAddress.ofLiteral(text);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  static boolean isUri(String text) {
    var uri = uri(text);
    return uri != null && uri.isAbsolute();
  }

  static boolean isUriReference(String text) {
    return uri(text) != null;
  }

  private static @Nullable URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException _) {
      return null;
    }
  }

  /// @param strict whether it has to be a token, or only keep to its line; if not, it may be empty
  static boolean isHeaderName(String text, boolean strict) {
    return strict ? STRICT_HEADER_NAME.matcher(text).matches() : isHeaderValue(text, false);
  }

  /// @param strict whether control characters are excluded, or only those that end a line
  static boolean isHeaderValue(String text, boolean strict) {
    return text.chars()
        .noneMatch(
            c -> c == 0 || c == '\n' || c == '\r' || (strict && c != '\t' && (c < 32 || c == 127)));
  }
}
