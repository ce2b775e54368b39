package dev.weir.upstream.dns;

import dev.weir.config.Address;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// A DNS server on a loopback port.
final class DnsServer implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Map<String, Zone> zones = new ConcurrentHashMap<>();
  private final Channel channel;

  /// What the server says of a name.
  private record Zone(DnsResponseCode code, int ttl, java.util.List<InetAddress> addresses) {}

  DnsServer() {
    channel =
        new Bootstrap()
            .group(group)
            .channel(NioDatagramChannel.class)
            .handler(
                new ChannelInitializer<DatagramChannel>() {
                  @Override
                  protected void initChannel(DatagramChannel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new DatagramDnsQueryDecoder(),
                            new DatagramDnsResponseEncoder(),
                            new Handler());
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  Address.Socket address() {
    return new Address.Socket("127.0.0.1", ((InetSocketAddress) channel.localAddress()).getPort());
  }

  void has(String name, int ttl, String... addresses) {
    zones.put(
        name + ".",
        new Zone(
            DnsResponseCode.NOERROR,
            ttl,
            java.util.Arrays.stream(addresses).map(InetAddress::ofLiteral).toList()));
  }

  void fails(String name) {
    zones.put(name + ".", new Zone(DnsResponseCode.SERVFAIL, 0, java.util.List.of()));
  }

  private final class Handler extends SimpleChannelInboundHandler<DatagramDnsQuery> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
      var response =
          new DatagramDnsResponse(
              /* sender= */ query.recipient(), /* recipient= */ query.sender(), query.id());
      DnsQuestion question = query.recordAt(DnsSection.QUESTION);
      response.addRecord(DnsSection.QUESTION, question);
      var zone = zones.get(question.name());
      response.setCode(zone == null ? DnsResponseCode.NXDOMAIN : zone.code);
      if (zone != null) {
        for (var address : zone.addresses) {
          var bytes = address.getAddress();
          var type = bytes.length == 4 ? DnsRecordType.A : DnsRecordType.AAAA;
          if (type.equals(question.type())) {
            response.addRecord(
                DnsSection.ANSWER,
                new DefaultDnsRawRecord(
                    question.name(),
                    type,
                    DnsRecord.CLASS_IN,
                    zone.ttl,
                    Unpooled.wrappedBuffer(bytes)));
          }
        }
      }
      ctx.writeAndFlush(response);
    }
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
