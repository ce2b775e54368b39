package dev.weir.transport;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;

/// How a stream's channel reads and buffers. Made once for a listener or cluster, applied to each
/// of its channels. Any thread.
public final class StreamOptions {
  private static final int MAX_READ = 256 * 1024;
  private static final int FIRST_READ = 16 * 1024;
  private static final int MIN_READ = 2 * 1024;

  private final int limit;
  private final WriteBufferWaterMark waterMark;
  private final RecvByteBufAllocator reads;

  /// @param bufferLimit how many bytes may wait to be written before the other side is no longer
  ///   read (`per_connection_buffer_limit_bytes`); 0 for any number
  public StreamOptions(int bufferLimit) {
    this.limit = bufferLimit == 0 ? Integer.MAX_VALUE : bufferLimit;
    this.waterMark = new WriteBufferWaterMark(limit / 2, limit);
    int most = Math.clamp(limit, MIN_READ, MAX_READ);
    this.reads = new AdaptiveRecvByteBufAllocator(MIN_READ, Math.min(FIRST_READ, most), most);
  }

  /// How many bytes may wait to be written.
  public int limit() {
    return limit;
  }

  /// As [#apply], for a channel whose first bytes are looked at before it is let in.
  public PatientReads applyPatiently(Channel channel) {
    apply(channel);
    var patient = new PatientReads(reads);
    channel.config().setRecvByteBufAllocator(patient);
    return patient;
  }

  /// Prepares a channel before it is registered. It reads nothing by itself, and a FIN closes one
  /// half of it only.
  public void apply(Channel channel) {
    var config = channel.config();
    config.setAutoRead(false);
    config.setConnectTimeoutMillis(0); // whoever connects keeps the time, on a timer of its own
    config.setAllocator(ByteBufAllocator.DEFAULT);
    config.setRecvByteBufAllocator(reads);
    config.setWriteBufferWaterMark(waterMark);
    config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    Uring.order(channel);
  }
}
