package dev.weir.xds;

import static dev.weir.xds.Samples.CLUSTERS;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.xds.ControlPlane.Identity;
import dev.weir.xds.ControlPlane.Pem;
import dev.weir.xds.ControlPlane.Tls;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// TLS with a control plane.
class TlsTest {
  @TempDir static Path folder;

  private static PemPair server = PemPair.NONE;
  private static PemPair client = PemPair.NONE;

  @BeforeAll
  static void makeCertificates() throws Exception {
    server = PemPair.make(folder, "server");
    client = PemPair.make(folder, "client");
  }

  private static SslContext serverContext(ClientAuth clients) throws Exception {
    return GrpcSslContexts.configure(
            SslContextBuilder.forServer(server.chainFile().toFile(), server.keyFile().toFile())
                .trustManager(client.chainFile().toFile())
                .clientAuth(clients))
        .build();
  }

  /// What a client with this TLS comes to.
  ///
  /// @return whether it reached the control plane
  private boolean reaches(Tls tls, ClientAuth clients) throws Exception {
    var context = serverContext(clients);
    var recorder = new Recorder();
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (var fixture = new Fixture(false);
        var plane =
            new FakePlane(
                fixture.loop,
                NettyServerBuilder.forAddress(address),
                builder -> builder.sslContext(context))) {
      fixture.planes.put(
          "plane",
          new ControlPlane(
              "plane", List.of(plane.address()), tls, null, Duration.ofSeconds(20), null));
      fixture.all(CLUSTERS, recorder);
      fixture.loop.until(
          "an outcome", () -> plane.hasStream() || recorder.calls.contains("failed"));
      if (!plane.hasStream()) {
        return false;
      }
      assertNotNull(plane.stream().sotw());
      return true;
    }
  }

  private static Tls trusting(@Nullable Pem roots) {
    return new Tls(roots, null, null, _ -> true);
  }

  @Test
  void aServerWhoseRootIsTrustedIsReached() throws Exception {
    assertTrue(reaches(trusting(new Pem.InFile(server.chainFile())), ClientAuth.NONE));
    assertTrue(
        reaches(trusting(new Pem.Inline(Files.readString(server.chainFile()))), ClientAuth.NONE));
    assertTrue(reaches(trusting(null), ClientAuth.NONE));
  }

  @Test
  void aServerWhoseRootIsNotTrustedIsNot() throws Exception {
    assertFalse(reaches(trusting(new Pem.InFile(client.chainFile())), ClientAuth.NONE));
  }

  @Test
  void aServerThatIsSomebodyElseIsNot() throws Exception {
    var picky =
        new Tls(
            null, null, null, peer -> peer.getSubjectX500Principal().getName().equals("CN=other"));
    assertFalse(reaches(picky, ClientAuth.NONE));
    var content =
        new Tls(
            null,
            null,
            "xds.test",
            peer -> peer.getSubjectX500Principal().getName().equals("CN=server"));
    assertTrue(reaches(content, ClientAuth.NONE));
  }

  @Test
  void aServerThatWantsToKnowUsIsShownWhoWeAre() throws Exception {
    var identity =
        new Identity(new Pem.InFile(client.chainFile()), new Pem.InFile(client.keyFile()));
    assertTrue(reaches(new Tls(null, identity, null, _ -> true), ClientAuth.REQUIRE));
    assertFalse(reaches(trusting(null), ClientAuth.REQUIRE));
  }

  @Test
  void unreadableCertificatesAreAFailureThatIsTriedAgain() throws Exception {
    for (var pem :
        Stream.of(new Pem.InFile(folder.resolve("none")), new Pem.Inline("x")).toList()) {
      assertFalse(reaches(trusting(pem), ClientAuth.NONE));
      assertFalse(reaches(new Tls(null, new Identity(pem, pem), null, _ -> true), ClientAuth.NONE));
    }
  }
}
