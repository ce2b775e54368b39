package dev.weir.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.util.UncheckedBooleanSupplier;

/// Reads of a connection that nobody knows yet: one at a time, and of a few bytes, so that a client
/// which sends a lot and never what is asked for costs little. Once the connection is let in, its
/// reads are as any other's. One worker.
public final class PatientReads implements RecvByteBufAllocator, ExtendedHandle {
  private static final int FEW = 4 * 1024;

  private final ExtendedHandle later;
  private boolean waiting = true;
  private int attempted;
  private int last;

  /// @param later how reads are to be done when it is let in
  PatientReads(RecvByteBufAllocator later) {
    this.later = (ExtendedHandle) later.newHandle();
  }

  /// Those of a channel that reads patiently.
  public static PatientReads of(Channel channel) {
    var reads = (PatientReads) channel.config().<RecvByteBufAllocator>getRecvByteBufAllocator();
    reads.waiting = true;
    return reads;
  }

  /// The connection is let in.
  public void end() {
    waiting = false;
  }

  @Override
  public PatientReads newHandle() {
    return this;
  }

  @Override
  public ByteBuf allocate(ByteBufAllocator allocator) {
    return waiting ? allocator.ioBuffer(FEW) : later.allocate(allocator);
  }

  @Override
  public int guess() {
    return waiting ? FEW : later.guess();
  }

  @Override
  public void reset(ChannelConfig config) {
    later.reset(config);
  }

  @Override
  public void incMessagesRead(int number) {
    later.incMessagesRead(number);
  }

  @Override
  public void lastBytesRead(int bytes) {
    last = bytes;
    if (!waiting) {
      later.lastBytesRead(bytes);
    }
  }

  @Override
  public int lastBytesRead() {
    return last;
  }

  @Override
  public void attemptedBytesRead(int bytes) {
    attempted = bytes;
    later.attemptedBytesRead(bytes);
  }

  @Override
  public int attemptedBytesRead() {
    return attempted;
  }

  @Override
  public boolean continueReading() {
    return !waiting && later.continueReading();
  }

  @Override
  public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
    return !waiting && later.continueReading(maybeMore);
  }

  @Override
  public void readComplete() {
    if (!waiting) {
      later.readComplete();
    }
  }
}
