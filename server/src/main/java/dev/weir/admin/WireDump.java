package dev.weir.admin;

import com.google.protobuf.Timestamp;
import dev.weir.config.EndpointsConfig;
import dev.weir.xds.ResourceStatus;
import io.envoyproxy.envoy.admin.v3.UpdateFailureState;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import java.time.Instant;

/// Our own values as messages, for the dumps.
final class WireDump {
  private WireDump() {}

  static Address address(dev.weir.config.Address address) {
    return switch (address) {
      case dev.weir.config.Address.Socket(var host, var port) ->
          Address.newBuilder()
              .setSocketAddress(SocketAddress.newBuilder().setAddress(host).setPortValue(port))
              .build();
      case dev.weir.config.Address.Pipe(var path, var mode) ->
          Address.newBuilder().setPipe(Pipe.newBuilder().setPath(path).setMode(mode)).build();
    };
  }

  static Locality locality(EndpointsConfig.Locality locality) {
    return Locality.newBuilder()
        .setRegion(locality.region())
        .setZone(locality.zone())
        .setSubZone(locality.subZone())
        .build();
  }

  /// To the millisecond, which is as exactly as people read it.
  static Timestamp time(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano() / 1_000_000 * 1_000_000)
        .build();
  }

  static UpdateFailureState failure(ResourceStatus.Failure failure) {
    var state =
        UpdateFailureState.newBuilder()
            .setLastUpdateAttempt(time(failure.at()))
            .setVersionInfo(failure.version())
            .setDetails(failure.reason());
    if (failure.wire() != null) {
      state.setFailedConfiguration(failure.wire());
    }
    return state.build();
  }
}
