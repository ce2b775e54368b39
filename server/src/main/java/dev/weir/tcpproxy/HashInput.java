package dev.weir.tcpproxy;

import dev.weir.config.StateValue;
import dev.weir.config.TcpProxyConfig.HashPolicy;
import dev.weir.connection.ConnectionInfo;
import io.netty.util.NetUtil;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What `hash_policy` takes the hash of.
public final class HashInput {
  private HashInput() {}

  /// The text; null if there is nothing to hash.
  ///
  /// @param filterState finds the object of a key
  public static @Nullable String of(
      @Nullable HashPolicy policy,
      ConnectionInfo info,
      Function<String, @Nullable StateValue> filterState) {
    return switch (policy) {
      case null -> null;
      case HashPolicy.SourceIp _ -> {
        var ip = ConnectionInfo.ip(info.remoteAddress());
        yield ip == null ? null : NetUtil.toAddressString(ip);
      }
      case HashPolicy.FilterState(var key) -> {
        var value = filterState.apply(key);
        yield value == null ? null : value.hashed();
      }
    };
  }
}
