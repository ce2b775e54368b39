package dev.weir.config;

/// Where to listen or to connect (`config.core.v3.Address`).
public sealed interface Address {

  /// A `socket_address`: an IP literal or, for DNS clusters, a host name.
  ///
  /// @param host an IPv4 or IPv6 literal without brackets, or a DNS name
  /// @param port 0–65535; 0 binds any free port
  record Socket(String host, int port) implements Address {
    /// Whether the host is an IPv6 literal.
    public boolean isIpv6() {
      return host.indexOf(':') >= 0;
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
