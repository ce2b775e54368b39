package dev.weir.transport;

import dev.weir.config.Address;
import io.netty.channel.ServerChannel;

/// A socket that listens: the kernel queues connections from now on. Opened and closed on the main
/// loop; a worker accepts by the channel that is made of it.
public interface ListenSocket extends AutoCloseable {

  /// Where it listens, with the port that the kernel chose if 0 was asked for.
  Address address();

  /// The channel over this socket, which closes it in the end. Once.
  ServerChannel newChannel();

  /// Closes a socket of which no channel was made.
  @Override
  void close();
}
