package dev.weir.lab;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A server of HTTP/2 that answers with what it was asked, unless the path has it do otherwise:
/// `status=N`, `reset=CODE` (before the answer), `break=CODE` (in its middle), `done=CODE` (behind
/// its end), `hang`, `goaway` (with the answer), `refuse` (by GOAWAY), `cut` (hangs up), `cutbody`,
/// `trailers`, `grpc=N` (in the trailers), `info` (103 first), `empty`, and `fail=N` for all of it:
/// only for the first N of their path. A request with `x-prompt` is answered before it ends.
final class Http2Echo implements AutoCloseable {
  private static final Pattern CODE = Pattern.compile("(status|reset|break|done|grpc)=(\\d+)");
  private static final Pattern FAIL = Pattern.compile("fail=(\\d+)");

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Map<String, Integer> asked = new HashMap<>();
  private final Channel server;

  private Http2Echo() {
    server =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    var settings = Http2Settings.defaultSettings().maxConcurrentStreams(100);
                    var codec =
                        Http2FrameCodecBuilder.forServer().initialSettings(settings).build();
                    channel.pipeline().addLast(codec, new Reader());
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
  }

  static Http2Echo start() {
    return new Http2Echo();
  }

  int port() {
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  private final class Reader extends ChannelInboundHandlerAdapter {
    private final Map<Integer, String> open = new HashMap<>();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      try {
        read(ctx, message);
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    private void read(ChannelHandlerContext ctx, Object message) {
      switch (message) {
        case Http2HeadersFrame frame -> {
          int id = frame.stream().id();
          open.merge(id, text(frame.headers()), (head, trailers) -> head + " trailers " + trailers);
          if (frame.headers().contains("x-prompt")) {
            prompt(ctx, frame.stream(), String.valueOf(open.remove(id)));
          } else if (frame.isEndStream()) {
            answer(ctx, frame.stream(), String.valueOf(open.remove(id)));
          }
        }
        case Http2DataFrame frame -> {
          int id = frame.stream().id();
          int bytes = frame.content().readableBytes();
          open.computeIfPresent(id, (_, head) -> bytes == 0 ? head : head + " +" + bytes);
          if (frame.isEndStream()) {
            answer(ctx, frame.stream(), String.valueOf(open.remove(id)));
          }
        }
        default -> {}
      }
    }

    private static String text(Http2Headers headers) {
      var fields = new TreeSet<String>();
      headers.forEach(field -> {
        var name = field.getKey().toString();
        var value = field.getValue().toString();
        fields.add(name + ": " + (name.equals("x-request-id") ? value.length() : value));
      });
      return fields.toString();
    }

    /// Answers what may never end, with a line and trailers.
    private static void prompt(ChannelHandlerContext ctx, Http2FrameStream stream, String request) {
      new Reply(ctx, stream, "trailers").send(request + "\n");
      ctx.flush();
    }

    private void answer(ChannelHandlerContext ctx, Http2FrameStream stream, String request) {
      var path = request.replaceFirst("(?s).*:path: (\\S*?)[,\\]].*", "$1");
      var fail = FAIL.matcher(path);
      boolean well =
          fail.find() && asked.merge(path, 1, Integer::sum) > Integer.parseInt(fail.group(1));
      new Reply(ctx, stream, well ? "" : path).send(request);
      ctx.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // A stream that was reset, among others.
    }
  }

  /// What is answered to one request.
  private record Reply(ChannelHandlerContext ctx, Http2FrameStream stream, String path) {
    void send(String body) {
      if (path.contains("hang")) {
        return;
      }
      if (path.contains("refuse")) {
        refuse();
      } else if (path.contains("cut") && !path.contains("cutbody")) {
        hangUp();
      } else if (path.contains("reset=")) {
        reset("reset");
      } else {
        respond(body);
      }
    }

    /// Says by GOAWAY that it has not looked at the request.
    private void refuse() {
      var codec = ctx.pipeline().get(Http2FrameCodec.class);
      var below = ctx.pipeline().context(codec);
      int last = Math.max(0, stream.id() - 2);
      codec.goAway(below, last, 0, Unpooled.EMPTY_BUFFER, below.newPromise());
    }

    /// At once, without GOAWAY.
    private void hangUp() {
      ctx.pipeline().firstContext().close();
    }

    private void respond(String body) {
      if (path.contains("info")) {
        write(new DefaultHttp2Headers().status("103").add("link", "a"), false);
      }
      var head = new DefaultHttp2Headers().status(Long.toString(code("status", 200)));
      if (path.contains("grpc")) {
        head.add("content-type", "application/grpc");
      }
      boolean empty = path.contains("empty") || body.contains(":method: HEAD");
      write(head, empty);
      if (path.contains("break=") || path.contains("cutbody")) {
        data("half", false);
        ctx.flush();
        if (path.contains("cutbody")) {
          hangUp();
        } else {
          reset("break");
        }
        return;
      }
      boolean trailing = path.contains("trailers") || path.contains("grpc=");
      if (!empty) {
        data(body, !trailing);
      }
      if (path.contains("grpc=")) {
        var status = Long.toString(code("grpc", 0));
        write(new DefaultHttp2Headers().add("grpc-status", status), true);
      } else if (trailing) {
        write(new DefaultHttp2Headers().add("x-trailer", "t"), true);
      }
      if (path.contains("done=")) {
        reset("done");
      }
      if (path.contains("goaway")) {
        ctx.write(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
      }
    }

    private void write(Http2Headers headers, boolean end) {
      ctx.write(new DefaultHttp2HeadersFrame(headers, end).stream(stream));
    }

    private void data(String text, boolean end) {
      var bytes = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
      ctx.write(new DefaultHttp2DataFrame(bytes, end).stream(stream));
    }

    private void reset(String name) {
      ctx.write(new DefaultHttp2ResetFrame(code(name, 0)).stream(stream));
    }

    private long code(String name, long otherwise) {
      var found = CODE.matcher(path);
      while (found.find()) {
        if (found.group(1).equals(name)) {
          return Long.parseLong(found.group(2));
        }
      }
      return otherwise;
    }
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
