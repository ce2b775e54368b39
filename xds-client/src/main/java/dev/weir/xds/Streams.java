package dev.weir.xds;

import com.google.protobuf.Message;
import dev.weir.xds.Response.Manner;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;

/// Opens discovery streams of one configuration. Main loop only.
///
/// @param method full name of the method, of the protocol that the configuration asks for
record Streams(SerialLoop loop, Node node, ApiConfig api, String method) {
  /// The method of a stream for all types.
  static String aggregated(boolean delta) {
    return "envoy.service.discovery.v3.AggregatedDiscoveryService/"
        + (delta ? "DeltaAggregatedResources" : "StreamAggregatedResources");
  }

  /// Opens a stream.
  ///
  /// @param remembers see [StreamSettings#remembers()]
  /// @throws IOException if a configured header cannot be sent
  XdsStream open(Channel channel, boolean remembers, GrpcCall.Events<Response> events)
      throws IOException {
    var settings = new StreamSettings(node, api.nodeOnFirstMessageOnly(), remembers);
    var headers = Headers.of(api.initialMetadata());
    if (api.delta()) {
      var speaking =
          speaking(
              DeltaDiscoveryRequest.getDefaultInstance(),
              DeltaDiscoveryResponse.getDefaultInstance());
      return new DeltaStream(
          GrpcCall.start(channel, speaking, headers, loop, events.translated(Response::of)),
          settings);
    }
    var speaking =
        speaking(DiscoveryRequest.getDefaultInstance(), DiscoveryResponse.getDefaultInstance());
    return new SotwStream(
        GrpcCall.start(
            channel,
            speaking,
            headers,
            loop,
            events.translated(wire -> Response.of(wire, Manner.STATE_OF_THE_WORLD))),
        settings);
  }

  private <Q extends Message, R extends Message> MethodDescriptor<Q, R> speaking(
      Q request, R response) {
    return MethodDescriptor.newBuilder(
            ProtoUtils.marshaller(request), ProtoUtils.marshaller(response))
        .setType(MethodType.BIDI_STREAMING)
        .setFullMethodName(method)
        .build();
  }
}
