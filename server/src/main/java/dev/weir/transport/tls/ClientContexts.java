package dev.weir.transport.tls;

import dev.weir.config.TransportSocketConfig.UpstreamTls;
import dev.weir.transport.DialOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A client's TLS for each list of protocols that somebody has wanted to offer. Each is made when
/// it is first dialled with, since most clusters of a large mesh never are. Any worker.
///
/// Sessions are taken up again only where all hosts have to show the same names: a certificate that
/// was good for one name is not looked at again.
final class ClientContexts implements TlsGeneration {
  private final UpstreamTls config;
  private final ClientContext.Secrets secrets;
  private final TlsStats stats;
  private final HostNames names;
  private final Map<Kind, ClientContext> made = new ConcurrentHashMap<>();
  private volatile boolean released;

  /// @param sameNames whether all hosts are called as it is configured
  private record Kind(List<String> protocols, boolean sameNames) {}

  ClientContexts(UpstreamTls config, ClientContext.Secrets secrets, TlsStats stats) {
    this.config = config;
    this.secrets = secrets;
    this.stats = stats;
    this.names = new HostNames(config);
  }

  /// The one for a connection; null if all of them have been given back.
  @Nullable ClientContext find(DialOptions options) {
    var protocols = options.offer().over(config.common().applicationProtocols());
    var found = made.computeIfAbsent(new Kind(protocols, names.areSame(options)), this::make);
    if (released) {
      release(); // it may have been made after the others were given back
      return null;
    }
    return found;
  }

  private ClientContext make(Kind kind) {
    var own = kind.sameNames ? config : config.withoutSessions();
    return switch (config.common().library()) {
      case BORINGSSL -> new NativeClient(own, secrets, kind.protocols, stats);
      case JDK -> new JdkClient(own, secrets, kind.protocols, stats);
    };
  }

  /// Harmless if repeated.
  @Override
  public void release() {
    released = true;
    for (var kind : List.copyOf(made.keySet())) {
      var context = made.remove(kind);
      if (context != null) {
        context.release();
      }
    }
  }
}
