package dev.weir.upstream.health;

import dev.weir.transport.tls.TlsSession;
import dev.weir.upstream.health.ProbeOutcome.Failed;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;

/// Asks over HTTP/2, each time in a stream of its own. Its worker only.
final class Http2Dialogue extends ChannelInboundHandlerAdapter implements Dialogue {
  private final HttpQuestion question;
  private final Answers answers;

  Http2Dialogue(HttpQuestion question, Answers answers) {
    this.question = question;
    this.answers = answers;
  }

  @Override
  public void install(Channel channel) {
    var settings = Http2Settings.defaultSettings().pushEnabled(false);
    channel
        .pipeline()
        .addLast(
            Http2FrameCodecBuilder.forClient().initialSettings(settings).build(),
            new Http2MultiplexHandler(new Refusal()),
            this);
  }

  /// Streams that the host opens, which it must not.
  private static final class Refusal extends ChannelInboundHandlerAdapter {
    @Override
    public boolean isSharable() {
      return true;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      ctx.close();
    }
  }

  @Override
  public void ask(Channel channel) {
    new Http2StreamChannelBootstrap(channel)
        .handler(new Exchange())
        .open()
        .addListener(opened -> {
          if (!opened.isSuccess()) {
            answers.onAnswer(Failed.NETWORK, false);
          }
        });
  }

  /// One question and its answer.
  private final class Exchange extends SimpleChannelInboundHandler<Http2StreamFrame> {
    private final AnswerJudge judge = question.judges().get();
    private boolean begun;
    private boolean over;

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      boolean bare = !question.body().isReadable();
      ctx.write(new DefaultHttp2HeadersFrame(headers(ctx.channel().parent()), bare));
      if (!bare) {
        ctx.write(new DefaultHttp2DataFrame(question.body().duplicate(), true));
      }
      ctx.flush();
    }

    private Http2Headers headers(Channel connection) {
      var headers =
          new DefaultHttp2Headers()
              .method(question.method())
              .authority(question.authority())
              .path(question.path())
              .scheme(TlsSession.of(connection) == null ? "http" : "https");
      question.headers().forEach(header -> headers.add(header.getKey(), header.getValue()));
      return headers;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Http2StreamFrame frame) {
      switch (frame) {
        case Http2HeadersFrame it -> take(it.headers(), it.isEndStream());
        case Http2DataFrame it -> {
          judge.body(it.content());
          endIf(it.isEndStream(), _ -> null);
        }
        case Http2ResetFrame _ -> finish(Failed.NETWORK);
        default -> {}
      }
    }

    private void take(Http2Headers headers, boolean last) {
      var status = headers.status();
      if (!begun && status != null && !(status.length() == 3 && status.charAt(0) == '1')) {
        begun = true;
        judge.begin(code(status), headers::get);
      }
      endIf(last, headers::get);
    }

    private static int code(CharSequence status) {
      try {
        return Integer.parseInt(status, 0, status.length(), 10);
      } catch (NumberFormatException _) {
        return 0;
      }
    }

    private void endIf(boolean last, AnswerJudge.Headers trailers) {
      if (last) {
        finish(begun ? judge.end(trailers) : Failed.NETWORK);
      }
    }

    private void finish(ProbeOutcome outcome) {
      if (!over) {
        over = true;
        answers.onAnswer(outcome, true);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      finish(Failed.NETWORK);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      finish(Failed.NETWORK);
      ctx.close();
    }
  }

  /// Frames that belong to the connection as a whole.
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof Http2GoAwayFrame goAway) {
        if (goAway.errorCode() != Http2Error.NO_ERROR.code()) {
          answers.onAnswer(Failed.NETWORK, false);
        }
        answers.onGoingAway();
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  @Override
  public boolean needsConnection() {
    return false;
  }
}
