package dev.weir.transport;

import dev.weir.config.Address;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Errors;
import io.netty.util.NetUtil;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/// What has to be known about sockets. Any thread.
public final class Sockets {
  /// Of `bind(..) failed with error(-98): Address already in use: /127.0.0.1:80`, what stands
  /// before and behind the reason; io_uring's own calls say so before.
  private static final Pattern NATIVE_PREFIX =
      Pattern.compile("^(?:io_uring )?\\w+\\((?:\\.\\.)?\\) failed(?: with error\\(-?\\d+\\))?: ");

  private static final Pattern NATIVE_SUFFIX = Pattern.compile(": .*$");

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

  /// A configured address as Netty and the records know it.
  ///
  /// @throws IllegalArgumentException if it is a host name
  public static SocketAddress address(Address address) {
    return switch (address) {
      case Address.Socket(var host, var port) -> ip(host, port);
      case Address.Pipe(var path, _) -> new DomainSocketAddress(unixPath(path));
    };
  }

  /// The path as the kernel wants it: a leading `@` stands for the zero byte of the abstract
  /// namespace.
  static String unixPath(String path) {
    return path.startsWith("@") ? "\0" + path.substring(1) : path;
  }

  /// The permission bits of a Unix socket's file.
  static Set<PosixFilePermission> permissions(int mode) {
    var all = PosixFilePermission.values(); // declared from the highest bit to the lowest
    var granted = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < all.length; i++) {
      if ((mode & (1 << (all.length - 1 - i))) != 0) {
        granted.add(all[i]);
      }
    }
    return granted;
  }

  /// Why the operating system has refused, in its own words: `Address already in use`.
  public static String reason(Throwable cause) {
    if (cause instanceof FileNotFoundException) {
      return "No such file or directory"; // which is all that Netty tells of a Unix socket
    }
    var message = String.valueOf(cause.getMessage());
    return NATIVE_SUFFIX.matcher(NATIVE_PREFIX.matcher(message).replaceFirst("")).replaceFirst("");
  }

  /// Closes so that the peer sees a reset instead of the end of the stream; what was not sent yet
  /// is lost.
  public static void reset(Channel channel) {
    resetOnClose(channel);
    channel.close();
  }

  /// Passes the end of a stream on: with the transport's own word for it where it has one, else
  /// with a FIN. The other direction goes on.
  public static void shutdownOutput(Channel channel) {
    var transport = channel.pipeline().get(TransportHandler.class);
    if (transport == null) {
      ((DuplexChannel) channel).shutdownOutput();
    } else {
      transport.shutdownOutput();
    }
  }

  /// Whether a connect has failed as the local address cannot be had.
  public static boolean isBindFailure(Throwable cause) {
    return switch (cause) {
      case BindException _ -> true;
      case Errors.NativeIoException e -> String.valueOf(e.getMessage()).startsWith("bind(");
      default -> false;
    };
  }

  /// Lets the close of a connection be a reset.
  public static void resetOnClose(Channel channel) {
    try {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    } catch (ChannelException _) {
      // The peer was faster: there is no connection left that could be reset.
    }
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
