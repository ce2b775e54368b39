package dev.weir.upstream.dns;

import dev.weir.config.Address;
import dev.weir.transport.Sockets;
import dev.weir.transport.Worker;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// Asks DNS servers for addresses of one IP version. On its worker only.
final class DnsClient implements AutoCloseable {
  private final DnsNameResolver resolver;
  private final TtlNotes ttls = new TtlNotes();
  private int underWay;

  /// @param servers whom to ask, in turn; empty for the system's
  DnsClient(Worker worker, ResolvedAddressTypes version, List<Address.Socket> servers) {
    var builder =
        new DnsNameResolverBuilder(worker.loop())
            .resolvedAddressTypes(version)
            .resolveCache(ttls)
            .cnameCache(NoopDnsCnameCache.INSTANCE)
            .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
            .hostsFileEntriesResolver((_, _) -> null)
            .nameServerProvider(
                servers.isEmpty()
                    ? DnsServerAddressStreamProviders.unixDefault()
                    : new SequentialDnsServerAddressStreamProvider(addresses(servers)));
    switch (worker.transport()) {
      case EPOLL ->
          builder
              .datagramChannelFactory(EpollDatagramChannel::new)
              .socketChannelFactory(EpollSocketChannel::new);
      case IO_URING ->
          builder
              .datagramChannelFactory(IoUringDatagramChannel::new)
              .socketChannelFactory(IoUringSocketChannel::new);
      case NIO ->
          builder
              .datagramChannelFactory(NioDatagramChannel::new)
              .socketChannelFactory(NioSocketChannel::new);
    }
    resolver = builder.build();
  }

  private static InetSocketAddress[] addresses(List<Address.Socket> servers) {
    return servers.stream()
        .map(server -> Sockets.ip(server.host(), server.port()))
        .toArray(InetSocketAddress[]::new);
  }

  /// Asks for a name's addresses.
  void resolve(String name, Consumer<Answer> then) {
    underWay++;
    resolver
        .resolveAll(name)
        .addListener((Future<List<InetAddress>> done) -> then.accept(answer(done)));
  }

  private Answer answer(Future<List<InetAddress>> done) {
    underWay--;
    var answer = done.isSuccess() ? found(done.getNow()) : unfound(done.cause());
    if (underWay == 0) {
      ttls.clear(); // Of addresses that were answered but not wanted.
    }
    return answer;
  }

  private Answer found(List<InetAddress> addresses) {
    return new Answer.Found(List.copyOf(addresses), Duration.ofSeconds(ttls.take(addresses)));
  }

  /// That a name does not exist, or has no address, is an answer like any other.
  private static Answer unfound(Throwable failure) {
    var cause = failure.getCause();
    if (cause == null
        || (cause instanceof DnsErrorCauseException error
            && error.getCode().equals(DnsResponseCode.NXDOMAIN))) {
      return Answer.Found.NOTHING;
    }
    return new Answer.Failed(String.valueOf(cause.getMessage()));
  }

  @Override
  public void close() {
    resolver.close();
  }
}
