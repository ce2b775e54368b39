package dev.weir.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where to listen or to connect (`config.core.v3.Address`).
public sealed interface Address {

  /// A `socket_address`: an IP literal or, for DNS clusters, a host name.
  ///
  /// @param host an IPv4 or IPv6 literal without brackets, or a DNS name
  /// @param port 0–65535; 0 binds any free port
  record Socket(String host, int port) implements Address {
    private static final Pattern PORT = Pattern.compile("\\d{1,5}");

    /// Whether the host is an IPv6 literal.
    public boolean isIpv6() {
      return host.indexOf(':') >= 0;
    }

    /// Reads `1.2.3.4:80` or `[::1]:80`; null if the text is neither.
    public static @Nullable Socket parse(String text) {
      int colon = text.lastIndexOf(':');
      if (colon < 0 || !PORT.matcher(text.substring(colon + 1)).matches()) {
        return null;
      }
      var host = text.substring(0, colon);
      boolean brackets = host.startsWith("[") && host.endsWith("]");
      var ip = IpLiteral.parse(brackets ? host.substring(1, host.length() - 1) : host);
      int port = Integer.parseInt(text.substring(colon + 1));
      return ip == null || port > 0xffff || brackets != host.indexOf(':') >= 0
          ? null
          : new Socket(IpLiteral.text(ip), port);
    }

    @Override
    public String toString() {
      return isIpv6() ? "[" + host + "]:" + port : host + ":" + port;
    }
  }

  /// A Unix domain socket; a path that starts with `@` is in the abstract namespace.
  ///
  /// @param mode permission bits for the file of a listener, 0–0777; 0 leaves the umask's
  record Pipe(String path, int mode) implements Address {
    @Override
    public String toString() {
      return path;
    }
  }
}
