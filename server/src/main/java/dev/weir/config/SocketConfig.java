package dev.weir.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Options of a socket, for listeners and upstream connections alike.
///
/// @param keepalive set if SO_KEEPALIVE is asked for
/// @param options raw options in the order in which they are applied
///   (`config.core.v3.SocketOption`)
public record SocketConfig(@Nullable Keepalive keepalive, List<Option> options) {

  /// No option at all: what the operating system does.
  public static final SocketConfig DEFAULT = new SocketConfig(null, List.of());

  /// `config.core.v3.TcpKeepalive`; 0 leaves the operating system's value.
  public record Keepalive(int probes, Duration time, Duration interval) {}

  /// One `setsockopt`, with the moment at which it is applied.
  public record Option(String description, int level, int name, OptionValue value, State state) {}

  /// The value of an option.
  public sealed interface OptionValue {
    /// A C `int`.
    record Int(int value) implements OptionValue {}

    /// A block of bytes, in hexadecimal so that two records compare by content.
    record Buffer(String hex) implements OptionValue {}
  }

  /// `SocketOption.SocketState`.
  public enum State {
    PREBIND,
    BOUND,
    LISTENING
  }
}
