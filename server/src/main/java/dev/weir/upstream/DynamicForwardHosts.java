package dev.weir.upstream;

import dev.weir.config.Address;
import dev.weir.config.StateFactory;
import dev.weir.config.StateValue;
import dev.weir.upstream.balance.LoadBalancer;
import dev.weir.upstream.balance.PickRequest;
import dev.weir.upstream.balance.PickSubject;
import dev.weir.upstream.dns.DnsCache;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostTable;
import dev.weir.upstream.host.HostTable.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whatever name connections ask for is a host, at the addresses that a cache knows
/// (`envoy.clusters.dynamic_forward_proxy`). Main loop only, but for picks.
final class DynamicForwardHosts implements ProvidedHosts {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  private final DnsCache cache;
  private final int defaultPort;
  private final Runnable changed = this::changed;
  private @Nullable Finder finder;

  /// @param secure whether the hosts speak TLS, by which their usual port goes
  DynamicForwardHosts(DnsCache cache, boolean secure) {
    this.cache = cache;
    this.defaultPort = secure ? HTTPS : HTTP;
  }

  @Override
  public void into(Finder listener) {
    finder = listener;
  }

  @Override
  public void start() {
    cache.watch(changed);
    changed();
    if (finder != null) {
      finder.ready();
    }
  }

  @Override
  public void stop() {
    cache.unwatch(changed);
  }

  private void changed() {
    if (finder == null) {
      return;
    }
    var endpoints =
        cache.resolved().entrySet().stream()
            .map(entry -> endpoint(entry.getKey(), entry.getValue()))
            .toList();
    if (!endpoints.isEmpty()) {
      finder.read(endpoints);
    }
    finder.found(endpoints, Shape.PLAIN);
  }

  /// The same name is the same host, whatever its addresses are.
  private static Endpoint endpoint(DnsCache.Name name, List<Address> addresses) {
    var key = new Endpoint.Key(0, new Address.Socket(name.host(), name.port()));
    return ProvidedHosts.endpoint(key, addresses, name.toString());
  }

  @Override
  public LoadBalancer build(HostTable table, @Nullable LoadBalancer before) {
    var hosts = new HashMap<String, Host>();
    table.hosts().forEach(host -> hosts.put(host.hostname(), host));
    return request -> pick(hosts, request);
  }

  private @Nullable Host pick(Map<String, Host> hosts, PickRequest request) {
    var name = name(request.subject(), defaultPort);
    if (name == null) {
      return null;
    }
    cache.touch(name);
    return hosts.get(name.toString());
  }

  /// The name that a connection asks for: a filter's word, or else its SNI; null if it has none.
  static DnsCache.@Nullable Name name(PickSubject connection, int defaultPort) {
    var told = connection.filterState(StateFactory.DYNAMIC_HOST.key());
    var host = told instanceof StateValue.Text(var text, _) ? text : connection.serverName();
    var port = connection.filterState(StateFactory.DYNAMIC_PORT.key());
    return host.isEmpty()
        ? null
        : DnsCache.Name.of(
            host, port instanceof StateValue.Number(long number, _) ? (int) number : defaultPort);
  }
}
