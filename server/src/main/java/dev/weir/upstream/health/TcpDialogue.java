package dev.weir.upstream.health;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.weir.config.HealthCheckConfig.Probe;
import dev.weir.config.HealthCheckConfig.ProxyHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;

/// Sends bytes and waits for others; or only connects. Its worker only.
final class TcpDialogue extends ChannelInboundHandlerAdapter implements Dialogue {
  /// A header of PROXY protocol version 2 that says nothing: the command is LOCAL.
  private static final ByteBuf LOCAL_V2 =
      Payloads.constant(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a20000000"));

  private final Question question;
  private final Answers answers;
  private PayloadSearch search;

  /// What is sent and waited for; made once for a check.
  record Question(ByteBuf send, List<PayloadSearch.Block> receive, ProxyHeader header) {
    static Question of(Probe.Tcp probe) {
      return new Question(
          Payloads.constant(HexFormat.of().parseHex(probe.send())),
          PayloadSearch.blocks(probe.receive()),
          probe.header());
    }
  }

  TcpDialogue(Question question, Answers answers) {
    this.question = question;
    this.answers = answers;
    this.search = new PayloadSearch(question.receive);
  }

  @Override
  public void install(Channel channel) {
    channel.pipeline().addLast(this);
  }

  @Override
  public void ask(Channel channel) {
    if (question.receive.isEmpty()) {
      // There is nothing to wait for, not even for the bytes to leave.
      answers.onAnswer(new ProbeOutcome.Passed(false), false);
      return;
    }
    search = new PayloadSearch(question.receive);
    switch (question.header) {
      case NONE -> {}
      case V1 -> channel.write(Unpooled.copiedBuffer(version1(channel), US_ASCII));
      case V2 -> channel.write(LOCAL_V2.duplicate());
    }
    channel.writeAndFlush(question.send.duplicate());
  }

  private static String version1(Channel channel) {
    if (channel.localAddress() instanceof InetSocketAddress local
        && channel.remoteAddress() instanceof InetSocketAddress remote) {
      return "PROXY %s %s %s %d %d\r\n"
          .formatted(
              local.getAddress() instanceof Inet4Address ? "TCP4" : "TCP6",
              NetUtil.toAddressString(local.getAddress()),
              NetUtil.toAddressString(remote.getAddress()),
              local.getPort(),
              remote.getPort());
    }
    return "PROXY UNKNOWN\r\n";
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof ByteBuf data && search.feed(data)) {
        answers.onAnswer(new ProbeOutcome.Passed(false), true);
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
    return true;
  }
}
