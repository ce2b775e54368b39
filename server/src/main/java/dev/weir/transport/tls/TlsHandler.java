package dev.weir.transport.tls;

import dev.weir.transport.TransportFailure;
import dev.weir.transport.TransportHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/// Puts TLS between a channel and the handlers behind it. The channel's worker only.
///
/// The handshake reads by itself. After it, what has come is kept until somebody behind reads. The
/// peer's `close_notify` is the end of its stream, as is its FIN; ours is sent when the output is
/// shut down, and before a close. TCP itself stays open both ways until the close, so that each
/// direction ends on its own.
final class TlsHandler extends TransportHandler {
  private final Handshake handshake;
  private final TlsStats stats;
  private State state = State.NEW;
  private @Nullable TlsEngine engine;
  private @Nullable ChannelPromise ready;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ByteBuf held;
  private boolean demanded;
  private boolean wanted;
  private boolean ended;

  private enum State {
    NEW,
    HANDSHAKE,
    OPEN,
    CLOSED
  }

  /// What begins a handshake.
  interface Handshake {
    /// A connection's TLS.
    ///
    /// @throws TransportFailure if there can be none at present
    TlsEngine begin() throws TransportFailure;
  }

  /// @param stats told how it goes
  TlsHandler(Handshake handshake, TlsStats stats) {
    this.handshake = handshake;
    this.stats = stats;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  /// Begins, on a channel that is connected.
  void start(ChannelPromise outcome) {
    var ctx = context();
    ready = outcome;
    try {
      engine = handshake.begin();
      state = State.HANDSHAKE;
      advance(ctx, null);
      ctx.flush();
      if (state == State.HANDSHAKE) {
        ctx.read();
      }
    } catch (TransportFailure e) {
      state = State.CLOSED;
      outcome.tryFailure(e);
    }
  }

  private ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return context;
  }

  @Override
  public void connect(
      ChannelHandlerContext ctx,
      SocketAddress remote,
      SocketAddress local,
      ChannelPromise promise) {
    var connected = ctx.newPromise();
    connected.addListener(_ -> {
      var failure = connected.cause();
      if (failure == null) {
        start(promise);
      } else {
        promise.tryFailure(failure);
      }
    });
    ctx.connect(remote, local, connected);
  }

  private void advance(ChannelHandlerContext ctx, @Nullable ByteBuf in) {
    var present = engine;
    if (present == null) {
      return;
    }
    try {
      var progress = present.handshake(in, ctx.alloc(), ctx::write);
      if (progress == TlsEngine.Progress.DONE) {
        var rest = present.rest();
        if (rest != null) {
          hold(rest);
        }
        if (in != null && in.isReadable()) {
          hold(in.retainedSlice());
        }
        ctx.flush();
        open(ctx, present);
      }
    } catch (TransportFailure e) {
      ctx.flush(); // an alert
      stats.failed(e);
      present.session().attach(ctx.channel());
      fail(e);
    }
  }

  private void open(ChannelHandlerContext ctx, TlsEngine present) {
    state = State.OPEN;
    var session = present.session();
    stats.handshake(session);
    session.attach(ctx.channel());
    var outcome = ready;
    if (outcome != null && !outcome.trySuccess() && !outcome.isSuccess()) {
      ctx.close(); // nobody waits any more
    }
  }

  private void fail(Throwable cause) {
    state = State.CLOSED;
    if (ready != null) {
      ready.tryFailure(cause);
    }
  }

  private void hold(ByteBuf bytes) {
    var before = held;
    if (before == null) {
      held = bytes;
    } else {
      held =
          context().alloc().compositeBuffer().addComponent(true, before).addComponent(true, bytes);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var bytes = direct(ctx, (ByteBuf) message);
    switch (state) {
      case HANDSHAKE -> {
        try {
          advance(ctx, bytes);
        } finally {
          bytes.release();
        }
      }
      case OPEN -> {
        if (demanded) {
          decrypt(ctx, bytes);
        } else {
          hold(bytes);
        }
      }
      case NEW, CLOSED -> bytes.release();
    }
  }

  /// The bytes at one address, where the library can find them.
  private static ByteBuf direct(ChannelHandlerContext ctx, ByteBuf bytes) {
    if (bytes.isDirect() && bytes.nioBufferCount() == 1) {
      return bytes;
    }
    try {
      return ctx.alloc().directBuffer(bytes.readableBytes()).writeBytes(bytes);
    } finally {
      bytes.release();
    }
  }

  private void decrypt(ChannelHandlerContext ctx, ByteBuf bytes) {
    var present = engine;
    try {
      if (present != null
          && !ended
          && !present.read(bytes, ctx.alloc(), plaintext -> pass(ctx, plaintext), ctx::write)) {
        end(ctx);
      }
    } catch (TransportFailure e) {
      ctx.flush(); // an alert
      stats.failed(e);
      state = State.CLOSED;
      ctx.fireExceptionCaught(e);
    } finally {
      bytes.release();
    }
  }

  private void pass(ChannelHandlerContext ctx, ByteBuf plaintext) {
    wanted = false;
    ctx.fireChannelRead(plaintext);
  }

  /// Nothing more comes from the peer.
  private void end(ChannelHandlerContext ctx) {
    if (!ended) {
      ended = true;
      wanted = false;
      if (demanded) {
        ctx.fireChannelReadComplete(); // of what came before it, perhaps in the same record
        ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.flush();
    if (demanded) {
      ctx.fireChannelReadComplete();
    }
    boolean more = state == State.HANDSHAKE || (state == State.OPEN && wanted && !ended);
    if (more && !ctx.channel().config().isAutoRead()) {
      ctx.read();
    }
  }

  /// Somebody behind reads: hands on what has come, and reads on.
  @Override
  public void read(ChannelHandlerContext ctx) {
    wanted = true;
    if (!demanded && state != State.HANDSHAKE) {
      demanded = true;
      boolean endedBefore = ended;
      ended = false;
      var bytes = held;
      held = null;
      if (bytes != null) {
        decrypt(ctx, direct(ctx, bytes));
        ctx.flush();
        ctx.fireChannelReadComplete();
      }
      if (endedBefore) {
        end(ctx);
      }
    }
    ctx.read();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (!(event instanceof ChannelInputShutdownEvent)) {
      if (demanded) {
        ctx.fireUserEventTriggered(event);
      }
      return;
    }
    switch (state) {
      case HANDSHAKE -> fail(new ClosedChannelException());
      case OPEN -> end(ctx);
      case NEW, CLOSED -> {}
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (state == State.HANDSHAKE) {
      fail(new ClosedChannelException());
    }
    state = State.CLOSED;
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (state == State.HANDSHAKE) {
      fail(cause);
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    var plaintext = (ByteBuf) message;
    if (!plaintext.isReadable()) {
      ctx.write(plaintext, promise); // waits for what was written before
      return;
    }
    var present = engine;
    if (present == null || state != State.OPEN) {
      plaintext.release();
      promise.tryFailure(new ClosedChannelException());
      return;
    }
    var bytes = direct(ctx, plaintext);
    try {
      ctx.write(present.write(bytes, ctx.alloc()), promise);
    } catch (TransportFailure e) {
      promise.tryFailure(e);
    } finally {
      bytes.release();
    }
  }

  @Override
  protected void shutdownOutput() {
    var present = engine;
    if (present != null && state == State.OPEN) {
      var ctx = context();
      present.shutdown(ctx.alloc(), ctx::write);
      ctx.flush();
    }
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    shutdownOutput();
    if (state == State.HANDSHAKE) {
      fail(new ClosedChannelException());
    }
    state = State.CLOSED;
    ctx.close(promise);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    state = State.CLOSED;
    var present = engine;
    engine = null;
    if (present != null) {
      present.close();
    }
    ReferenceCountUtil.release(held);
    held = null;
  }
}
