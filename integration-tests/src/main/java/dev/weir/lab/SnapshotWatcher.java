package dev.weir.lab;

import io.envoyproxy.controlplane.cache.ConfigWatcher;
import io.envoyproxy.controlplane.cache.DeltaResponse;
import io.envoyproxy.controlplane.cache.DeltaWatch;
import io.envoyproxy.controlplane.cache.DeltaXdsRequest;
import io.envoyproxy.controlplane.cache.Response;
import io.envoyproxy.controlplane.cache.Watch;
import io.envoyproxy.controlplane.cache.XdsRequest;
import io.envoyproxy.controlplane.cache.v3.SimpleCache;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Stands before a snapshot cache, where its ways do not suit a set of resources that somebody is
/// editing while proxies come and go.
final class SnapshotWatcher implements ConfigWatcher {

  private final SimpleCache<String> cache;
  private final String group;

  SnapshotWatcher(SimpleCache<String> cache, String group) {
    this.cache = cache;
    this.group = group;
  }

  /// Never tells the cache of ADS: there, it would not answer before all the wanted resources
  /// exist, and would forget the watch when a push lacks one. So it answers with those that exist.
  @Override
  public Watch createWatch(
      boolean ads,
      XdsRequest request,
      Set<String> known,
      Consumer<Response> consumer,
      boolean hasClusterChanged,
      boolean allowDefaultEmptyEdsUpdate) {
    return cache.createWatch(
        false, request, known, consumer, hasClusterChanged, allowDefaultEmptyEdsUpdate);
  }

  /// Answers the first wildcard request also where there is nothing to tell, so that the proxy need
  /// not wait for its timeout; and tells a proxy that has come back what is gone since it left.
  @Override
  public DeltaWatch createDeltaWatch(
      DeltaXdsRequest request,
      String requesterVersion,
      Map<String, String> tracked,
      Set<String> pending,
      boolean isWildcard,
      Consumer<DeltaResponse> consumer,
      boolean hasClusterChanged) {
    var snapshot = cache.getSnapshot(group);
    var existing = snapshot.versionedResources(request.getResourceType()).keySet();
    var lost = new HashMap<>(request.getInitialResourceVersionsMap());
    lost.keySet().removeAll(existing);
    if (isWildcard && requesterVersion.isEmpty() && existing.isEmpty() && lost.isEmpty()) {
      var version = snapshot.version(request.getResourceType());
      consumer.accept(DeltaResponse.create(request, Map.of(), List.of(), version));
      return new DeltaWatch(request, tracked, pending, version, true, consumer);
    }
    lost.putAll(tracked);
    return cache.createDeltaWatch(
        request, requesterVersion, lost, pending, isWildcard, consumer, hasClusterChanged);
  }
}
