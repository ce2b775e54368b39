package dev.weir.xds;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.proto.OnUnknown;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// A client, a fake control plane, and the loop on which they meet. Ends with a look for what was
/// left behind.
final class Fixture implements AutoCloseable {
  static final Node NODE = Node.newBuilder().setId("n1").setCluster("c1").build();
  static final ConfigSource ADS = new ConfigSource.Ads(Duration.ZERO);

  final ManualLoop loop = new ManualLoop();
  final FakePlane plane = new FakePlane(loop);
  final Map<String, ControlPlane> planes = new HashMap<>();
  final Recorder.PlaneRecorder ads = new Recorder.PlaneRecorder();
  final XdsClient client;

  Fixture(boolean delta) {
    this(ApiConfig.of("plane", delta));
  }

  Fixture(ApiConfig api) {
    planes.put("plane", ControlPlane.of("plane", plane.address()));
    client = new XdsClient(loop, new ClientConfig(NODE, api, OnUnknown.WARN), planes::get, ads);
  }

  Subscription all(ResourceType<?, String> type, Recorder recorder) {
    return client.subscribe(ADS, type, Names.wildcard(), recorder, recorder);
  }

  Subscription some(ResourceType<?, String> type, Recorder recorder, String... names) {
    return client.subscribe(ADS, type, Names.of(names), recorder, recorder);
  }

  /// Waits for the next call of a sink.
  void expect(Recorder recorder, String call) {
    assertEquals(call, loop.await(call, recorder.calls::poll));
  }

  @Override
  public void close() {
    client.close();
    loop.run();
    assertEquals(0, loop.timers(), "timers left");
    plane.close();
  }
}
