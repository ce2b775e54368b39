package dev.weir.config;

import com.google.protobuf.Message;
import dev.weir.config.http.HttpFilterDecoder;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;

/// Makes [ExtensionConfig]s. The type alone tells which filter it is for.
final class ExtensionConfigDecoder {
  private static final String FILTERS = "envoy.extensions.filters.";

  private ExtensionConfigDecoder() {}

  static Checked<ExtensionConfig> decode(TypedExtensionConfig wire, String path)
      throws InvalidResourceException {
    return ResourceDecoder.decode(wire, path, ExtensionConfigDecoder::extension);
  }

  private static ExtensionConfig extension(TypedExtensionConfig wire, Field at)
      throws InvalidResourceException {
    var typed = ExtensionDecoder.unpack(wire, at);
    var type = typed.getDescriptorForType().getFullName();
    return new ExtensionConfig(
        wire.getName(), type, filter(wire.getName(), type, typed, at.at("typed_config")));
  }

  private static ExtensionConfig.Filter filter(String name, String type, Message typed, Field at)
      throws InvalidResourceException {
    if (type.startsWith(FILTERS + "listener.")) {
      return new ExtensionConfig.OfListener(ListenerFilterDecoder.typed(name, typed, at));
    }
    if (type.startsWith(FILTERS + "network.")) {
      return new ExtensionConfig.OfConnection(NetworkFilterDecoder.typed(typed, at));
    }
    if (type.startsWith(FILTERS + "http.")) {
      return new ExtensionConfig.OfRequest(HttpFilterDecoder.pushed(typed, at));
    }
    throw ExtensionDecoder.unregistered(name, type, at);
  }
}
