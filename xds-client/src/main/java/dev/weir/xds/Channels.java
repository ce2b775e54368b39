package dev.weir.xds;

import dev.weir.xds.ControlPlane.Address;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Connections to control planes: streams to the same one share a connection. Main loop only.
///
/// gRPC's own waiting between attempts to connect is kept out: a channel that could not connect is
/// thrown away, and the next attempt has one of its own.
final class Channels implements AutoCloseable {
  private static final int LARGEST_HEADERS = 1 << 20;

  /// How long a server may take for the first words of TLS and HTTP/2 once it is connected.
  private static final Duration GREETING_TIMEOUT = Duration.ofSeconds(5);

  private final Function<String, @Nullable ControlPlane> controlPlanes;
  private final Map<String, Lease> leases = new HashMap<>();
  private final Map<String, Integer> attempts = new HashMap<>();
  private final IoThread io = new IoThread();

  /// @param controlPlanes how a control plane is reached, by name; null where there is none of it
  Channels(Function<String, @Nullable ControlPlane> controlPlanes) {
    this.controlPlanes = controlPlanes;
  }

  /// A share of a connection.
  final class Lease {
    private final String name;
    private final ManagedChannel channel;
    private final Duration patience;
    private int holders;

    private Lease(ControlPlane plane) throws IOException {
      name = plane.name();
      channel = open(plane);
      patience = plane.connectTimeout().plus(GREETING_TIMEOUT);
    }

    /// How long it may take until the connection is up.
    Duration patience() {
      return patience;
    }

    ManagedChannel channel() {
      return channel;
    }

    /// Called once for each time that it was lent.
    ///
    /// @param usable whether whoever comes next may use the connection
    void giveBack(boolean usable) {
      holders--;
      if (!usable) {
        leases.remove(name, this);
      }
      if (holders == 0) {
        leases.remove(name, this);
        channel.shutdown();
      }
    }
  }

  /// Lends the connection to a control plane, which may have to be made.
  ///
  /// @throws IOException if there is no such control plane, its certificates are unreadable, or its
  ///   address or authority makes no sense
  Lease lend(String controlPlane) throws IOException {
    var lease = leases.get(controlPlane);
    if (lease == null) {
      var plane = controlPlanes.apply(controlPlane);
      if (plane == null) {
        throw new IOException("there is no cluster '" + controlPlane + "'");
      }
      try {
        lease = new Lease(plane);
      } catch (IllegalArgumentException e) {
        // An authority or a host name that gRPC does not take.
        throw new IOException("cluster '" + controlPlane + "': " + e.getMessage(), e);
      }
      leases.put(controlPlane, lease);
    }
    lease.holders++;
    return lease;
  }

  private ManagedChannel open(ControlPlane plane) throws IOException {
    var attempt = attempts.merge(plane.name(), 1, Integer::sum) - 1;
    var address = plane.addresses().get(attempt % plane.addresses().size());
    var builder =
        io.builder(address)
            .directExecutor()
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .maxInboundMetadataSize(LARGEST_HEADERS)
            .withOption(
                ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) plane.connectTimeout().toMillis())
            .disableRetry()
            .disableServiceConfigLookUp()
            .proxyDetector(_ -> null)
            .userAgent("weir");
    var authority = plane.authority();
    if (authority != null) {
      builder.overrideAuthority(authority);
    } else if (address instanceof Address.Pipe) {
      builder.overrideAuthority("localhost");
    }
    keepAlive(builder, plane);
    var tls = plane.tls();
    if (tls == null) {
      builder.usePlaintext();
    } else {
      builder.sslContext(ClientTls.context(tls));
    }
    return builder.build();
  }

  private static void keepAlive(NettyChannelBuilder builder, ControlPlane plane) {
    var keepalive = plane.keepalive();
    if (keepalive != null) {
      builder
          .keepAliveTime(keepalive.interval().toNanos(), TimeUnit.NANOSECONDS)
          .keepAliveTimeout(keepalive.timeout().toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /// Breaks off all calls.
  @Override
  public void close() {
    leases.values().forEach(lease -> lease.channel.shutdownNow());
    leases.clear();
    io.close();
  }
}
