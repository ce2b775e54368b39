package dev.weir.upstream.http;

import dev.weir.config.UpstreamHttpConfig;
import dev.weir.transport.FrameCumulator;
import dev.weir.upstream.connect.RequestAccount;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// HTTP/2 on one connection: many requests at once, within what the host and the cluster allow. Its
/// worker only.
final class Http2Codec extends Http2ConnectionHandler implements ClientCodec {
  /// `SETTINGS_ENABLE_CONNECT_PROTOCOL` of RFC 8441.
  private static final char ENABLE_CONNECT_PROTOCOL = 8;

  private final PooledConnection owner;
  private final Http2Connection.PropertyKey key;
  private final Http2Keepalive keepalive;
  private final WireMeter meter;
  private long allowedByHost = Long.MAX_VALUE;
  private final ArrayList<Http2ClientStream> touched = new ArrayList<>();
  private final ArrayDeque<Reset> resets = new ArrayDeque<>(0);
  private int nextId = 1;
  private boolean flushing;
  private boolean reading;
  private @Nullable ChannelHandlerContext context;

  /// A reset that goes out once all is read that came at once.
  private record Reset(int stream, Http2Error error) {}

  private Http2Codec(
      PooledConnection owner,
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings) {
    super(decoder, encoder, settings, true, false);
    setCumulator(FrameCumulator.INSTANCE);
    this.owner = owner;
    this.key = connection().newKey();
    this.meter = new WireMeter(owner.pool().stats());
    this.keepalive = new Http2Keepalive(this, owner.pool().config().http2().keepalive());
    var events = new Http2Events(this);
    decoder.frameListener(events);
    connection().addListener(events);
    encoder.flowController().listener(events);
  }

  static Http2Codec of(PooledConnection owner) {
    var config = owner.pool().config();
    var http2 = config.http2();
    var connection = new DefaultHttp2Connection(false, 0);
    var encoder = new DefaultHttp2ConnectionEncoder(connection, Http2Frames.writer());
    var headers = new DefaultHttp2HeadersDecoder(true, config.limits().headerBytes());
    var decoder =
        new DefaultHttp2ConnectionDecoder(
            connection, encoder, new DefaultHttp2FrameReader(headers));
    return new Http2Codec(owner, decoder, encoder, settings(http2));
  }

  private static Http2Settings settings(UpstreamHttpConfig.Http2 config) {
    var settings =
        new Http2Settings()
            .pushEnabled(false)
            .headerTableSize(config.tableSize())
            .maxConcurrentStreams(config.maxStreams())
            .initialWindowSize(config.streamWindow());
    settings.put(ENABLE_CONNECT_PROTOCOL, Long.valueOf(0));
    return settings;
  }

  @Override
  public void start() {
    var channel = owner.connection().channel();
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    channel.pipeline().addLast(meter, this);
    stats().connections.increment();
    widen();
    channel.config().setAutoRead(true);
    keepalive.start();
  }

  /// Lets the host send more than the protocol's 64 KiB at once.
  private void widen() {
    int more = owner.pool().config().http2().connectionWindow() - 65_535;
    if (more > 0) {
      try {
        var root = connection().connectionStream();
        decoder().flowController().incrementWindowSize(root, more);
      } catch (Http2Exception e) {
        throw new IllegalStateException(e); // the window is below 2^31
      }
    }
    requestFlush();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    super.handlerAdded(ctx);
  }

  @Override
  public UpstreamStream open(RequestAccount account) {
    return new Http2ClientStream(this, account);
  }

  /// The number of a new stream.
  int nextId() {
    int id = nextId;
    nextId += 2;
    return id;
  }

  @Override
  public long capacity() {
    if (nextId < 0) {
      return 0; // all numbers are used up
    }
    return Math.min(allowedByHost, owner.pool().config().http2().maxStreams());
  }

  /// The host has said how many streams it allows.
  void allowed(long streams) {
    allowedByHost = streams;
    owner.onCapacityChanged();
  }

  /// Where frames are written.
  ///
  /// @throws IllegalStateException before [#start]
  ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return context;
  }

  /// Which property of Netty's stream is ours.
  Http2Connection.PropertyKey key() {
    return key;
  }

  PooledConnection owner() {
    return owner;
  }

  WireMeter meter() {
    return meter;
  }

  Http2Stats stats() {
    return owner.pool().stats().http2();
  }

  Http2Keepalive keepalive() {
    return keepalive;
  }

  /// Flushes once for all streams that have something to send in this turn of the loop.
  void requestFlush() {
    if (!flushing) {
      flushing = true;
      owner.pool().worker().execute(this::flushNow);
    }
  }

  private void flushNow() {
    if (flushing && !owner.isClosed()) {
      flush(context());
    }
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    flushing = false;
    super.flush(ctx);
  }

  /// Resets a stream, behind all that was sent on it. As on Envoy, a reset by the host that has
  /// come along with what we reset it for is heard first.
  void reset(int stream, Http2Error error) {
    if (reading) {
      resets.add(new Reset(stream, error));
      return;
    }
    flushNow(); // a reset drops what is not written yet
    resetStream(context(), stream, error.code(), context().newPromise());
    flush(context());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    reading = true;
    super.channelRead(ctx, message);
  }

  private void readingEnded() {
    reading = false;
    for (var next = resets.poll(); next != null; next = resets.poll()) {
      if (!owner.isClosed()) {
        reset(next.stream, next.error);
      }
    }
  }

  /// The host will take no further streams on this connection.
  void goingAway() {
    owner.pool().stats().closeNotify.increment();
    owner.drain();
  }

  /// A stream has heard something, and wants to know when all that came at once was read.
  void touch(Http2ClientStream stream) {
    touched.add(stream);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    for (int i = 0; i < touched.size(); i++) {
      touched.get(i).onReadComplete();
    }
    touched.clear();
    readingEnded();
    super.channelReadComplete(ctx);
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception error) {
    if (!outbound && !owner.isClosed()) {
      owner.pool().stats().protocolError.increment();
      var bytes = ctx.alloc().buffer(0);
      long code = error == null ? Http2Error.PROTOCOL_ERROR.code() : error.error().code();
      goAway(ctx, connection().remote().lastStreamCreated(), code, bytes, ctx.newPromise());
      stats().goAwaySent.increment();
      ctx.flush();
      failAll(ResetReason.PROTOCOL_ERROR);
      owner.close();
    }
  }

  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException error) {
    var netty = connection().stream(error.streamId());
    var stream = netty == null ? null : Http2Events.stream(this, netty);
    if (stream != null && !outbound) {
      stats().messagingError.increment();
      stream.failWith(ResetReason.PROTOCOL_ERROR);
    }
    super.onStreamError(ctx, outbound, cause, error);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
      super.exceptionCaught(ctx, cause);
    } else {
      ctx.close(); // a reset; channelInactive follows
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    owner.closedByPeer();
    super.channelInactive(ctx);
  }

  @Override
  public void onClosed() {
    keepalive.stop();
    failAll(ResetReason.CONNECTION_TERMINATION);
  }

  private void failAll(ResetReason reason) {
    var all = new ArrayList<Http2ClientStream>();
    try {
      connection()
          .forEachActiveStream(netty -> {
            var stream = Http2Events.stream(this, netty);
            if (stream != null) {
              all.add(stream);
            }
            return true;
          });
    } catch (Http2Exception e) {
      throw new IllegalStateException(e); // nothing is thrown in there
    }
    all.forEach(stream -> stream.onConnectionClosed(reason));
  }
}
