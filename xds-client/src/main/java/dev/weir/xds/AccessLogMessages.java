package dev.weir.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.StringValue;
import com.google.protobuf.Timestamp;
import dev.weir.xds.TcpLogEntry.Downstream;
import dev.weir.xds.TcpLogEntry.Moment;
import dev.weir.xds.TcpLogEntry.Upstream;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.ConnectionProperties;
import io.envoyproxy.envoy.data.accesslog.v3.ResponseFlags;
import io.envoyproxy.envoy.data.accesslog.v3.ResponseFlags.Unauthorized;
import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes messages of access log entries, with the fields that Envoy fills.
final class AccessLogMessages {
  private static final long MICROS = 1_000_000;

  /// Each flag at the number of its field, less one. Flags that are not here have no field.
  private static final List<String> FLAGS =
      List.of(
          ("LH UH UT LR UR UF UC UO NR DI FI RL UAEX RLSE DC URX SI IH DPE UMSDR RFCF NFCF DT UPE"
                  + " NC OM DF DR")
              .split(" "));

  private AccessLogMessages() {}

  static TCPAccessLogEntry entry(TcpLogEntry entry) {
    var bytes = entry.downstream().bytes();
    return TCPAccessLogEntry.newBuilder()
        .setCommonProperties(common(entry))
        .setConnectionProperties(
            ConnectionProperties.newBuilder()
                .setReceivedBytes(bytes.received())
                .setSentBytes(bytes.sent()))
        .build();
  }

  static AccessLogCommon.Builder common(TcpLogEntry entry) {
    var common = AccessLogCommon.newBuilder();
    tell(entry.moment(), common);
    tell(entry.downstream(), common);
    tell(entry.upstream(), common);
    if (!entry.responseFlags().isEmpty()) {
      common.setResponseFlags(flags(entry.responseFlags()));
    }
    entry
        .metadata()
        .forEach((namespace, values) ->
            common.getMetadataBuilder().putFilterMetadata(namespace, Structs.of(values)));
    entry
        .filterState()
        .forEach((key, text) -> common.putFilterStateObjects(key, Any.pack(StringValue.of(text))));
    return common;
  }

  @SuppressWarnings("deprecation") // intermediate_log_entry is set by Envoy all the same
  private static void tell(Moment moment, AccessLogCommon.Builder common) {
    common
        .setStreamId(moment.streamId())
        .setAccessLogTypeValue(moment.type())
        .setStartTime(
            Timestamp.newBuilder()
                .setSeconds(Math.floorDiv(moment.startMicros(), MICROS))
                .setNanos((int) Math.floorMod(moment.startMicros(), MICROS) * 1000));
    var duration = moment.duration();
    if (duration == null) {
      common.setIntermediateLogEntry(true);
    } else {
      common.setDuration(duration(duration));
    }
  }

  static Duration duration(java.time.Duration duration) {
    return Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  private static void tell(Downstream side, AccessLogCommon.Builder common) {
    tell(side.remote(), common::setDownstreamRemoteAddress);
    tell(side.local(), common::setDownstreamLocalAddress);
    tell(side.directRemote(), common::setDownstreamDirectRemoteAddress);
    common
        .setDownstreamWireBytesReceived(side.bytes().received())
        .setDownstreamWireBytesSent(side.bytes().sent())
        .setDownstreamTransportFailureReason(side.transportFailure())
        .setConnectionTerminationDetails(side.terminationDetails());
  }

  private static void tell(Upstream side, AccessLogCommon.Builder common) {
    tell(side.remote(), common::setUpstreamRemoteAddress);
    tell(side.local(), common::setUpstreamLocalAddress);
    common
        .setUpstreamCluster(side.cluster())
        .setUpstreamRequestAttemptCount(side.attempts())
        .setUpstreamWireBytesReceived(side.bytes().received())
        .setUpstreamWireBytesSent(side.bytes().sent())
        .setUpstreamTransportFailureReason(side.transportFailure());
  }

  private static void tell(ControlPlane.@Nullable Address address, Consumer<Address> field) {
    if (address != null) {
      field.accept(Addresses.of(address));
    }
  }

  private static ResponseFlags flags(List<String> names) {
    var flags = ResponseFlags.newBuilder();
    for (var name : names) {
      var field = ResponseFlags.getDescriptor().findFieldByNumber(FLAGS.indexOf(name) + 1);
      if (name.equals("UAEX")) {
        flags.getUnauthorizedDetailsBuilder().setReason(Unauthorized.Reason.EXTERNAL_SERVICE);
      } else if (field != null) {
        flags.setField(field, true);
      }
    }
    return flags.build();
  }
}
