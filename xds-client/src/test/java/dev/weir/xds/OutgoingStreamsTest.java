package dev.weir.xds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Streams on which only we speak. The fake takes what is said for discovery requests.
class OutgoingStreamsTest {
  private static final String METHOD =
      "envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs";

  private final Fixture fixture = new Fixture(false);
  private final GrpcStreams streams = GrpcStreams.of(fixture.loop, fixture.planes::get);
  private final ConcurrentLinkedQueue<String> ended = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    streams.close();
    fixture.close();
  }

  private static DiscoveryRequest message(String text) {
    return DiscoveryRequest.newBuilder().setVersionInfo(text).build();
  }

  private GrpcStreams.OutgoingStream<DiscoveryRequest> open(String controlPlane) {
    var headers = List.of(new ApiConfig.Header("x-log", "main"));
    return streams.open(controlPlane, METHOD, headers, ended::add);
  }

  @Test
  void whatIsSaidArrivesInOrder() {
    var outgoing = open("plane");
    outgoing.send(message("one"));
    outgoing.send(message("two"));
    var stream = fixture.plane.stream();
    assertEquals(METHOD, stream.method);
    assertEquals("one", stream.sotw().getVersionInfo());
    assertEquals("two", stream.sotw().getVersionInfo());
    fixture.loop.until("readiness", outgoing::isReady);
    outgoing.close();
    fixture.loop.run();
    stream.awaitHalfClosed();
    stream.end(Status.OK);
    assertEquals("0, OK", fixture.loop.await("the end", ended::poll));
  }

  @Test
  void theEndIsToldOnce() {
    var outgoing = open("plane");
    var stream = fixture.plane.stream();
    stream.end(Status.UNAVAILABLE.withDescription("restarting"));
    assertEquals("14, restarting", fixture.loop.await("the end", ended::poll));
    outgoing.send(message("lost"));
    fixture.loop.run();
    outgoing.close();
    fixture.loop.run();
    assertTrue(ended.isEmpty());
  }

  @Test
  void aClusterThatDoesNotExistEndsTheStream() {
    open("nobody");
    assertEquals("there is no cluster 'nobody'", fixture.loop.await("the end", ended::poll));
  }
}
