package dev.weir.upstream.http;

import dev.weir.config.HttpProtocol;
import dev.weir.upstream.connect.RequestAccount;
import dev.weir.upstream.connect.UpstreamConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/// A request and its response on an HTTP/2 connection. Its worker only.
final class Http2ClientStream implements UpstreamStream {
  private static final int FRAME_HEADER = 9;

  private final Http2Codec codec;
  private final RequestAccount account;
  private final WireBytes bytes = new WireBytes();
  private StreamListener listener = Deaf.LISTENER;
  private @Nullable Http2Stream netty;
  private @Nullable ResetReason failure;
  private @Nullable CharSequence upgrade;
  private int unconsumed;
  private boolean reading = true;
  private boolean writable = true;
  private boolean requestEnded;
  private boolean responded;
  private boolean responseEnded;
  private boolean over;
  private boolean touched;

  Http2ClientStream(Http2Codec codec, RequestAccount account) {
    this.codec = codec;
    this.account = account;
  }

  @Override
  public void listener(StreamListener next) {
    listener = next;
  }

  private ChannelHandlerContext ctx() {
    return codec.context();
  }

  @Override
  public void sendHeaders(Http2Headers headers, boolean end) {
    if (over) {
      return;
    }
    codec.keepalive().beforeRequest();
    int id = codec.nextId();
    long before = codec.meter().sent();
    var head = headers;
    if (ExtendedConnect.isUpgrade(headers)) {
      upgrade = headers.get("upgrade");
      head = ExtendedConnect.toConnect(headers);
    }
    codec.encoder().writeHeaders(ctx(), id, head, 0, end, ctx().newPromise());
    bytes.headersSent = codec.meter().sent() - before;
    bytes.sent += bytes.headersSent;
    var opened = codec.connection().stream(id);
    if (opened == null) { // no more ids, or the connection is going away
      over(ResetReason.LOCAL_REFUSED_STREAM_RESET);
      return;
    }
    netty = opened;
    opened.setProperty(codec.key(), this);
    codec.stats().streams.increment();
    requestEnded = end;
  }

  @Override
  public void sendData(ByteBuf data, boolean end) {
    if (over || requestEnded || netty == null) {
      data.release();
      return;
    }
    bytes.sent += data.readableBytes() + FRAME_HEADER;
    codec.encoder().writeData(ctx(), netty.id(), data, 0, end, ctx().newPromise());
    requestEnded(end);
  }

  @Override
  public void sendTrailers(Http2Headers trailers) {
    if (!over && !requestEnded && netty != null) {
      codec.encoder().writeHeaders(ctx(), netty.id(), trailers, 0, true, ctx().newPromise());
      requestEnded(true);
    }
  }

  private void requestEnded(boolean end) {
    requestEnded |= end;
  }

  @Override
  public void flush() {
    codec.requestFlush();
  }

  @Override
  public void reset(ResetReason reason) {
    if (over) {
      return;
    }
    listener = Deaf.LISTENER;
    if (netty == null) {
      over(reason);
      return;
    }
    codec.owner().pool().stats().resetSent.increment();
    if (codec.owner().isLastOfDraining()) {
      over(reason);
      codec.owner().close(); // as on Envoy: the connection ends, and the stream with it
    } else {
      sendReset(code(reason));
      over(reason);
    }
  }

  private void sendReset(Http2Error error) {
    if (netty != null) {
      codec.stats().resetSent.increment();
      codec.reset(netty.id(), error);
    }
  }

  private static Http2Error code(ResetReason reason) {
    return switch (reason) {
      case LOCAL_REFUSED_STREAM_RESET -> Http2Error.REFUSED_STREAM;
      case CONNECT_ERROR -> Http2Error.CONNECT_ERROR;
      case PROTOCOL_ERROR -> Http2Error.PROTOCOL_ERROR;
      default -> Http2Error.INTERNAL_ERROR;
    };
  }

  @Override
  public boolean isWritable() {
    return writable;
  }

  @Override
  public void read(boolean wanted) {
    if (reading == wanted) {
      return;
    }
    reading = wanted;
    var stats = codec.owner().pool().stats();
    (wanted ? stats.resumedReading : stats.pausedReading).increment();
    if (wanted) {
      consume();
    }
  }

  /// Gives the host room for what was taken by now.
  private void consume() {
    int taken = unconsumed;
    unconsumed = 0;
    if (taken > 0 && netty != null && !over) {
      try {
        if (codec.decoder().flowController().consumeBytes(netty, taken)) {
          codec.requestFlush();
        }
      } catch (Http2Exception e) {
        throw new IllegalStateException(e); // no more is consumed than has come
      }
    }
  }

  @Override
  public UpstreamConnection connection() {
    return codec.owner().connection();
  }

  @Override
  public HttpProtocol protocol() {
    return HttpProtocol.HTTP2;
  }

  @Override
  public WireBytes bytes() {
    return bytes;
  }

  /// The head, what comes before it, or trailers.
  void onHeaders(Http2Headers headers, boolean end) {
    if (over) {
      return;
    }
    var status = headers.status();
    if (responded) {
      listener.onTrailers(headers);
      responseEnded();
    } else if (status == null || headers.size() > maxHeaders()) {
      sendReset(Http2Error.PROTOCOL_ERROR);
      over(ResetReason.PROTOCOL_ERROR);
    } else if (status.length() == 3 && status.charAt(0) == '1') {
      listener.onInformational(headers);
    } else {
      responded = true;
      if (upgrade != null) {
        ExtendedConnect.toUpgraded(headers, upgrade);
      }
      listener.onHeaders(headers, end);
      if (end) {
        responseEnded();
      } else {
        touch(); // what is behind it may be long in coming
      }
    }
  }

  private int maxHeaders() {
    return codec.owner().pool().config().limits().headerCount();
  }

  /// A piece of the body.
  ///
  /// @return how much of it is taken at once
  int onData(ByteBuf data, int size, boolean end) {
    if (over) {
      return size;
    }
    bytes.received += size + FRAME_HEADER;
    listener.onData(data.retain(), end);
    if (end) {
      responseEnded();
    } else {
      touch();
    }
    if (reading || over) {
      return size;
    }
    unconsumed += size;
    return 0;
  }

  private void touch() {
    if (!touched) {
      touched = true;
      codec.touch(this);
    }
  }

  void onReadComplete() {
    touched = false;
    listener.onReadComplete();
  }

  private void responseEnded() {
    responseEnded = true;
    touch();
  }

  /// The host has reset it.
  void onReset(long code) {
    failure =
        switch (Http2Error.valueOf(code)) {
          case REFUSED_STREAM -> ResetReason.REMOTE_REFUSED_STREAM_RESET;
          case CONNECT_ERROR -> ResetReason.CONNECT_ERROR;
          case PROTOCOL_ERROR -> ResetReason.PROTOCOL_ERROR;
          case null, default -> ResetReason.REMOTE_RESET;
        };
    if (failure == ResetReason.REMOTE_RESET && !over) {
      var stats = codec.owner().pool().stats();
      boolean harmless = code == Http2Error.NO_ERROR.code() && responseEnded;
      (harmless ? stats.resetReceivedNoError : stats.resetReceived).increment();
    }
  }

  /// Why it is about to be closed.
  void failWith(ResetReason reason) {
    failure = reason;
  }

  /// Netty has done with it: both ways have ended, or there was a reset.
  void onStreamClosed() {
    boolean complete = requestEnded && responseEnded;
    over(complete ? null : failure == null ? ResetReason.REMOTE_RESET : failure);
    codec.stats().streams.decrement();
    codec.owner().onStreamEnded(true);
  }

  void onConnectionClosed(ResetReason reason) {
    if (!over && reason == ResetReason.CONNECTION_TERMINATION) {
      codec.owner().pool().stats().ejected.increment();
    }
    over(reason);
  }

  void onWritable() {
    if (netty != null && !requestEnded && failure == null) {
      boolean now = codec.encoder().flowController().isWritable(netty);
      if (now != writable) {
        writable = now;
        listener.onWritable(now);
      }
    }
  }

  /// @param why null if it is complete
  private void over(@Nullable ResetReason why) {
    if (over) {
      return;
    }
    over = true;
    account.end();
    if (why == ResetReason.PROTOCOL_ERROR) {
      codec.owner().pool().stats().resetSent.increment();
    }
    if (why != null) {
      listener.onReset(why);
    }
    if (netty == null) {
      codec.owner().onStreamEnded(true); // or else once Netty has closed its stream
    }
  }
}
