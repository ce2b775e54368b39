package dev.weir.admin;

import dev.weir.telemetry.ConnectionRecord;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// One connection to the admin interface: answers its requests one after another, each rendered on
/// a thread of its own. On the channel's loop unless said otherwise.
final class AdminHandler extends SimpleChannelInboundHandler<HttpObject> {
  private static final System.Logger LOG = System.getLogger("admin");

  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final PageIndex pages;
  private final Executor renderers;
  private final AdminStats stats;
  private final AdminLog log;
  private final ConnectionRecord connection;
  private final Queue<Exchange> waiting = new ArrayDeque<>();
  private AdminLog.@Nullable Entry reading;
  private boolean busy;

  /// @param connection of the client
  AdminHandler(
      PageIndex pages,
      Executor renderers,
      AdminStats stats,
      AdminLog log,
      ConnectionRecord connection) {
    this.pages = pages;
    this.renderers = renderers;
    this.stats = stats;
    this.log = log;
    this.connection = connection;
  }

  /// A request, and what is said of it.
  private record Exchange(HttpRequest request, AdminLog.Entry entry) {}

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
    if (message instanceof HttpRequest request) {
      reading = log.begin(connection, request);
      waiting.add(new Exchange(request, reading));
    }
    if (message instanceof HttpContent body && reading != null) {
      reading.received(body.content().readableBytes()); // nothing else is done with it
    }
    if (message instanceof LastHttpContent && reading != null) {
      reading.requestEnded();
      answerNext(ctx.channel());
    }
  }

  private void answerNext(Channel channel) {
    var exchange = busy ? null : waiting.poll();
    if (exchange != null) {
      busy = true;
      stats.requestBegan();
      long began = System.nanoTime();
      renderers.execute(() -> answer(channel, exchange, began));
    }
  }

  /// On a renderer's thread.
  private void answer(Channel channel, Exchange exchange, long began) {
    var request = exchange.request();
    var response = respond(request);
    var keepAlive = HttpUtil.isKeepAlive(request);
    var head = head(response, request.protocolVersion(), keepAlive);
    channel.write(head);
    var body = new ChunkedBody(channel, request.method().equals(HttpMethod.HEAD));
    try {
      response.body().writeTo(body);
      body.flush();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "client went away while {0} was written", request.uri());
      channel.close();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "admin page " + request.uri() + " failed midway", e);
      channel.close(); // the head has been sent: cutting it short is all that can be said
    }
    channel
        .eventLoop()
        .execute(() -> {
          stats.requestEnded(response.status(), System.nanoTime() - began);
          exchange.entry().end(head, body.bytes());
          finish(channel, keepAlive);
        });
  }

  private void finish(Channel channel, boolean keepAlive) {
    var sent = channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    if (!keepAlive) {
      sent.addListener(ChannelFutureListener.CLOSE);
    }
    busy = false;
    answerNext(channel);
  }

  private AdminResponse respond(HttpRequest wire) {
    if (wire.decoderResult().isFailure()) {
      return AdminResponse.text(400, "Bad Request");
    }
    if (!pages.allows(wire.uri())) {
      return AdminResponse.text(403, "request to path " + wire.uri() + " not allowed");
    }
    var request = AdminRequest.of(wire.method().name(), wire.uri());
    var page = pages.find(request.path());
    if (page == null) {
      return pages.unknown();
    }
    if (page.mutates() && !request.method().equals("POST")) {
      return AdminResponse.text(405, "Method " + request.method() + " not allowed, POST required.");
    }
    try {
      return page.handler().handle(request);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "admin page " + wire.uri() + " failed", e);
      return AdminResponse.text(500, "internal error: " + e + "\n");
    }
  }

  private static HttpResponse head(AdminResponse response, HttpVersion version, boolean keepAlive) {
    var head =
        new DefaultHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()));
    var headers = head.headers();
    headers.set(HttpHeaderNames.CONTENT_TYPE, response.contentType());
    headers.set(HttpHeaderNames.CACHE_CONTROL, "no-cache, max-age=0");
    headers.set("x-content-type-options", "nosniff");
    headers.set(HttpHeaderNames.DATE, HTTP_DATE.format(Instant.now()));
    headers.set(HttpHeaderNames.SERVER, "envoy"); // what clients of this interface look for
    if (!keepAlive) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    if (version.isKeepAliveDefault()) {
      headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    return head;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.log(System.Logger.Level.DEBUG, "admin connection failed: {0}", cause.toString());
    ctx.close();
  }
}
