package dev.weir.telemetry;

import dev.weir.config.ListenerConfig.TrafficDirection;
import dev.weir.config.Metadata;
import dev.weir.config.MetadataValue;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;

/// A connection as the differential runs against Envoy had it, by hand.
final class SampleRecord {
  final FixedTime time = new FixedTime("2026-11-23T03:05:57.986881Z");
  final ConnectionRecord record = new ConnectionRecord(7, time);

  /// Accepted, and nothing more.
  static SampleRecord accepted() {
    var sample = new SampleRecord();
    sample.record.socket(address("127.0.0.1", 24290), address("127.0.0.1", 42424));
    sample.record.listener(
        new ListenerFacts(
            "lis", TrafficDirection.INBOUND, metadata("meta", Map.of("k", word("lv")))),
        AccessLogGroup.NONE);
    sample.record.filterChain(new FilterChainFacts("chain-one", Metadata.NONE));
    return sample;
  }

  /// Relayed 5 bytes up and 8 down, and closed after 54 ms.
  static SampleRecord relayed() {
    var sample = accepted();
    var record = sample.record;
    record
        .upstream()
        .cluster(new ClusterFacts("c", "altc", metadata("meta", Map.of("k", word("cv")))));
    sample.time.advanceMicros(293);
    record.upstream().attempt(host("127.0.0.1", 24292, "host.one"));
    sample.time.advanceMicros(82);
    record.upstream().connected(9, address("127.0.0.1", 34924), address("127.0.0.1", 24292));
    record.addReceived(5);
    record.upstream().addSent(5);
    record.upstream().addReceived(8);
    record.addSent(8);
    sample.time.advanceMicros(54_352);
    record.close();
    return sample;
  }

  /// Met three hosts, none of which answered.
  static SampleRecord refused() {
    var sample = accepted();
    var record = sample.record;
    record.upstream().cluster(new ClusterFacts("c", "c", Metadata.NONE));
    for (int i = 1; i <= 3; i++) {
      record.upstream().attempt(host("::1", i, "[::1]:" + i));
      sample.time.advanceMicros(1_000);
      record.upstream().attemptFailed();
      record.upstream().transportFailure("delayed connect error: Connection refused");
      record.flag(ResponseFlag.UF);
    }
    record.flag(ResponseFlag.URX);
    record.localCloseReason("tcp_initializion_failure:0");
    record.close();
    return sample;
  }

  static HostFacts host(String ip, int port, String name) {
    var fields =
        Map.of(
            "env", word("hema"),
            "num", new MetadataValue.Numeric(5.5),
            "t", new MetadataValue.Bool(true),
            "obj",
                new MetadataValue.Fields(
                    Map.of("x", new MetadataValue.Numeric(1), "y", word("q\"z"))),
            "l", new MetadataValue.Items(List.of(new MetadataValue.Numeric(1), word("b"))));
    return new HostFacts(address(ip, port), name, metadata("envoy.lb", fields));
  }

  static InetSocketAddress address(String ip, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByName(ip), port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Metadata metadata(String namespace, Map<String, MetadataValue> values) {
    return new Metadata(Map.of(namespace, values));
  }

  private static MetadataValue word(String value) {
    return new MetadataValue.Text(value);
  }
}
