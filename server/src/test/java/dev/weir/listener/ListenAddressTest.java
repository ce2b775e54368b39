package dev.weir.listener;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.config.Address;
import dev.weir.config.FilterChainMatch;
import dev.weir.config.ListenerConfig;
import dev.weir.config.ListenerConfig.Bind;
import dev.weir.config.ListenerConfig.ListenAddress;
import dev.weir.config.NetworkFilterConfig.Echo;
import dev.weir.config.SocketConfig;
import dev.weir.config.SocketConfig.Option;
import dev.weir.config.SocketConfig.OptionValue;
import dev.weir.config.SocketConfig.State;
import dev.weir.transport.Transport;
import dev.weir.transport.Transports;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every kind of address, to listen on and to connect to.
class ListenAddressTest {
  private static final Option IPV4_COMPAT =
      new Option("ipv4_compat", 41, 26, new OptionValue.Int(0), State.PREBIND);

  @TempDir Path directory;

  private static ListenerConfig echo(ListenAddress address) {
    var config = Configs.listener(Configs.chain(FilterChainMatch.ANY, new Echo()));
    return new ListenerConfig(
        config.name(),
        new Bind(List.of(address), true, true, 0),
        config.inspection(),
        config.chains(),
        config.report(),
        config.bufferLimit());
  }

  private static ListenAddress plain(Address address) {
    return new ListenAddress(address, SocketConfig.DEFAULT);
  }

  private static String ask(String host, int port) throws IOException {
    try (var client = new Socket(InetAddress.getByName(host), port)) {
      client.setSoTimeout(30_000);
      client.getOutputStream().write("hello".getBytes(US_ASCII));
      return new String(client.getInputStream().readNBytes(5), US_ASCII);
    }
  }

  private static boolean hasIpv6() {
    try (var probe = new java.net.ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
      return probe.isBound();
    } catch (IOException _) {
      return false;
    }
  }

  @Test
  void ipv6IsServedWithoutIpv4() throws IOException {
    assumeTrue(hasIpv6(), "this machine has no IPv6");
    try (var proxy = ProxyFixture.start(echo(plain(new Address.Socket("::", 0))))) {
      assertEquals("hello", ask("::1", proxy.port()));
      assertThrows(ConnectException.class, () -> ask("127.0.0.1", proxy.port()));
    }
  }

  @Test
  void ipv6IsServedWithIpv4IfAskedFor() throws IOException {
    assumeTrue(hasIpv6(), "this machine has no IPv6");
    var compat = new SocketConfig(null, List.of(IPV4_COMPAT));
    var address = new ListenAddress(new Address.Socket("::", 0), compat);
    try (var proxy = ProxyFixture.start(echo(address))) {
      assertEquals("hello", ask("::1", proxy.port()));
      assertEquals("hello", ask("127.0.0.1", proxy.port()));
    }
  }

  @Test
  void anIpv6UpstreamIsConnectedTo() throws Exception {
    assumeTrue(hasIpv6(), "this machine has no IPv6");
    try (var server = new java.net.ServerSocket(0, 1, InetAddress.ofLiteral("::1"));
        var proxy =
            ProxyFixture.start(
                    Configs.listener(Configs.chain(FilterChainMatch.ANY, Configs.tcpProxy())))
                .with(
                    Configs.cluster(
                        1 << 20,
                        Duration.ofSeconds(5),
                        new Address.Socket("::1", server.getLocalPort())));
        var client = proxy.connect();
        var accepted = server.accept()) {
      client.getOutputStream().write('x');
      assertEquals('x', accepted.getInputStream().read());
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IO_URING")
  void aUnixSocketIsListenedOnWithItsMode(Transport transport) throws IOException {
    var path = directory.resolve("l.sock");
    Files.writeString(path, "left by somebody");
    var config = echo(plain(new Address.Pipe(path.toString(), 0640)));
    try (var proxy = ProxyFixture.start(transport, config);
        var client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      assertEquals(new ListenerOutcome.Applied(), proxy.bound());
      assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
      client.write(ByteBuffer.wrap("hello".getBytes(US_ASCII)));
      var answer = ByteBuffer.allocate(5);
      client.read(answer);
      assertEquals("hello", new String(answer.array(), US_ASCII));
    }
  }

  @Test
  void aUnixSocketIsRefusedWhereItCannotBeListenedOn() {
    Transports.assumeWork(Transport.IO_URING);
    var path = directory.resolve("r.sock").toString();
    try (var proxy =
        ProxyFixture.start(Transport.IO_URING, echo(plain(new Address.Pipe(path, 0))))) {
      assertEquals(
          new ListenerOutcome.Refused(
              "cannot bind '"
                  + path
                  + "': io_uring listens on plain TCP only, and this is a Unix socket"
                  + " (-Ddev.weir.transport=epoll)"),
          proxy.bound());
    }
  }

  @Test
  void anAbstractSocketIsListenedOnAndConnectedTo() throws IOException {
    assumeTrue(Transport.best() == Transport.EPOLL, "SKIPPED: only epoll has abstract sockets");
    var address = new Address.Pipe("@weir-test-" + ProcessHandle.current().pid(), 0);
    try (var far = ProxyFixture.start(2, echo(plain(address)));
        var near =
            ProxyFixture.start(
                    Configs.listener(Configs.chain(FilterChainMatch.ANY, Configs.tcpProxy())))
                .with(Configs.cluster(1 << 20, Duration.ofSeconds(5), address))) {
      assertEquals(new ListenerOutcome.Applied(), far.bound());
      assertEquals("hello", ask("127.0.0.1", near.port()));
      near.awaitStat("cluster.up.upstream_rq_active", 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aUnixUpstreamIsConnectedTo(Transport transport) throws IOException {
    Transports.assumeWork(transport);
    var path = directory.resolve("u.sock").toString();
    try (var far = ProxyFixture.start(Transport.NIO, echo(plain(new Address.Pipe(path, 0))));
        var near =
            ProxyFixture.start(
                    transport,
                    Configs.listener(Configs.chain(FilterChainMatch.ANY, Configs.tcpProxy())))
                .with(Configs.cluster(1 << 20, Duration.ofSeconds(5), new Address.Pipe(path, 0)))) {
      assertEquals(new ListenerOutcome.Applied(), far.bound());
      assertEquals("hello", ask("127.0.0.1", near.port()));
    }
  }

  @Test
  void anOptionThatTheKernelRefusesRefusesTheListener() {
    var nonsense = new Option("", 6, 9_999, new OptionValue.Int(1), State.PREBIND);
    var options = new SocketConfig(null, List.of(nonsense));
    try (var proxy = ProxyFixture.start(echo(new ListenAddress(Configs.ANY_PORT, options)))) {
      assertEquals(
          new ListenerOutcome.Refused("cannot bind '127.0.0.1:0': Protocol not available"),
          proxy.bound());
    }
  }
}
