package dev.weir.transport;

import dev.weir.config.SocketConfig;
import dev.weir.config.SocketConfig.OptionValue;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The options of a connecting socket, as channel options. Made once for a cluster, applied to each
/// of its channels. Any thread.
final class ChannelOptions {
  private static final System.Logger LOG = System.getLogger(ChannelOptions.class.getName());

  private final List<Setting<?>> settings;

  private ChannelOptions(List<Setting<?>> settings) {
    this.settings = List.copyOf(settings);
  }

  private record Setting<T>(ChannelOption<T> option, T value) {
    /// Without effect where the channel does not know the option.
    void apply(Channel channel) {
      channel.config().setOption(option, value);
    }
  }

  /// What a configuration asks for. The JDK's channels know no raw options: there they are left out
  /// with a warning.
  static ChannelOptions of(SocketConfig config) {
    var settings = new ArrayList<Setting<?>>();
    var keepalive = config.keepalive();
    if (keepalive != null) {
      settings.add(new Setting<>(ChannelOption.SO_KEEPALIVE, true));
      tcp(settings, "TCP_KEEPCNT", RawOptions.TCP_KEEPCNT, keepalive.probes());
      tcp(settings, "TCP_KEEPIDLE", RawOptions.TCP_KEEPIDLE, keepalive.time().toSeconds());
      tcp(settings, "TCP_KEEPINTVL", RawOptions.TCP_KEEPINTVL, keepalive.interval().toSeconds());
    }
    config.options().forEach(option -> settings.add(raw(option)));
    if (!config.options().isEmpty() && Transport.best() == Transport.NIO) {
      LOG.log(System.Logger.Level.WARNING, "the JDK sets no socket options, left out: {0}", config);
    }
    return new ChannelOptions(settings);
  }

  private static void tcp(List<Setting<?>> settings, String name, int number, long value) {
    if (value > 0) {
      var option = new IntegerUnixChannelOption(name, RawOptions.IPPROTO_TCP, number);
      settings.add(new Setting<>(option, Math.toIntExact(value)));
    }
  }

  private static Setting<?> raw(SocketConfig.Option option) {
    var name = option.level() + "/" + option.name();
    return switch (option.value()) {
      case OptionValue.Int(int value) ->
          new Setting<>(new IntegerUnixChannelOption(name, option.level(), option.name()), value);
      case OptionValue.Buffer(String hex) -> {
        byte[] bytes = HexFormat.of().parseHex(hex);
        yield new Setting<>(
            new RawUnixChannelOption(name, option.level(), option.name(), bytes.length),
            ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
      }
    };
  }

  /// Sets the options on a channel that is not connected yet.
  ///
  /// @throws io.netty.channel.ChannelException if the operating system refuses one
  void apply(Channel channel) {
    for (var setting : settings) {
      setting.apply(channel);
    }
  }
}
