package dev.weir.upstream.host;

import dev.weir.config.Address;
import dev.weir.config.EndpointsConfig.HealthCheckAddress;
import dev.weir.config.EndpointsConfig.Locality;
import dev.weir.config.Metadata;
import dev.weir.config.MetadataValue;
import dev.weir.config.MetadataValue.Text;
import dev.weir.upstream.host.HostInfo.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Hosts for tests: `host("10.0.0.1:80").weight(2).zone("a").make()`.
public final class TestHosts {
  private final String address;
  private String hostname = "";
  private long weight = 1;
  private int priority;
  private Locality locality = Locality.NONE;
  private final Map<String, MetadataValue> lb = new HashMap<>();
  private Health health = Health.HEALTHY;

  private TestHosts(String address) {
    this.address = address;
  }

  public static TestHosts host(String address) {
    return new TestHosts(address);
  }

  /// Hosts `127.0.0.1:first` and the next ones.
  public static List<Host> hosts(int count) {
    var hosts = new ArrayList<Host>();
    for (int i = 0; i < count; i++) {
      hosts.add(host("127.0.0.1:" + (80 + i)).make());
    }
    return hosts;
  }

  public TestHosts hostname(String name) {
    hostname = name;
    return this;
  }

  public TestHosts weight(long units) {
    weight = units;
    return this;
  }

  public TestHosts priority(int level) {
    priority = level;
    return this;
  }

  public TestHosts zone(String zone) {
    locality = new Locality("", zone, "");
    return this;
  }

  public TestHosts lb(String key, String value) {
    return lb(key, new Text(value));
  }

  public TestHosts lb(String key, MetadataValue value) {
    lb.put(key, value);
    return this;
  }

  public TestHosts health(Health state) {
    health = state;
    return this;
  }

  public Host make() {
    int colon = address.lastIndexOf(':');
    var socket =
        new Address.Socket(
            address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    var host = new Host(List.of(socket), info());
    setHealth(host, health);
    return host;
  }

  public HostInfo info() {
    var metadata = lb.isEmpty() ? Metadata.NONE : new Metadata(Map.of(Metadata.LB, Map.copyOf(lb)));
    return new HostInfo(
        hostname,
        weight,
        new Place(priority, locality),
        metadata,
        Metadata.NONE,
        HealthCheckAddress.SAME);
  }

  public static void setHealth(Host host, Health health) {
    host.set(HealthFlag.FAILED_EDS_HEALTH, health == Health.UNHEALTHY);
    host.set(HealthFlag.DEGRADED_EDS_HEALTH, health == Health.DEGRADED);
  }
}
