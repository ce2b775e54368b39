package dev.weir.config;

import dev.weir.xds.ConfigSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A filter whose configuration is pushed by itself (`config.core.v3.ExtensionConfigSource`, ECDS).
///
/// @param <C> what such a filter is configured by
/// @param name of the resource, and of the filter
/// @param types full names of the messages that may configure it
/// @param fallback what configures it as long as nothing is pushed; null for nothing, and then
///   nobody may come in
/// @param waits whether the listener waits for the first push, or its timeout
/// @param last whether it ends its chain
public record FilterDiscovery<C>(
    String name,
    Kind kind,
    ConfigSource source,
    Set<String> types,
    @Nullable C fallback,
    boolean waits,
    boolean last) {

  /// Which filters there are.
  public enum Kind {
    LISTENER("tcp_listener_filter", "listener"),
    NETWORK("network_filter", "network"),
    HTTP("http_filter", "http");

    private final String statName;
    private final String chain;

    Kind(String statName, String chain) {
      this.statName = statName;
      this.chain = chain;
    }

    /// What stands in the names of statistics.
    public String statName() {
      return statName;
    }

    /// What its filter chain is called.
    public String chain() {
      return chain;
    }
  }
}
