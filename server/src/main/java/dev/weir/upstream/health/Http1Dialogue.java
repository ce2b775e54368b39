package dev.weir.upstream.health;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/// Asks over HTTP/1.1. Its worker only.
final class Http1Dialogue extends SimpleChannelInboundHandler<HttpObject> implements Dialogue {
  private final HttpQuestion question;
  private final Answers answers;
  private @Nullable AnswerJudge judge;
  private boolean interim;
  private boolean keepAlive;

  Http1Dialogue(HttpQuestion question, Answers answers) {
    this.question = question;
    this.answers = answers;
  }

  @Override
  public void install(Channel channel) {
    channel.pipeline().addLast(new HttpClientCodec(), this);
  }

  @Override
  public void ask(Channel channel) {
    judge = question.judges().get();
    var request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.valueOf(question.method()),
            question.path(),
            question.body().duplicate());
    request.headers().set("host", question.authority()).add(question.headers());
    channel.writeAndFlush(request);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
    var judging = judge;
    if (judging == null || part.decoderResult().isFailure()) {
      ctx.close(); // what was not asked for, or is no HTTP
      return;
    }
    if (part instanceof HttpResponse response) {
      begin(response, judging);
    }
    if (part instanceof HttpContent content && !interim) {
      judging.body(content.content());
    }
    if (part instanceof LastHttpContent last) {
      end(last, judging);
    }
  }

  private void begin(HttpResponse response, AnswerJudge judging) {
    var headers = response.headers();
    interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    if (!interim) {
      keepAlive = HttpUtil.isKeepAlive(response);
      judging.begin(response.status().code(), headers::get);
    }
  }

  private void end(LastHttpContent last, AnswerJudge judging) {
    if (!interim) {
      judge = null;
      answers.onAnswer(judging.end(last.trailingHeaders()::get), keepAlive);
    }
    interim = false;
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
