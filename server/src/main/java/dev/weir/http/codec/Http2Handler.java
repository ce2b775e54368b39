package dev.weir.http.codec;

import dev.weir.config.HttpConnectionManagerConfig.Limits;
import dev.weir.config.HttpProtocol;
import dev.weir.config.http.Http2Config;
import dev.weir.config.http.RequestRules.Underscores;
import dev.weir.transport.Sockets;
import dev.weir.transport.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.StreamException;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// HTTP/2 at a server's end. Its connection's worker only.
///
/// Netty's handler keeps the frames, the windows and the limits against floods; here its streams
/// become requests.
public final class Http2Handler extends Http2ConnectionHandler implements ServerCodec {
  private static final int DEFAULT_WINDOW = 65_535;

  private final CodecOwner owner;
  private final Options options;
  private final Http2Connection.PropertyKey key;
  private final Set<ClientStream> read = new LinkedHashSet<>();
  private final FrameWatch watch;
  private final Http2Heads heads;
  private final Http2Keepalive keepalive;
  private final PendingFlush flushes;
  private @Nullable ChannelHandlerContext context;
  private boolean flushWanted;

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
      CodecOwner owner,
      Options options) {
    super(decoder, encoder, settings, true, true);
    this.owner = owner;
    this.options = options;
    this.key = connection().newKey();
    this.watch = new FrameWatch(this, options.http2.floods(), options.worker);
    this.keepalive = new Http2Keepalive(this, options.http2.keepalive(), options.worker);
    this.flushes = new PendingFlush(this, options.worker, options.flushTimeout);
    this.heads = new Http2Heads(options.underscores, options.http2.allowConnect(), options.stats);
    var events = new Events();
    connection().addListener(events);
    decoder.frameListener(events);
    encoder.flowController().listener(this::onWritabilityChanged);
  }

  /// Makes a handler.
  public static Http2Handler of(CodecOwner owner, Options options) {
    return new Http2HandlerBuilder(owner, options).build();
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

  /// Flushes once for all streams that have something to send in this turn of the loop.
  private void requestFlush() {
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

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
    flushIfWanted();
    super.close(ctx, promise);
  }

  @Override
  public HttpProtocol protocol() {
    return HttpProtocol.HTTP2;
  }

  @Override
  public void noticeShutdown() {
    goAway(Integer.MAX_VALUE);
  }

  @Override
  public void goAway() {
    goAway(Math.max(0, connection().remote().lastStreamCreated()));
  }

  private void goAway(int lastStream) {
    var ctx = context();
    if (ctx.channel().isActive()) {
      options.stats.goAwaySent.increment();
      goAway(ctx, lastStream, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
      ctx.flush();
    }
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
      owner.onProtocolError("http2.stream_reset_flood");
    }
    cutOff("http2." + (flood.counter() == null ? "stream_reset_flood" : flood.counter()));
  }

  private void cutOff(String details) {
    owner.onCutOff(details);
    var why = Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, details);
    super.onConnectionError(context(), false, why, why);
    flush(context());
  }

  void onKeepaliveTimeout() {
    options.stats.keepaliveTimeout.increment();
    owner.onRemoteClose(false);
  }

  void ping(long payload) {
    encoder().writePing(context(), false, payload, context().newPromise());
    requestFlush();
  }

  void giveUpFlush(Http2Stream stream) {
    if (encoder().flowController().hasFlowControlled(stream)) {
      options.stats.flushTimeout.increment();
      options.stats.resetSent.increment();
      long code = Http2Error.INTERNAL_ERROR.code();
      resetStream(context(), stream.id(), code, context().newPromise());
      flush(context());
    }
  }

  @Override
  public void stopReading() {
    context().channel().config().setAutoRead(false);
  }

  private @Nullable ClientStream find(@Nullable Http2Stream stream) {
    return stream == null ? null : stream.getProperty(key);
  }

  private void onWritabilityChanged(Http2Stream stream) {
    var client = find(stream);
    if (client != null && !client.over) {
      client.listener.onWritable(isWritable(stream));
    }
  }

  private boolean isWritable(Http2Stream stream) {
    return encoder().flowController().isWritable(stream);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    if (!read.isEmpty()) {
      var all = List.copyOf(read);
      read.clear();
      for (var client : all) {
        if (!client.over) {
          client.listener.onReadComplete();
        }
      }
    }
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
    if (error == null) {
      // Nobody's fault: something could not be written because the client is gone.
    } else if (outbound && error.error() == Http2Error.ENHANCE_YOUR_CALM) {
      options.stats.flood(Flood.CONTROL);
      owner.onCutOff("http2." + Flood.CONTROL.counter());
    } else {
      owner.onProtocolError("http2." + error.error().name().toLowerCase(Locale.ROOT));
    }
    super.onConnectionError(ctx, outbound, cause, error);
  }

  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx, boolean outbound, Throwable cause, StreamException error) {
    if (!outbound && error.error() == Http2Error.PROTOCOL_ERROR) {
      options.stats.messagingError.increment();
    }
    super.onStreamError(ctx, outbound, cause, error);
  }

  @Override
  protected void handleServerHeaderDecodeSizeError(ChannelHandlerContext ctx, Http2Stream stream) {
    // Envoy does not answer a head that is too large: the stream is reset, and no more.
  }

  /// What Netty tells.
  private final class Events extends Http2EventAdapter implements Http2FrameListener {
    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx,
        int id,
        Http2Headers headers,
        int dependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean end) {
      onHeadersRead(ctx, id, headers, padding, end);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end) {
      var stream = connection().stream(id);
      if (stream == null) {
        return;
      }
      var client = find(stream);
      if (client == null) {
        begin(stream, headers, end);
      } else if (!client.over) {
        client.requestComplete = true;
        read.add(client);
        client.listener.onTrailers(headers);
      }
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end) {
      int bytes = data.readableBytes() + padding;
      var client = find(connection().stream(id));
      if (client == null || client.over) {
        return bytes;
      }
      client.requestComplete |= end;
      read.add(client);
      client.listener.onData(data.retain(), end);
      return client.credit(bytes);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long payload) {
      keepalive.answered();
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
      options.stats.resetReceived.increment();
      var client = find(connection().stream(id));
      if (client != null) {
        client.cutOff(true);
      }
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
      var client = find(stream);
      if (client != null) {
        options.stats.streams.decrement();
        client.cutOff(false);
      }
    }
  }

  private void begin(Http2Stream stream, Http2Headers headers, boolean end) {
    var client = new ClientStream(stream);
    stream.setProperty(key, client);
    options.stats.streams.increment();
    boolean many = headers.size() > options.limits.headerCount();
    if (many || heads.refuses(headers)) {
      client.over = true;
      options.stats.messagingError.add(many ? 0 : 1);
      resetStream(context(), stream.id(), Http2Error.PROTOCOL_ERROR.code(), context().newPromise());
      return;
    }
    client.requestComplete = end;
    client.listener = owner.onStream(client);
    read.add(client);
    client.listener.onHeaders(headers, end);
  }

  /// One request.
  private final class ClientStream implements ServerStream {
    private final Http2Stream stream;
    private RequestListener listener = Silence.INSTANCE;
    private boolean requestComplete;
    private boolean over;
    private boolean flowing = true;
    private int withheld;

    ClientStream(Http2Stream stream) {
      this.stream = stream;
    }

    /// How much of what was just read may be granted to the client anew.
    int credit(int bytes) {
      if (flowing) {
        return bytes;
      }
      withheld += bytes;
      return 0;
    }

    void cutOff(boolean byClient) {
      if (!over) {
        over = true;
        listener.onReset(byClient);
      }
    }

    @Override
    public void listener(RequestListener next) {
      listener = next;
    }

    @Override
    public boolean isHttp10() {
      return false;
    }

    @Override
    public boolean requestComplete() {
      return requestComplete;
    }

    @Override
    public void writeInformational(Http2Headers headers) {
      head(headers, false);
    }

    @Override
    public void writeHeaders(Http2Headers headers, boolean end) {
      head(headers, end);
      ended(end);
    }

    private void head(Http2Headers headers, boolean end) {
      encoder().writeHeaders(context(), stream.id(), headers, 0, end, context().newPromise());
    }

    private void ended(boolean end) {
      if (end && requestComplete) {
        over = true;
      }
    }

    @Override
    public void writeData(ByteBuf data, boolean end) {
      ended(end);
      watch.dataSent();
      encoder().writeData(context(), stream.id(), data, 0, end, context().newPromise());
      if (end && !isWritable()) {
        flushes.add(stream);
      }
    }

    @Override
    public void writeTrailers(Http2Headers trailers) {
      head(trailers, true);
      ended(true);
    }

    @Override
    public void flush() {
      requestFlush();
    }

    @Override
    public void done() {
      over = true;
    }

    @Override
    public void reset(long code) {
      over = true;
      options.stats.resetSent.increment();
      flushIfWanted(); // a reset drops what is not written yet
      resetStream(context(), stream.id(), code, context().newPromise());
      Http2Handler.this.flush(context());
    }

    @Override
    public boolean isWritable() {
      return Http2Handler.this.isWritable(stream);
    }

    @Override
    public void read(boolean wanted) {
      flowing = wanted;
      if (wanted && withheld > 0) {
        int bytes = withheld;
        withheld = 0;
        try {
          if (connection().local().flowController().consumeBytes(stream, bytes)) {
            flush();
          }
        } catch (Http2Exception e) {
          Http2Handler.this.onError(context(), false, e);
        }
      }
    }
  }
}
