package dev.weir.upstream.health;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/// A host that speaks HTTP/2 and answers each request as it was told.
final class Http2Host implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final AtomicInteger connections = new AtomicInteger();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final IntFunction<Reply> replies;
  private final Channel server;

  /// What to answer.
  ///
  /// @param type empty for none
  /// @param trailer the value of `grpc-status`; empty for none
  record Reply(
      String status, String type, String body, String trailer, boolean reset, boolean goesAway) {
    static final Reply RESET = new Reply("", "", "", "", true, false);

    static Reply of(String status, String body) {
      return new Reply(status, "", body, "", false, false);
    }

    static Reply grpc(String message, String trailer) {
      var framed = "\0\0\0\0" + (char) message.length() + message;
      return new Reply("200", "application/grpc", framed, trailer, false, false);
    }

    Reply goingAway() {
      return new Reply(status, type, body, trailer, reset, true);
    }
  }

  /// @param replies by the number of the request, 1 and up
  Http2Host(IntFunction<Reply> replies) {
    this.replies = replies;
    this.server =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connections.incrementAndGet();
                    channel
                        .pipeline()
                        .addLast(
                            Http2FrameCodecBuilder.forServer().build(),
                            new Http2MultiplexHandler(
                                new ChannelInitializer<Channel>() {
                                  @Override
                                  protected void initChannel(Channel stream) {
                                    stream.pipeline().addLast(new Stream());
                                  }
                                }));
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
  }

  private final class Stream extends SimpleChannelInboundHandler<Http2StreamFrame> {
    private final StringBuilder request = new StringBuilder();

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Http2StreamFrame frame) {
      boolean last =
          switch (frame) {
            case Http2HeadersFrame it -> {
              request.append(text(it.headers()));
              yield it.isEndStream();
            }
            case Http2DataFrame it -> {
              request.append(it.content().toString(StandardCharsets.ISO_8859_1));
              yield it.isEndStream();
            }
            default -> false;
          };
      if (last) {
        requests.add(request.toString());
        reply(ctx, replies.apply(requests.size()));
      }
    }

    private static String text(Http2Headers headers) {
      var others = new ArrayList<String>();
      headers.forEach(header -> {
        if (header.getKey().charAt(0) != ':') {
          others.add(header.getKey() + ": " + header.getValue());
        }
      });
      return headers.method()
          + " "
          + headers.authority()
          + " "
          + headers.path()
          + " "
          + others
          + " ";
    }

    private static void reply(ChannelHandlerContext ctx, Reply reply) {
      if (reply.reset) {
        ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
        return;
      }
      if (reply.goesAway) {
        ctx.channel().parent().writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
      }
      var headers = new DefaultHttp2Headers().status(reply.status);
      if (!reply.type.isEmpty()) {
        headers.set("content-type", reply.type);
      }
      ctx.write(new DefaultHttp2HeadersFrame(headers));
      var body = Unpooled.copiedBuffer(reply.body, StandardCharsets.ISO_8859_1);
      ctx.write(new DefaultHttp2DataFrame(body, reply.trailer.isEmpty()));
      if (!reply.trailer.isEmpty()) {
        var trailers = new DefaultHttp2Headers().set("grpc-status", reply.trailer);
        ctx.write(new DefaultHttp2HeadersFrame(trailers, true));
      }
      ctx.flush();
    }
  }

  int port() {
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  /// The requests so far: method, authority, path, other headers, body.
  List<String> requests() {
    return List.copyOf(requests);
  }

  /// How many connections there were.
  int connections() {
    return connections.get();
  }

  @Override
  public void close() {
    server.close().syncUninterruptibly();
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
