package dev.weir.lab;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One stream as the control plane sees it: puts each answer of the proxy together with what it
/// answers, by the nonce, and tells the listener. Requests come one at a time; responses may leave
/// on any thread.
final class Conversation {

  private record Response(String nonce, String version, boolean answered) {}

  private final Consumer<XdsEvent> events;
  private final Map<String, Response> latest = new ConcurrentHashMap<>();
  private volatile String node = "";

  Conversation(Consumer<XdsEvent> events) {
    this.events = events;
  }

  /// Takes note of a message from the proxy, and gives it back as the discovery server shall see
  /// it: with a refusal turned into plain receipt. What was refused is not to be sent again until
  /// it changes, and the server's books have no other way to say that: after a refusal they send
  /// the same once more, at once and for ever.
  Message received(Message message) {
    return switch (message) {
      case DiscoveryRequest request -> received(request);
      case DeltaDiscoveryRequest request -> received(request);
      default -> message;
    };
  }

  private DiscoveryRequest received(DiscoveryRequest request) {
    introduce(request.getNode().getId());
    var type = request.getTypeUrl();
    var last = latest.get(type);
    if (last == null || !last.nonce.equals(request.getResponseNonce())) {
      return request;
    }
    answered(type, last, request.hasErrorDetail() ? request.getErrorDetail().getMessage() : null);
    return request.toBuilder().clearErrorDetail().setVersionInfo(last.version).build();
  }

  private DeltaDiscoveryRequest received(DeltaDiscoveryRequest request) {
    introduce(request.getNode().getId());
    var type = request.getTypeUrl();
    var last = latest.get(type);
    if (last != null && last.nonce.equals(request.getResponseNonce())) {
      answered(type, last, request.hasErrorDetail() ? request.getErrorDetail().getMessage() : null);
    }
    return request.toBuilder().clearErrorDetail().build();
  }

  /// Takes note of a message to the proxy. To be called before it leaves, so that the answer cannot
  /// be faster.
  void sending(Message message) {
    switch (message) {
      case DiscoveryResponse it ->
          sending(it.getTypeUrl(), it.getNonce(), it.getVersionInfo(), it.getResourcesCount(), 0);
      case DeltaDiscoveryResponse it ->
          sending(
              it.getTypeUrl(),
              it.getNonce(),
              it.getSystemVersionInfo(),
              it.getResourcesCount(),
              it.getRemovedResourcesCount());
      default -> {}
    }
  }

  /// Says that the stream is over.
  void ended() {
    if (!node.isEmpty()) {
      events.accept(new XdsEvent.Disconnected(node));
    }
  }

  private void introduce(String id) {
    if (node.isEmpty() && !id.isEmpty()) {
      node = id;
      events.accept(new XdsEvent.Connected(id));
    }
  }

  private void sending(String type, String nonce, String version, int resources, int removed) {
    latest.put(type, new Response(nonce, version, false));
    events.accept(new XdsEvent.Sent(node, type, version, resources, removed));
  }

  /// Only the first request with a nonce answers; later ones with the same just ask for other
  /// names.
  private void answered(String type, Response last, @Nullable String refusal) {
    if (last.answered
        || !latest.replace(type, last, new Response(last.nonce, last.version, true))) {
      return;
    }
    events.accept(
        refusal == null
            ? new XdsEvent.Accepted(node, type, last.version)
            : new XdsEvent.Rejected(node, type, last.version, refusal));
  }
}
