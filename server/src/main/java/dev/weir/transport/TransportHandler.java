package dev.weir.transport;

import io.netty.channel.ChannelDuplexHandler;

/// The handler of a transport that has a word of its own for the end of a stream. The channel's
/// worker only.
public abstract class TransportHandler extends ChannelDuplexHandler {
  /// Tells the peer that nothing more comes, once all that was written before is sent.
  protected abstract void shutdownOutput();
}
