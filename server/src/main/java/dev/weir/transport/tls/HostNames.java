package dev.weir.transport.tls;

import dev.weir.config.SanMatch;
import dev.weir.config.TextMatch;
import dev.weir.config.TransportSocketConfig.UpstreamTls;
import dev.weir.transport.DialOptions;
import java.util.ArrayList;
import java.util.List;

/// By which names a host is called, and expected to show. Immutable; any thread.
record HostNames(UpstreamTls config) {

  /// What is asked for as SNI; empty for nothing.
  String serverName(DialOptions options) {
    var asked = options.serverName();
    if (asked != null) {
      return asked;
    }
    boolean byHost = config.hostnameAsServerName() && !options.hostname().isEmpty();
    return byHost ? options.hostname() : config.serverName();
  }

  /// Whether it is called, and expected to show, what is configured for all hosts.
  boolean areSame(DialOptions options) {
    boolean byHost = config.hostnameAsServerName() && !options.hostname().isEmpty();
    return options.serverName() == null && options.subjectAltNames().isEmpty() && !byHost;
  }

  /// What its certificate has to have beside the configured names, one of it; empty for nothing.
  List<SanMatch> expected(DialOptions options) {
    var expected = new ArrayList<SanMatch>();
    for (var name : options.subjectAltNames()) {
      expected.add(exact(SanMatch.Kind.DNS, name));
      expected.add(exact(SanMatch.Kind.URI, name));
    }
    var serverName = serverName(options);
    if (expected.isEmpty() && config.serverNameInCertificate() && !serverName.isEmpty()) {
      expected.add(exact(SanMatch.Kind.DNS, serverName));
    }
    return expected;
  }

  private static SanMatch exact(SanMatch.Kind kind, String name) {
    return new SanMatch(kind, new TextMatch.Exact(name, false), "");
  }
}
