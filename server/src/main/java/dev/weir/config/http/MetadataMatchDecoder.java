package dev.weir.config.http;

import dev.weir.config.Field;
import dev.weir.config.ValueMatchDecoder;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;

/// Makes [MetadataMatch]es.
public final class MetadataMatchDecoder {
  private MetadataMatchDecoder() {}

  /// Reads the message.
  ///
  /// @throws InvalidResourceException if the value's rule is none that can be followed
  public static MetadataMatch decode(MetadataMatcher wire, Field at)
      throws InvalidResourceException {
    return new MetadataMatch(
        wire.getFilter(),
        wire.getPathList().stream().map(MetadataMatcher.PathSegment::getKey).toList(),
        ValueMatchDecoder.decode(wire.getValue(), at.at("value")),
        wire.getInvert());
  }
}
