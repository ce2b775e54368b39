package dev.weir.admin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
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
  private final Queue<HttpRequest> waiting = new ArrayDeque<>();
  private boolean busy;

  AdminHandler(PageIndex pages, Executor renderers, AdminStats stats) {
    this.pages = pages;
    this.renderers = renderers;
    this.stats = stats;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
    if (message instanceof HttpRequest request) {
      waiting.add(request); // a body, should there be one, is not looked at
    }
    if (message instanceof LastHttpContent) {
      answerNext(ctx.channel());
    }
  }

  private void answerNext(Channel channel) {
    var request = busy ? null : waiting.poll();
    if (request != null) {
      busy = true;
      stats.requestBegan();
      long began = System.nanoTime();
      renderers.execute(() -> answer(channel, request, began));
    }
  }

  /// On a renderer's thread.
  private void answer(Channel channel, HttpRequest request, long began) {
    var response = respond(request);
    var keepAlive = HttpUtil.isKeepAlive(request);
    channel.write(head(response, request.protocolVersion(), keepAlive));
    try {
      if (!request.method().equals(HttpMethod.HEAD)) {
        var body = new ChunkedBody(channel);
        response.body().writeTo(body);
        body.flush();
      }
      var sent = channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
      if (!keepAlive) {
        sent.addListener(ChannelFutureListener.CLOSE);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "client went away while {0} was written", request.uri());
      channel.close();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "admin page " + request.uri() + " failed midway", e);
      channel.close(); // the head has been sent: cutting it short is all that can be said
    }
    channel.eventLoop().execute(() -> finished(channel, response.status(), began));
  }

  private void finished(Channel channel, int status, long began) {
    stats.requestEnded(status, System.nanoTime() - began);
    busy = false;
    answerNext(channel);
  }

  private AdminResponse respond(HttpRequest wire) {
    if (wire.decoderResult().isFailure()) {
      return AdminResponse.text(400, "Bad Request");
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

  private static HttpObject head(AdminResponse response, HttpVersion version, boolean keepAlive) {
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
