package dev.weir.transport;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What one connection asks of its transport, beside what is configured for its cluster.
///
/// @param hostname the name of the host; may be empty
/// @param serverName the name to ask for, instead of the configured one; null for that
/// @param subjectAltNames one of these has to be in the peer's certificate, beside one of the
///   configured ones; empty for none
/// @param offer what is offered by ALPN
/// @param introduction tells of the client that the connection is for, when it is asked; null where
///   there is none
public record DialOptions(
    String hostname,
    @Nullable String serverName,
    List<String> subjectAltNames,
    Offer offer,
    @Nullable Supplier<Introduction> introduction) {

  /// What is offered by ALPN.
  ///
  /// @param instead of the configured protocols; empty for those
  /// @param otherwise where no protocols are configured
  public record Offer(List<String> instead, List<String> otherwise) {
    /// What is configured.
    public static final Offer CONFIGURED = new Offer(List.of(), List.of());

    /// What it comes to.
    public List<String> over(List<String> configured) {
      if (!instead.isEmpty()) {
        return instead;
      }
      return configured.isEmpty() ? otherwise : configured;
    }
  }

  /// Everything as configured.
  public static DialOptions to(String hostname) {
    return new DialOptions(hostname, null, List.of(), Offer.CONFIGURED, null);
  }

  /// The same of a host with another name.
  public DialOptions at(String name) {
    return new DialOptions(name, serverName, subjectAltNames, offer, introduction);
  }

  /// The same for any client.
  public DialOptions withoutIntroduction() {
    return new DialOptions(hostname, serverName, subjectAltNames, offer, null);
  }

  /// The same with other protocols to offer; with none, those that are configured.
  public DialOptions offering(List<String> protocols) {
    return new DialOptions(
        hostname, serverName, subjectAltNames, new Offer(protocols, List.of()), introduction);
  }
}
