package dev.weir.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.Errors;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;

/// What has to be known about sockets. Any thread.
public final class Sockets {
  private Sockets() {}

  /// The socket address of an IP literal.
  ///
  /// @throws IllegalArgumentException if the host is none, since names are resolved elsewhere
  public static InetSocketAddress ip(String host, int port) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
    if (bytes == null) {
      throw new IllegalArgumentException("not an IP address: " + host);
    }
    try {
      return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /// The path as the kernel wants it: a leading `@` stands for the zero byte of the abstract
  /// namespace.
  static String unixPath(String path) {
    return path.startsWith("@") ? "\0" + path.substring(1) : path;
  }

  /// Closes so that the peer sees a reset instead of the end of the stream; what was not sent yet
  /// is lost.
  public static void reset(Channel channel) {
    try {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    } catch (ChannelException _) {
      // The peer was faster: there is no connection left that could be reset.
    }
    channel.close();
  }

  /// Whether an exception of a read or a write says that the peer has reset the connection.
  public static boolean isReset(Throwable cause) {
    return switch (cause) {
      case Errors.NativeIoException e -> e.expectedErr() == Errors.ERRNO_ECONNRESET_NEGATIVE;
      case SocketException e -> "Connection reset".equals(e.getMessage());
      case IOException e -> "Connection reset by peer".equals(e.getMessage());
      default -> false;
    };
  }
}
