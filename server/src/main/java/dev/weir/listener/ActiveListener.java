package dev.weir.listener;

import dev.weir.config.Address;
import dev.weir.config.ListenerConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A live listener: its sockets, the current generation of its configuration, and its connections
/// on all workers. Main loop only.
///
/// ```
/// new ActiveListener(config, services) → bind() → update(config)* → drain(…) or close()
/// ```
public final class ActiveListener {
  private ListenerConfig config;

  /// A listener that does nothing yet.
  public ActiveListener(ListenerConfig config, ListenerServices services) {
    this.config = config;
  }

  /// Opens the sockets, all or none, and accepts from now on. Once.
  public ListenerOutcome bind() {
    return new ListenerOutcome.Refused("cannot bind " + config.name());
  }

  /// Replaces the configuration. New connections find the new one; open ones go on under their own,
  /// but for those whose filter chain is gone or admits others now: they are closed one by one in
  /// the course of the drain time. If the sockets change, the new ones listen before the old ones
  /// stop.
  public ListenerOutcome update(ListenerConfig next) {
    config = next;
    return new ListenerOutcome.Applied();
  }

  /// Stops listening at once; open connections go on. Harmless if repeated.
  public void stop() {}

  /// Stops listening, and closes what is open one by one in the course of that time, the
  /// connections that are idle for longest first.
  ///
  /// @return completed on the main loop when no connection is left
  public CompletableFuture<Void> drain(Duration time) {
    return CompletableFuture.completedFuture(null);
  }

  /// Stops listening and closes all connections at once, with a FIN each.
  ///
  /// @return completed on the main loop when no connection is left
  public CompletableFuture<Void> close() {
    return CompletableFuture.completedFuture(null);
  }

  /// The configuration in force.
  public ListenerConfig config() {
    return config;
  }

  /// Where it listens, with the real ports; empty before [#bind] and after [#stop].
  public List<Address> localAddresses() {
    return List.of();
  }

  /// How many connections are open, on all workers. Any thread.
  public int connections() {
    return 0;
  }
}
