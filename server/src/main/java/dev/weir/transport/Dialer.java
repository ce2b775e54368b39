package dev.weir.transport;

import dev.weir.config.ClusterConfig.SourceAddress;
import dev.weir.config.ClusterConfig.UpstreamConfig;
import dev.weir.config.SocketConfig;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How connections to the hosts of a cluster are made. Made once for a cluster; any worker.
public final class Dialer {
  private final StreamOptions stream;
  private final ChannelOptions options;
  private final List<Source> sources;
  private final long timeoutMillis;

  /// Follows the cluster's configuration.
  public Dialer(UpstreamConfig config) {
    this.stream = new StreamOptions(config.bufferLimit());
    this.options = ChannelOptions.of(config.socket());
    this.sources = config.sources().stream().map(Source::of).toList();
    this.timeoutMillis = config.connectTimeout().toMillis();
  }

  /// A local address to connect from, for hosts of its IP version.
  private record Source(InetSocketAddress address, ChannelOptions options) {
    static Source of(SourceAddress config) {
      return new Source(
          Sockets.ip(config.address().host(), config.address().port()),
          ChannelOptions.of(new SocketConfig(null, config.options())));
    }

    boolean reaches(SocketAddress remote) {
      return remote instanceof InetSocketAddress ip && isIpv4(ip) == isIpv4(address);
    }

    private static boolean isIpv4(InetSocketAddress ip) {
      return ip.getAddress() instanceof Inet4Address;
    }
  }

  /// How long an attempt may take; whoever dials keeps the time.
  public long timeoutMillis() {
    return timeoutMillis;
  }

  /// A channel of this worker that is ready to connect to an address. On that worker.
  ///
  /// @param transport what is spoken there
  /// @throws io.netty.channel.ChannelException if there is no socket to be had, or an option is
  ///   refused
  public Channel open(
      Worker worker, SocketAddress remote, UpstreamTransport transport, DialOptions asked) {
    var channel = worker.transport().newChannel(remote);
    try {
      stream.apply(channel);
      options.apply(channel);
      var source = sourceFor(remote);
      if (source != null) {
        source.options().apply(channel);
      }
      worker.loop().register(channel);
      transport.install(channel, asked);
      return channel;
    } catch (RuntimeException e) {
      channel.unsafe().closeForcibly();
      throw e;
    }
  }

  /// Begins to connect a channel that was opened for this address.
  ///
  /// @param outcome completed when the connection stands, handshake included, or has failed,
  ///   perhaps at once
  public void connect(Channel channel, SocketAddress remote, ChannelPromise outcome) {
    var target = Transport.nativeAddress(channel, remote);
    var source = sourceFor(remote);
    if (source == null) {
      channel.connect(target, outcome);
    } else {
      channel.connect(target, source.address(), outcome);
    }
  }

  /// The local address from which this one is connected to, as text; null for any.
  public @Nullable String source(SocketAddress remote) {
    var source = sourceFor(remote);
    return source == null ? null : NetUtil.toSocketAddressString(source.address());
  }

  private @Nullable Source sourceFor(SocketAddress remote) {
    for (var source : sources) {
      if (source.reaches(remote)) {
        return source;
      }
    }
    return null;
  }
}
