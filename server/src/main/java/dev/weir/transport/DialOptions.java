package dev.weir.transport;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one connection asks of its transport, beside what is configured for its cluster.
///
/// @param hostname the name of the host; may be empty
/// @param serverName the name to ask for, instead of the configured one; null for that
/// @param subjectAltNames one of these has to be in the peer's certificate, instead of the
///   configured ones; empty for those
/// @param applicationProtocols to offer, instead of the configured ones; empty for those
public record DialOptions(
    String hostname,
    @Nullable String serverName,
    List<String> subjectAltNames,
    List<String> applicationProtocols) {

  /// Everything as configured.
  public static DialOptions to(String hostname) {
    return new DialOptions(hostname, null, List.of(), List.of());
  }

  /// The same with other protocols to offer.
  public DialOptions offering(List<String> protocols) {
    return new DialOptions(hostname, serverName, subjectAltNames, protocols);
  }
}
