package dev.weir.config;

import dev.weir.config.http.HttpFilterConfig;

/// A checked `config.core.v3.TypedExtensionConfig`: what configures a filter by itself.
///
/// @param type the full name of the message that it was
public record ExtensionConfig(String name, String type, Filter filter) {

  /// What sort of filter it is, and its configuration.
  public sealed interface Filter {
    /// Which filters it is one of.
    FilterDiscovery.Kind kind();

    /// The configuration itself.
    Object config();

    /// Whether it ends a chain.
    default boolean terminal() {
      return false;
    }
  }

  /// A listener filter.
  public record OfListener(ListenerFilterConfig config) implements Filter {
    @Override
    public FilterDiscovery.Kind kind() {
      return FilterDiscovery.Kind.LISTENER;
    }
  }

  /// A network filter.
  public record OfConnection(NetworkFilterConfig config) implements Filter {
    @Override
    public FilterDiscovery.Kind kind() {
      return FilterDiscovery.Kind.NETWORK;
    }

    @Override
    public boolean terminal() {
      return config.terminal();
    }
  }

  /// An HTTP filter.
  public record OfRequest(HttpFilterConfig config) implements Filter {
    @Override
    public FilterDiscovery.Kind kind() {
      return FilterDiscovery.Kind.HTTP;
    }

    @Override
    public boolean terminal() {
      return config instanceof HttpFilterConfig.Router;
    }
  }
}
