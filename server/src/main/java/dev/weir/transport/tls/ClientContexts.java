package dev.weir.transport.tls;

import dev.weir.config.TransportSocketConfig.UpstreamTls;
import dev.weir.transport.DialOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A client's TLS for each list of protocols that somebody has wanted to offer. Each is made when
/// it is first dialled with, since most clusters of a large mesh never are. Any worker.
final class ClientContexts implements TlsGeneration {
  private final UpstreamTls config;
  private final ClientContext.Secrets secrets;
  private final TlsStats stats;
  private final Map<List<String>, ClientContext> made = new ConcurrentHashMap<>();
  private volatile boolean released;

  ClientContexts(UpstreamTls config, ClientContext.Secrets secrets, TlsStats stats) {
    this.config = config;
    this.secrets = secrets;
    this.stats = stats;
  }

  /// The one for a connection; null if all of them have been given back.
  @Nullable ClientContext find(DialOptions options) {
    var protocols = options.offer().over(config.common().applicationProtocols());
    var found = made.computeIfAbsent(protocols, this::make);
    if (released) {
      release(); // it may have been made after the others were given back
      return null;
    }
    return found;
  }

  private ClientContext make(List<String> protocols) {
    return switch (config.common().library()) {
      case BORINGSSL -> new NativeClient(config, secrets, protocols, stats);
      case JDK -> new JdkClient(config, secrets, protocols, stats);
    };
  }

  /// Harmless if repeated.
  @Override
  public void release() {
    released = true;
    for (var protocols : List.copyOf(made.keySet())) {
      var context = made.remove(protocols);
      if (context != null) {
        context.release();
      }
    }
  }
}
