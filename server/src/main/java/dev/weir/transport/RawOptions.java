package dev.weir.transport;

import dev.weir.config.SocketConfig;
import dev.weir.config.SocketConfig.OptionValue;
import dev.weir.config.SocketConfig.State;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/// Socket options by Linux's numbers.
final class RawOptions {
  static final int IPPROTO_TCP = 6;
  static final int IPPROTO_IPV6 = 41;
  static final int IPV6_V6ONLY = 26;
  static final int TCP_KEEPIDLE = 4;
  static final int TCP_KEEPINTVL = 5;
  static final int TCP_KEEPCNT = 6;

  private RawOptions() {}

  /// Sets the options that belong to this moment of a socket's life.
  static void apply(Socket socket, SocketConfig config, State moment) throws IOException {
    for (var option : config.options()) {
      if (option.state() == moment) {
        set(socket, option);
      }
    }
  }

  private static void set(Socket socket, SocketConfig.Option option) throws IOException {
    try {
      setUnchecked(socket, option);
    } catch (ChannelException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static void setUnchecked(Socket socket, SocketConfig.Option option) throws IOException {
    switch (option.value()) {
      case OptionValue.Int(int value) -> socket.setIntOpt(option.level(), option.name(), value);
      case OptionValue.Buffer(String hex) ->
          socket.setRawOpt(
              option.level(), option.name(), ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }
  }

  /// Turns keepalive on if it is asked for. Accepted sockets inherit it.
  static void keepalive(Socket socket, SocketConfig config) throws IOException {
    var keepalive = config.keepalive();
    if (keepalive != null) {
      socket.setKeepAlive(true);
      setPositive(socket, TCP_KEEPCNT, keepalive.probes());
      setPositive(socket, TCP_KEEPIDLE, keepalive.time().toSeconds());
      setPositive(socket, TCP_KEEPINTVL, keepalive.interval().toSeconds());
    }
  }

  private static void setPositive(Socket socket, int name, long value) throws IOException {
    if (value > 0) {
      socket.setIntOpt(IPPROTO_TCP, name, Math.toIntExact(value));
    }
  }
}
