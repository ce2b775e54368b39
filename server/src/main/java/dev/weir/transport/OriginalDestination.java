package dev.weir.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Where a connection was going before `iptables` redirected it here (`SO_ORIGINAL_DST` of
/// netfilter). Any worker.
public final class OriginalDestination {
  private static final int SOL_IP = 0;
  private static final int SOL_IPV6 = 41;
  private static final int SO_ORIGINAL_DST = 80;
  private static final RawUnixChannelOption IPV4 =
      new RawUnixChannelOption("SO_ORIGINAL_DST", SOL_IP, SO_ORIGINAL_DST, 16);
  private static final RawUnixChannelOption IPV6 =
      new RawUnixChannelOption("IP6T_SO_ORIGINAL_DST", SOL_IPV6, SO_ORIGINAL_DST, 28);

  private OriginalDestination() {}

  /// The destination; null if the connection was not redirected, or the system cannot tell.
  public static @Nullable InetSocketAddress of(Channel channel) {
    if (!(channel.localAddress() instanceof InetSocketAddress local)) {
      return null;
    }
    boolean ipv6 = local.getAddress() instanceof Inet6Address;
    try {
      var address = channel.config().getOption(ipv6 ? IPV6 : IPV4);
      return address == null ? null : read(address, ipv6);
    } catch (ChannelException _) {
      return null; // the kernel tracks no such connection
    }
  }

  /// Of a `sockaddr_in` or `sockaddr_in6`: the family, the port, and then, with the flow label
  /// before it, the address.
  private static InetSocketAddress read(ByteBuffer address, boolean ipv6) {
    byte[] ip = new byte[ipv6 ? 16 : 4];
    int port = Short.toUnsignedInt(address.getShort(2));
    address.get(ipv6 ? 8 : 4, ip);
    try {
      return new InetSocketAddress(InetAddress.getByAddress(ip), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
