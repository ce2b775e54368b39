package dev.weir.xds;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// How a gRPC server is reached: what a static cluster of the bootstrap says of it.
///
/// @param name the cluster's name
/// @param addresses tried in turn, one for each attempt to connect; at least one
/// @param tls null for plaintext
/// @param authority the `:authority` of the streams; null for the address
/// @param connectTimeout for TCP
/// @param keepalive null for none
public record ControlPlane(
    String name,
    List<Address> addresses,
    @Nullable Tls tls,
    @Nullable String authority,
    Duration connectTimeout,
    @Nullable Keepalive keepalive) {

  /// Copies the list.
  ///
  /// @throws IllegalArgumentException if there is no address
  public ControlPlane {
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("control plane " + name + " has no address");
    }
    addresses = List.copyOf(addresses);
  }

  /// A plaintext one, everything else as the API's defaults have it.
  public static ControlPlane of(String name, Address address) {
    return new ControlPlane(name, List.of(address), null, null, Duration.ofSeconds(5), null);
  }

  /// Where it listens.
  public sealed interface Address {
    /// A TCP port.
    ///
    /// @param host an IP address, or a name that is looked up at each attempt
    /// @param port from 1 to 65535
    record Host(String host, int port) implements Address {}

    /// A Unix domain socket.
    ///
    /// @param path a name in the file system, or `@` and an abstract name
    record Pipe(String path) implements Address {}
  }

  /// TLS with the server.
  ///
  /// @param trust the roots that its certificate has to lead to; null trusts any
  /// @param identity null shows none
  /// @param sni the name to ask for; null asks for none
  /// @param peer what else the server's certificate has to be, such as to have a name
  public record Tls(
      @Nullable Pem trust,
      @Nullable Identity identity,
      @Nullable String sni,
      Predicate<X509Certificate> peer) {}

  /// A certificate chain and its key.
  public record Identity(Pem chain, Pem key) {}

  /// PEM text.
  public sealed interface Pem {
    /// Read anew at each attempt to connect.
    record InFile(Path file) implements Pem {}

    /// Given.
    record Inline(String text) implements Pem {}
  }

  /// Pings by which a dead connection is noticed.
  ///
  /// @param interval gRPC makes less than ten seconds ten seconds
  /// @param timeout how long an answer may take
  public record Keepalive(Duration interval, Duration timeout) {}
}
