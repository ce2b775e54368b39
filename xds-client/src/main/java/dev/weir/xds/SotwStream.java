package dev.weir.xds;

import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// State of the world: each request lists all that is wanted, and with its nonce says which
/// response it has seen. Main loop only.
final class SotwStream implements XdsStream {
  private final GrpcCall<DiscoveryRequest, DiscoveryResponse> call;
  private final StreamSettings settings;
  private final Map<String, Said> said = new HashMap<>();
  private boolean nodeSent;

  SotwStream(GrpcCall<DiscoveryRequest, DiscoveryResponse> call, StreamSettings settings) {
    this.call = call;
    this.settings = settings;
  }

  /// What was said of a type on this stream.
  private static final class Said {
    /// Of the last response.
    String nonce = "";

    /// Whether names were ever listed: from then on an empty list means nothing, not all.
    boolean listed;
  }

  @Override
  public void request(Topic<?, ?> topic) {
    // An empty list would mean all, unless names were listed before.
    if (said(topic).listed || !topic.interest().isEmpty()) {
      send(topic, DiscoveryRequest.newBuilder());
    }
  }

  @Override
  public boolean answer(Topic<?, ?> topic, Response response, List<Rejected> problems) {
    said(topic).nonce = response.nonce();
    var request = DiscoveryRequest.newBuilder();
    if (!problems.isEmpty()) {
      request.setErrorDetail(topic.kind().errorDetail(problems));
    }
    send(topic, request);
    return true;
  }

  private void send(Topic<?, ?> topic, DiscoveryRequest.Builder request) {
    var before = said(topic);
    var interest = topic.interest();
    if (!interest.names().isEmpty()) {
      before.listed = true;
    }
    if (interest.wildcard() && before.listed) {
      request.addResourceNames("*");
    }
    interest.takeRenewed();
    interest.takeChanged();
    request
        .addAllResourceNames(interest.names())
        .setTypeUrl(topic.typeUrl())
        .setVersionInfo(settings.remembers() ? topic.acceptedVersion() : "")
        .setResponseNonce(before.nonce);
    if (!nodeSent || !settings.nodeOnFirstMessageOnly()) {
      nodeSent = true;
      request.setNode(settings.node());
    }
    call.send(request.build());
  }

  private Said said(Topic<?, ?> topic) {
    return said.computeIfAbsent(topic.typeUrl(), _ -> new Said());
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
