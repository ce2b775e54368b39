package dev.weir.upstream.balance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.config.Address;
import dev.weir.config.Metadata;
import dev.weir.config.MetadataValue.Text;
import dev.weir.upstream.host.HostInfo;

/// What a host is hashed by: the text `hash_key` of its `envoy.lb` metadata, else its name or its
/// address.
final class HashKeys {
  private static final String HASH_KEY = "hash_key";

  private HashKeys() {}

  static byte[] of(Address address, HostInfo info, boolean useHostname) {
    if (info.metadata().in(Metadata.LB).get(HASH_KEY) instanceof Text(var key) && !key.isEmpty()) {
      return key.getBytes(UTF_8);
    }
    return (useHostname ? info.hostname() : address.toString()).getBytes(UTF_8);
  }
}
