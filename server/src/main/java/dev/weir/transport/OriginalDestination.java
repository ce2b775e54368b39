package dev.weir.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

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

  /// What the kernel says of a connection.
  public sealed interface Outcome {
    /// It was going there.
    record Found(InetSocketAddress address) implements Outcome {}

    /// It was not redirected.
    record NotRedirected() implements Outcome {}

    /// Nobody can tell where connections were going.
    ///
    /// @param reason for people, with what there is to do about it
    record Unavailable(String reason) implements Outcome {}
  }

  /// Where a connection was going.
  public static Outcome of(Channel channel) {
    if (!(channel.localAddress() instanceof InetSocketAddress local)) {
      return new Outcome.NotRedirected();
    }
    boolean ipv6 = local.getAddress() instanceof Inet6Address;
    var option = ipv6 ? IPV6 : IPV4;
    try {
      var address = channel.config().getOption(option);
      return address == null
          ? new Outcome.Unavailable(
              option.name() + " is not to be had: sockets are not those of Linux (epoll)")
          : new Outcome.Found(read(address, ipv6));
    } catch (ChannelException e) {
      return isUntracked(e)
          ? new Outcome.NotRedirected()
          : new Outcome.Unavailable(
              "getsockopt("
                  + option.name()
                  + ") fails: "
                  + Sockets.reason(e.getCause() == null ? e : e.getCause())
                  + ". The kernel has to track connections: is nf_conntrack loaded, and is there a"
                  + " REDIRECT rule in this network namespace?");
    }
  }

  /// The kernel tracks connections, and this is none of them.
  private static boolean isUntracked(ChannelException e) {
    return e.getCause() instanceof Errors.NativeIoException io
        && io.expectedErr() == Errors.ERRNO_ENOENT_NEGATIVE;
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
