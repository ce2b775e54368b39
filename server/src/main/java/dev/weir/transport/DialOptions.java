package dev.weir.transport;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What one connection asks of its transport, beside what is configured for its cluster.
///
/// @param hostname the name of the host; may be empty
/// @param serverName the name to ask for, instead of the configured one; null for that
/// @param subjectAltNames one of these has to be in the peer's certificate, instead of the
///   configured ones; empty for those
/// @param applicationProtocols to offer, instead of the configured ones; empty for those
/// @param introduction tells of the client that the connection is for, when it is asked; null where
///   there is none
public record DialOptions(
    String hostname,
    @Nullable String serverName,
    List<String> subjectAltNames,
    List<String> applicationProtocols,
    @Nullable Supplier<Introduction> introduction) {

  /// Without a client to tell of.
  public DialOptions(
      String hostname,
      @Nullable String serverName,
      List<String> subjectAltNames,
      List<String> applicationProtocols) {
    this(hostname, serverName, subjectAltNames, applicationProtocols, null);
  }

  /// Everything as configured.
  public static DialOptions to(String hostname) {
    return new DialOptions(hostname, null, List.of(), List.of());
  }

  /// The same with other protocols to offer.
  public DialOptions offering(List<String> protocols) {
    return new DialOptions(hostname, serverName, subjectAltNames, protocols, introduction);
  }
}
