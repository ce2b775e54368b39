package dev.weir.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.weir.proto.Violation;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.util.Arrays;
import java.util.List;

/// Kinds of resources whose value is a plain text, and messages of them.
///
/// The text says how the decoder treats it: `bad` is refused, `malformed` breaks a rule of the
/// message, `bug` hits a bug of ours.
final class Samples {
  static final ResourceType<Cluster, String> CLUSTERS =
      new ResourceType<>(
          "type.googleapis.com/envoy.config.cluster.v3.Cluster",
          Cluster.class,
          Cluster::getName,
          message -> decode(message.getAltStatName()));

  static final ResourceType<Listener, String> LISTENERS =
      new ResourceType<>(
          "type.googleapis.com/envoy.config.listener.v3.Listener",
          Listener.class,
          Listener::getName,
          message -> decode(message.getStatPrefix()));

  static final ResourceType<ClusterLoadAssignment, String> ENDPOINTS =
      new ResourceType<>(
          "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment",
          ClusterLoadAssignment.class,
          ClusterLoadAssignment::getClusterName,
          message -> decode(message.getEndpoints(0).getLocality().getZone()));

  static final ResourceType<Secret, String> SECRETS =
      new ResourceType<>(
          "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret",
          Secret.class,
          Secret::getName,
          message -> decode(message.getGenericSecret().getSecret().getInlineString()));

  private Samples() {}

  private static String decode(String text) throws InvalidResourceException {
    return switch (text) {
      case "bad" -> throw new InvalidResourceException(List.of(new Violation("text", "is bad")));
      case "malformed" ->
          throw InvalidResourceException.malformed(List.of(new Violation("text", "is malformed")));
      case "bug" -> throw new IllegalStateException("a bug");
      default -> text;
    };
  }

  static Cluster cluster(String name, String text) {
    return Cluster.newBuilder().setName(name).setAltStatName(text).build();
  }

  static Listener listener(String name, String text) {
    return Listener.newBuilder().setName(name).setStatPrefix(text).build();
  }

  static ClusterLoadAssignment endpoints(String name, String text) {
    var assignment = ClusterLoadAssignment.newBuilder().setClusterName(name);
    assignment.addEndpointsBuilder().getLocalityBuilder().setZone(text);
    return assignment.build();
  }

  static Secret secret(String name, String text) {
    var secret = Secret.newBuilder().setName(name);
    secret.getGenericSecretBuilder().getSecretBuilder().setInlineString(text);
    return secret.build();
  }

  static DiscoveryResponse.Builder world(
      ResourceType<?, ?> type, String version, String nonce, Message... messages) {
    return DiscoveryResponse.newBuilder()
        .setTypeUrl(type.typeUrl())
        .setVersionInfo(version)
        .setNonce(nonce)
        .addAllResources(Arrays.stream(messages).map(Any::pack).toList());
  }

  static DeltaDiscoveryResponse.Builder change(
      ResourceType<?, ?> type, String nonce, Resource... resources) {
    return DeltaDiscoveryResponse.newBuilder()
        .setTypeUrl(type.typeUrl())
        .setSystemVersionInfo("s-" + nonce)
        .setNonce(nonce)
        .addAllResources(List.of(resources));
  }

  static Resource resource(String name, String version, Message message) {
    return Resource.newBuilder()
        .setName(name)
        .setVersion(version)
        .setResource(Any.pack(message))
        .build();
  }
}
