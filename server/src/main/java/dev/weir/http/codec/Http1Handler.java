package dev.weir.http.codec;

import dev.weir.config.HttpConnectionManagerConfig.Limits;
import dev.weir.config.HttpProtocol;
import dev.weir.config.http.Http1Config;
import dev.weir.config.http.RequestRules.Underscores;
import dev.weir.transport.Sockets;
import dev.weir.transport.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// HTTP/1 at a server's end: one request at a time. Its connection's worker only.
///
/// A client may send further requests before it has the response. They wait, decoded; once one
/// waits, nothing more is read.
public final class Http1Handler extends ChannelInboundHandlerAdapter implements ServerCodec {
  private static final long NEVER = Long.MAX_VALUE;

  private final CodecOwner owner;
  private final Worker worker;
  private final Options options;
  private final Http1Requests requests;
  private final Http1Writer writer;
  private final Http1Decoder decoder;
  private final ArrayDeque<Object> waiting = new ArrayDeque<>(0);
  private @Nullable Http1Stream current;
  private @Nullable ChannelHandlerContext context;
  private long headersSince = NEVER;
  private boolean raw;
  private boolean stopped;
  private boolean flowing = true;
  private boolean draining;

  /// How it is spoken.
  public record Options(
      Http1Config http1, Limits limits, Underscores underscores, Http1Stats stats) {}

  public Http1Handler(CodecOwner owner, Worker worker, Options options) {
    this.owner = owner;
    this.worker = worker;
    this.options = options;
    this.requests = new Http1Requests(options);
    this.writer = new Http1Writer(options.http1.letterCase());
    this.decoder = new Http1Decoder(this, options.limits);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    ctx.pipeline().addBefore(ctx.name(), null, new ByteMeter(owner));
    ctx.pipeline().addBefore(ctx.name(), null, decoder);
  }

  @Override
  public HttpProtocol protocol() {
    return HttpProtocol.HTTP1;
  }

  @Override
  public void noticeShutdown() {
    // HTTP/1 says it with the next response: `connection: close`.
  }

  @Override
  public void goAway() {
    // As above.
  }

  @Override
  public long headersSince() {
    return headersSince;
  }

  @Override
  public void abandonHeaders(InvalidRequest why) {
    headersSince = NEVER;
    begin().listener().onInvalid(why);
  }

  @Override
  public void stopReading() {
    stopped = true;
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    updateReading();
  }

  /// Bytes are about to go to the decoder: a request's head begins with them, unless one is under
  /// way.
  ///
  /// @return whether they may go there; if not they are released
  boolean takesBytes(ByteBuf bytes) {
    if (stopped) {
      bytes.release();
      return false;
    }
    if (current != null || headersSince != NEVER || !bytes.isReadable()) {
      return true;
    }
    headersSince = worker.now();
    byte first = bytes.getByte(bytes.readerIndex());
    if (Character.isLetter(first) || first == '\r' || first == '\n') {
      return true;
    }
    bytes.release(); // no request begins so: the client speaks something else
    owner.onProtocolError(InvalidRequest.CODEC.details());
    abandonHeaders(InvalidRequest.CODEC);
    return false;
  }

  ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return context;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (stopped) {
      ReferenceCountUtil.release(message);
    } else if (!waiting.isEmpty() || mustWait(message)) {
      waiting.add(message);
      updateReading();
    } else {
      take(message);
    }
  }

  /// Whether this is of a request behind the current one.
  private boolean mustWait(Object message) {
    return current != null && current.requestComplete() && message instanceof HttpRequest;
  }

  private void take(Object message) {
    if (raw) {
      payload(message);
      return;
    }
    if (message instanceof HttpRequest request) {
      begin(request);
    } else if (message instanceof HttpContent content) {
      content(content);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  /// What follows a CONNECT or an upgrade.
  private void payload(Object message) {
    if (message instanceof ByteBuf data && current != null && current.listening()) {
      current.listener().onData(data, false);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private Http1Stream begin() {
    var stream = new Http1Stream(this, writer);
    current = stream;
    stream.listener(owner.onStream(stream));
    return stream;
  }

  private void begin(HttpRequest request) {
    headersSince = NEVER;
    var stream = begin();
    var head = requests.head(request);
    stream.request(request.method().name(), head.http10());
    var invalid = head.invalid();
    if (invalid != null) {
      owner.onProtocolError(invalid.details());
      stream.listener().onInvalid(invalid);
      return;
    }
    boolean end = !head.body() && !head.raw();
    stream.requestComplete(end);
    stream.listener().onHeaders(head.headers(), end);
    if (head.raw()) {
      raw = true;
      context().pipeline().remove(decoder); // hands on what it has in hand
    }
  }

  private void content(HttpContent content) {
    var stream = current;
    if (stream == null || stream.requestComplete() || !stream.listening()) {
      content.release();
      return;
    }
    var failure = Http1Requests.failure(content.decoderResult());
    if (failure != null) {
      content.release();
      owner.onProtocolError(failure.details());
      stream.listener().onInvalid(failure);
      return;
    }
    boolean last = content instanceof LastHttpContent;
    var trailers = last ? ((LastHttpContent) content).trailingHeaders() : null;
    boolean trailing = trailers != null && !trailers.isEmpty() && withTrailers();
    stream.requestComplete(last);
    var data = content.content();
    if (data.isReadable() || (last && !trailing)) {
      stream.listener().onData(data, last && !trailing);
    } else {
      data.release();
    }
    if (trailing && trailers != null && stream.listening()) {
      stream.listener().onTrailers(form(trailers));
    }
  }

  private static Http2Headers form(HttpHeaders trailers) {
    var headers = new DefaultHttp2Headers(false, trailers.size());
    for (var all = trailers.iteratorCharSequence(); all.hasNext(); ) {
      var entry = all.next();
      headers.add(AsciiString.of(entry.getKey()).toLowerCase(), entry.getValue());
    }
    return headers;
  }

  /// Whether trailers are handed on.
  boolean withTrailers() {
    return options.http1.trailers();
  }

  /// Whether what follows the request's head is not HTTP: after a CONNECT or an upgrade.
  boolean isRaw() {
    return raw;
  }

  /// Says whether the current request's listener wants more.
  void flow(boolean wanted) {
    flowing = wanted;
    updateReading();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (current != null && current.listening()) {
      current.listener().onReadComplete();
    } else {
      ctx.flush();
    }
  }

  /// The response is written; if the request was read too, the next one is taken.
  void responded(Http1Stream stream) {
    if (stream == current && stream.requestComplete()) {
      current = null;
      drainWaiting();
    }
  }

  /// Takes what has waited, unless whoever is taken before that is still at it.
  private void drainWaiting() {
    if (draining) {
      return;
    }
    draining = true;
    while (!waiting.isEmpty() && !stopped && !mustWait(waiting.peek()) && mayAnswer()) {
      take(waiting.poll());
    }
    draining = false;
    updateReading();
    if (current != null && current.listening()) {
      current.listener().onReadComplete();
    }
  }

  /// Whether a client that asks without pause also takes the answers.
  private boolean mayAnswer() {
    return current != null || context().channel().isWritable();
  }

  private void updateReading() {
    boolean wanted = !stopped && flowing && waiting.isEmpty();
    var config = context().channel().config();
    if (config.isAutoRead() != wanted) {
      config.setAutoRead(wanted);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (current != null && current.listening()) {
      current.listener().onWritable(ctx.channel().isWritable());
    } else if (ctx.channel().isWritable()) {
      drainWaiting();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      owner.onRemoteClose(false);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    owner.onRemoteClose(Sockets.isReset(cause));
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    owner.onRemoteClose(false);
  }
}
