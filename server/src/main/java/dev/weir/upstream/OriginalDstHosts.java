package dev.weir.upstream;

import dev.weir.config.Address;
import dev.weir.config.ClusterConfig.Discovery.OriginalDst;
import dev.weir.config.ClusterConfig.MetadataPath;
import dev.weir.config.MetadataValue;
import dev.weir.config.StateFactory;
import dev.weir.config.StateValue;
import dev.weir.upstream.balance.LoadBalancer;
import dev.weir.upstream.balance.PickRequest;
import dev.weir.upstream.balance.PickSubject;
import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostTable;
import dev.weir.upstream.host.HostTable.Shape;
import dev.weir.xds.SerialLoop;
import dev.weir.xds.SerialLoop.Cancellable;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whatever a connection was going to is a host (`ORIGINAL_DST`). A worker that needs a host which
/// nobody knows makes it itself, and tells the main loop, which owns everything else here. Hosts
/// without connections are forgotten from time to time.
final class OriginalDstHosts implements ProvidedHosts {
  private static final int ORIGIN = 0;

  private final SerialLoop main;
  private final String name;
  private final OriginalDst config;
  private final ClusterStats stats;
  private final Map<Address, Endpoint> endpoints = new LinkedHashMap<>();
  private Map<Address, Host> hosts = Map.of();
  private Set<Address> idle = Set.of();
  private @Nullable Finder finder;
  private @Nullable Cancellable cleanup;
  private boolean stopped;

  /// @param name of the cluster, which goes into the names of its hosts
  OriginalDstHosts(SerialLoop main, String name, OriginalDst config, ClusterStats stats) {
    this.name = name;
    this.main = main;
    this.config = config;
    this.stats = stats;
  }

  @Override
  public void into(Finder listener) {
    finder = listener;
  }

  @Override
  public void start() {
    if (finder != null) {
      finder.ready();
    }
    cleanUpLater();
  }

  @Override
  public LoadBalancer build(HostTable table, @Nullable LoadBalancer before) {
    var known = new HashMap<Address, Host>();
    table.hosts().forEach(host -> known.put(host.address(), host));
    hosts = known;
    return request -> pick(known, request);
  }

  private @Nullable Host pick(Map<Address, Host> known, PickRequest request) {
    var address = destination(request.subject());
    if (address == null) {
      return null;
    }
    var host = known.get(address);
    return host == null ? make(address) : host;
  }

  /// A filter's word goes first, then metadata, then the redirection.
  private Address.@Nullable Socket destination(PickSubject connection) {
    var address = told(connection);
    if (address == null && config.metadata() != null) {
      address = fromMetadata(connection, config.metadata());
    }
    if (address == null && connection.restoredDestination() instanceof InetSocketAddress restored) {
      address =
          new Address.Socket(NetUtil.toAddressString(restored.getAddress()), restored.getPort());
    }
    return address == null || config.port() == 0
        ? address
        : new Address.Socket(address.host(), config.port());
  }

  private static Address.@Nullable Socket told(PickSubject connection) {
    var state = connection.filterState(StateFactory.ORIGINAL_DST_ADDRESS.key());
    return state instanceof StateValue.Ip(var address, _) ? address : null;
  }

  private Address.@Nullable Socket fromMetadata(PickSubject connection, MetadataPath path) {
    MetadataValue value = new MetadataValue.Fields(connection.metadata(path.namespace()));
    for (var key : path.keys()) {
      value = value instanceof MetadataValue.Fields(var fields) ? fields.get(key) : null;
    }
    if (!(value instanceof MetadataValue.Text(var text))) {
      return null;
    }
    var address = Address.Socket.parse(text);
    if (address == null) {
      stats.scope().counter("original_dst_host_invalid").increment();
    }
    return address;
  }

  private Host make(Address.Socket address) {
    var endpoint =
        ProvidedHosts.endpoint(new Endpoint.Key(ORIGIN, address), List.of(address), name + address);
    var host = new Host(endpoint.addresses(), endpoint.info());
    main.execute(() -> add(endpoint, host));
    return host;
  }

  private void add(Endpoint endpoint, Host host) {
    var address = host.address();
    if (stopped || finder == null || endpoints.putIfAbsent(address, endpoint) != null) {
      return; // two connections wanted it at the same time
    }
    finder.adopt(endpoint.key(), host);
    finder.read(List.of(endpoint));
    tell(finder);
  }

  private void tell(Finder listener) {
    listener.found(List.copyOf(endpoints.values()), Shape.PLAIN);
  }

  private void cleanUpLater() {
    cleanup = main.schedule(config.cleanupInterval(), this::cleanUp);
  }

  /// A host goes that had no connections at this look and the one before.
  private void cleanUp() {
    var unused = new HashSet<Address>();
    hosts.forEach((address, host) -> {
      if (host.counters().cxActive() == 0) {
        unused.add(address);
      }
    });
    boolean gone = endpoints.keySet().removeIf(it -> unused.contains(it) && idle.contains(it));
    idle = unused;
    if (gone && finder != null) {
      tell(finder);
    }
    cleanUpLater();
  }

  @Override
  public void stop() {
    stopped = true;
    if (cleanup != null) {
      cleanup.cancel();
    }
  }
}
