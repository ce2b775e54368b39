package dev.weir.xds;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The incremental protocol: requests say what is wanted in addition and what no more; an answer to
/// a response is a message of its own. Main loop only.
final class DeltaStream implements XdsStream {
  private static final String ALL = "*";

  private final GrpcCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call;
  private final StreamSettings settings;
  private final Map<String, Said> said = new HashMap<>();
  private boolean nodeSent;

  DeltaStream(
      GrpcCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call, StreamSettings settings) {
    this.call = call;
    this.settings = settings;
  }

  /// What the control plane was told of a type on this stream.
  private static final class Said {
    final Set<String> subscribed = new LinkedHashSet<>();

    /// Told by a first request that names nothing, rather than by `*`. Naming anything ends that.
    boolean allByDefault;
  }

  @Override
  public void request(Topic<?, ?> topic) {
    var before = said.get(topic.typeUrl());
    if (before != null) {
      requestChange(topic, before);
    } else if (!topic.interest().isEmpty()) {
      requestFirst(topic);
    }
  }

  private void requestFirst(Topic<?, ?> topic) {
    var now = new Said();
    said.put(topic.typeUrl(), now);
    var interest = topic.interest();
    interest.takeRenewed();
    interest.takeChanged();
    now.subscribed.addAll(interest.names());
    if (interest.wildcard() && !now.subscribed.isEmpty()) {
      now.subscribed.add(ALL);
    }
    now.allByDefault = now.subscribed.isEmpty();
    var request = DeltaDiscoveryRequest.newBuilder().addAllResourceNamesSubscribe(now.subscribed);
    if (settings.remembers()) {
      request.putAllInitialResourceVersions(topic.heldVersions());
    }
    send(topic, request);
  }

  /// Looks only at what has changed, as there may be thousands of names that have not.
  private void requestChange(Topic<?, ?> topic, Said before) {
    var interest = topic.interest();
    var subscribe = new LinkedHashSet<String>();
    var unsubscribe = new LinkedHashSet<String>();
    for (var name : interest.takeChanged()) {
      if (interest.names().contains(name)) {
        add(name, before.subscribed, subscribe);
      } else {
        move(name, before.subscribed, unsubscribe);
      }
    }
    boolean byName = !interest.names().isEmpty();
    if (interest.wildcard() && (byName || !before.allByDefault)) {
      add(ALL, before.subscribed, subscribe);
    } else if (!interest.names().contains(ALL)) {
      move(ALL, before.subscribed, unsubscribe);
    }
    if (before.allByDefault && !interest.wildcard()) {
      unsubscribe.add(ALL);
    }
    var again = interest.takeRenewed();
    again.removeIf(name -> subscribe.contains(name) || topic.serves(name));
    before.allByDefault &= !byName && interest.wildcard();
    if (!again.isEmpty()) {
      // Not every control plane answers who subscribes to what it is subscribed to; and one that
      // is told of both in one request may take either for the last word.
      unsubscribe.addAll(again);
      change(topic, Set.of(), unsubscribe);
      unsubscribe.clear();
      subscribe.addAll(again);
    }
    change(topic, subscribe, unsubscribe);
  }

  private static void add(String name, Set<String> subscribed, Set<String> news) {
    if (subscribed.add(name)) {
      news.add(name);
    }
  }

  private static void move(String name, Set<String> subscribed, Set<String> gone) {
    if (subscribed.remove(name)) {
      gone.add(name);
    }
  }

  /// A request that changes nothing would only puzzle the control plane.
  private void change(Topic<?, ?> topic, Set<String> subscribe, Set<String> unsubscribe) {
    if (!subscribe.isEmpty() || !unsubscribe.isEmpty()) {
      send(
          topic,
          DeltaDiscoveryRequest.newBuilder()
              .addAllResourceNamesSubscribe(subscribe)
              .addAllResourceNamesUnsubscribe(unsubscribe));
    }
  }

  @Override
  public boolean answer(Topic<?, ?> topic, Response response, List<Rejected> problems) {
    var request = DeltaDiscoveryRequest.newBuilder().setResponseNonce(response.nonce());
    if (!problems.isEmpty()) {
      request.setErrorDetail(topic.kind().errorDetail(problems));
    }
    send(topic, request);
    return false;
  }

  private void send(Topic<?, ?> topic, DeltaDiscoveryRequest.Builder request) {
    request.setTypeUrl(topic.typeUrl());
    if (!nodeSent || !settings.nodeOnFirstMessageOnly()) {
      nodeSent = true;
      request.setNode(settings.node());
    }
    call.send(request.build());
  }

  @Override
  public void receiveNext() {
    call.receiveNext();
  }

  @Override
  public void close() {
    call.cancel();
  }
}
