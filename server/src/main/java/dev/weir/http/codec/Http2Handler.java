package dev.weir.http.codec;

import dev.weir.config.HttpConnectionManagerConfig.Limits;
import dev.weir.config.HttpProtocol;
import dev.weir.config.http.Http2Config;
import dev.weir.config.http.RequestRules.Underscores;
import dev.weir.transport.FrameCumulator;
import dev.weir.transport.Sockets;
import dev.weir.transport.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.HeaderListSizeException;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// HTTP/2 at a server's end. Its connection's worker only.
///
/// Netty's handler keeps the frames and the windows; [Http2Requests] makes requests of its streams,
/// [FrameWatch] and [OutboundFrames] look after floods.
public final class Http2Handler extends Http2ConnectionHandler implements ServerCodec {
  private static final int DEFAULT_WINDOW = 65_535;

  private final CodecOwner owner;
  private final Options options;
  private final Http2Requests requests;
  private final FrameWatch watch;
  private final Http2Keepalive keepalive;
  private final PendingFlush flushes;
  private @Nullable ChannelHandlerContext context;
  private boolean flushWanted;
  private boolean failed;

  /// How it is spoken.
  ///
  /// @param flushTimeout how long a complete response may wait to be sent, in milliseconds; 0 for
  ///   ever
  public record Options(
      Http2Config http2,
      Limits limits,
      Underscores underscores,
      long flushTimeout,
      Http2Stats stats,
      Worker worker) {}

  Http2Handler(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      OutboundFrames frames,
      CodecOwner owner,
      Options options) {
    super(decoder, encoder, settings, true, true);
    setCumulator(FrameCumulator.INSTANCE);
    this.owner = owner;
    this.options = options;
    this.watch = new FrameWatch(this, frames, options.http2.floods(), options.worker);
    this.keepalive = new Http2Keepalive(this, options.http2.keepalive(), options.worker);
    this.flushes = new PendingFlush(this, options.worker);
    this.requests = new Http2Requests(this, owner, options);
    connection().addListener(requests);
    decoder.frameListener(requests);
    encoder.flowController().listener(stream -> requests.onWritable(stream, isWritable(stream)));
  }

  /// Makes a handler.
  public static Http2Handler of(CodecOwner owner, Options options) {
    return Http2HandlerBuilder.build(owner, options);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    ctx.pipeline().addBefore(ctx.name(), null, new ByteMeter(owner));
    ctx.pipeline().addBefore(ctx.name(), null, watch);
    options.stats.connections.increment();
    keepalive.start();
    super.handlerAdded(ctx);
    int more = options.http2.windows().connection() - DEFAULT_WINDOW;
    if (more > 0) {
      var flow = decoder().flowController();
      flow.incrementWindowSize(connection().connectionStream(), more);
    }
    ctx.flush();
  }

  private ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return context;
  }

  @Override
  public HttpProtocol protocol() {
    return HttpProtocol.HTTP2;
  }

  // What streams ask for.

  /// Flushes once for all streams that have something to send in this turn of the loop.
  void requestFlush() {
    if (!flushWanted) {
      flushWanted = true;
      context().executor().execute(this::flushIfWanted);
    }
  }

  private void flushIfWanted() {
    if (flushWanted && context().channel().isActive()) {
      flush(context());
    }
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    flushWanted = false;
    super.flush(ctx);
  }

  void write(Http2Stream stream, Http2Headers headers, boolean end) {
    encoder().writeHeaders(context(), stream.id(), headers, 0, end, context().newPromise());
  }

  void write(Http2Stream stream, ByteBuf data, boolean end) {
    watch.dataSent();
    encoder().writeData(context(), stream.id(), data, 0, end, context().newPromise());
  }

  /// A response is complete: if it cannot leave at once, it is given up after that time.
  void watchFlush(Http2Stream stream, long millis) {
    if (!isWritable(stream)) {
      flushes.add(stream, millis);
    }
  }

  /// For how long a complete response may wait to be sent, unless its stream is told otherwise.
  long flushTimeout() {
    return options.flushTimeout;
  }

  void reset(Http2Stream stream, long code) {
    options.stats.resetSent.increment();
    flushIfWanted(); // a reset drops what is not written yet
    resetStream(context(), stream.id(), code, context().newPromise());
    flush(context());
  }

  boolean isWritable(Http2Stream stream) {
    return encoder().flowController().isWritable(stream);
  }

  /// Lets the client send more.
  void grant(Http2Stream stream, int bytes) throws Http2Exception {
    if (connection().local().flowController().consumeBytes(stream, bytes)) {
      requestFlush();
    }
  }

  /// A complete response has waited for long enough.
  void giveUpFlush(Http2Stream stream) {
    if (encoder().flowController().hasFlowControlled(stream)) {
      options.stats.flushTimeout.increment();
      reset(stream, Http2Error.INTERNAL_ERROR.code());
    }
  }

  /// Whether a malformed request ends its stream only.
  boolean resetsMalformedStreams() {
    return options.http2.streamErrorOnInvalidMessage();
  }

  // The end of the connection.

  @Override
  public void noticeShutdown() {
    goAway(Integer.MAX_VALUE);
  }

  @Override
  public void goAway() {
    options.stats.goAwaySent.increment();
    goAway(lastStream());
  }

  private void goAway(int lastStream) {
    var ctx = context();
    if (ctx.channel().isActive()) {
      long code = Http2Error.NO_ERROR.code();
      goAway(ctx, lastStream, code, Unpooled.EMPTY_BUFFER, ctx.newPromise());
      ctx.flush();
    }
  }

  private int lastStream() {
    return Math.max(0, connection().remote().lastStreamCreated());
  }

  /// Says why the connection ends. Netty would end it with these words, before the client has had
  /// the time to read them.
  private void lastWords(Http2Error error) {
    failed = true;
    var ctx = context();
    var frames = encoder().frameWriter();
    frames.writeGoAway(ctx, lastStream(), error.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
    flush(ctx);
  }

  @Override
  public long headersSince() {
    return watch.headersSince();
  }

  /// There is no stream to answer on yet, and nothing else can come before the head is whole: the
  /// connection ends.
  @Override
  public void abandonHeaders(InvalidRequest why) {
    watch.headEnded();
    cutOff("http2." + why.details());
  }

  void onFlood(Flood flood) {
    options.stats.flood(flood);
    if (flood == Flood.RESET) {
      owner.onProtocolError(flood.details());
    }
    cutOff(flood.details());
  }

  private void cutOff(String details) {
    lastWords(Http2Error.ENHANCE_YOUR_CALM);
    owner.onCutOff(details);
  }

  /// Whether nothing is to be heard any more.
  boolean isFailed() {
    return failed;
  }

  /// The client breaks the rules.
  void fail(Http2Error error, String details) {
    if (!failed) {
      lastWords(error);
      owner.onProtocolError(details);
    }
  }

  void onKeepaliveTimeout() {
    options.stats.keepaliveTimeout.increment();
    owner.onCutOff("http2.ping_timeout");
  }

  void onPingAnswered() {
    keepalive.answered();
  }

  void ping(long payload) {
    encoder().writePing(context(), false, payload, context().newPromise());
    requestFlush();
  }

  @Override
  public void stopReading() {
    context().channel().config().setAutoRead(false);
  }

  // What Netty tells.

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    requests.readComplete();
    super.channelReadComplete(ctx);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof ChannelInputShutdownEvent) {
      owner.onRemoteClose(false);
    } else {
      super.userEventTriggered(ctx, event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    if (Http2Exception.class.isInstance(cause)) {
      super.exceptionCaught(ctx, cause);
    } else {
      owner.onRemoteClose(Sockets.isReset(cause));
    }
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
    flushIfWanted();
    super.close(ctx, promise);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    keepalive.stop();
    flushes.stop();
    try {
      owner.onRemoteClose(false);
    } finally {
      super.channelInactive(ctx); // lets go of what waits for a window
    }
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception error) {
    if (error != null && !outbound) {
      fail(error.error(), "http2." + error.error().name().toLowerCase(Locale.ROOT));
    } else {
      super.onConnectionError(ctx, outbound, cause, error); // what was written has gone nowhere
    }
  }

  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException error) {
    boolean head =
        !outbound
            && error.error() == Http2Error.PROTOCOL_ERROR
            && !(error instanceof HeaderListSizeException);
    if (!head || !requests.malformed(error.streamId())) {
      super.onStreamError(ctx, outbound, cause, error);
    }
  }

  /// Envoy does not answer a head that is too large: the stream is reset, and no more.
  @Override
  protected void handleServerHeaderDecodeSizeError(ChannelHandlerContext ctx, Http2Stream stream) {
    requests.tooLarge(stream);
  }
}
