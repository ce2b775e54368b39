package dev.weir.config.http;

import dev.weir.config.CidrRange;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a connection manager does to requests before its filters see them, and to responses behind
/// them.
///
/// @param early changes of headers before anything is found out from them
public record RequestRules(
    Client client,
    Path path,
    Host host,
    Ids ids,
    ServerName server,
    ClientCertificate certificate,
    List<HttpFilterConfig.HeaderMutation.Edit> early) {

  /// Who the client is.
  ///
  /// @param useRemoteAddress whether the peer of the socket is believed rather than the headers
  /// @param xffTrustedHops how many proxies before us are trusted
  /// @param trustedPeers whose `x-forwarded-for` is believed, skipping them from the right; null to
  ///   count hops
  /// @param internal addresses whose requests are internal
  /// @param scheme overwrites the scheme; null to keep it
  /// @param userAgent whether a missing `user-agent` is set to the name of the service cluster
  public record Client(
      boolean useRemoteAddress,
      int xffTrustedHops,
      boolean skipXffAppend,
      boolean appendForwardedPort,
      @Nullable List<CidrRange> trustedPeers,
      Internal internal,
      @Nullable String scheme,
      boolean schemeMatchesUpstream,
      boolean userAgent) {}

  /// Which addresses are internal.
  public record Internal(boolean unixSockets, List<CidrRange> ranges) {}

  /// What happens to paths.
  public record Path(boolean normalize, boolean mergeSlashes, EscapedSlashes escapedSlashes) {}

  /// What happens to `%2F` and `%5C` in paths.
  public enum EscapedSlashes {
    KEEP,
    REJECT,
    UNESCAPE_AND_REDIRECT,
    UNESCAPE_AND_FORWARD
  }

  /// What happens to hosts and header names.
  public record Host(
      StripPort stripPort,
      boolean stripTrailingDot,
      Underscores underscores,
      boolean continue100) {}

  /// Which ports are cut off.
  public enum StripPort {
    NONE,
    /// The listener's own.
    MATCHING,
    ANY
  }

  /// What happens to header names with underscores.
  public enum Underscores {
    ALLOW,
    REJECT_REQUEST,
    DROP_HEADER
  }

  /// Request ids.
  ///
  /// @param packTrace whether the id's version digit says why a request is traced
  public record Ids(
      boolean generate, boolean preserveExternal, boolean setInResponse, boolean packTrace) {}

  /// What we call ourselves.
  ///
  /// @param via empty for no such header
  public record ServerName(String name, Transformation transformation, String via) {
    /// When the `server` header is set.
    public enum Transformation {
      OVERWRITE,
      APPEND_IF_ABSENT,
      PASS_THROUGH
    }
  }

  /// `x-forwarded-client-cert`.
  public record ClientCertificate(Forward forward, Set<Detail> details) {
    /// What is passed on.
    public enum Forward {
      SANITIZE,
      FORWARD_ONLY,
      APPEND_FORWARD,
      SANITIZE_SET,
      ALWAYS_FORWARD_ONLY
    }

    /// What is said of a certificate, beside its hash.
    public enum Detail {
      SUBJECT,
      CERT,
      CHAIN,
      DNS,
      URI
    }
  }
}
