package dev.weir.connection;

import dev.weir.config.FilterDiscovery;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Where filters get configuration from that is pushed by itself (ECDS). Main loop only.
public interface FilterConfigs {
  /// Nowhere.
  FilterConfigs NONE =
      new FilterConfigs() {
        @Override
        public <C> Asking open(FilterDiscovery<C> discovery, Receiver<C> receiver) {
          throw new IllegalStateException("there is nobody to ask for " + discovery.name());
        }

        @Override
        public Executor loop() {
          throw new IllegalStateException("there is no main loop");
        }
      };

  /// Asks for the configuration of a filter. The receiver gets what is there already, or else the
  /// fallback, before this returns.
  ///
  /// @throws IOException if nobody can be asked, or what is there cannot be put into force
  <C> Asking open(FilterDiscovery<C> discovery, Receiver<C> receiver) throws IOException;

  /// The main loop.
  Executor loop();

  /// Puts configuration into force.
  interface Receiver<C> {
    /// There is another one.
    ///
    /// @param config null for none
    /// @throws IOException if it cannot be put into force; what was before stays
    void accept(@Nullable C config) throws IOException;
  }

  /// Somebody asks, until this is closed.
  interface Asking extends AutoCloseable {
    /// Completes when the listener need not wait for an answer any more.
    CompletableFuture<Void> warm();

    @Override
    void close();
  }
}
