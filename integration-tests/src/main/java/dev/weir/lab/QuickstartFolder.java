package dev.weir.lab;

import dev.weir.proto.OnUnknown;
import dev.weir.proto.WireException;
import dev.weir.proto.WireFormat;
import dev.weir.proto.WireText;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The addresses that a quickstart folder speaks of. They are written there once, and nowhere else.
///
/// @param controlPlane where the gateway's bootstrap looks for its control plane
/// @param admin where the gateway's admin interface will listen
/// @param listeners where the gateway will listen
/// @param backends the endpoints that the gateway will connect to, under their cluster's name
record QuickstartFolder(
    InetSocketAddress controlPlane,
    InetSocketAddress admin,
    List<InetSocketAddress> listeners,
    List<Backend> backends) {

  record Backend(String name, InetSocketAddress address) {}

  /// @throws IOException if something is missing or cannot be read; its message says what
  static QuickstartFolder read(Path folder) throws IOException {
    var reading = new ResourceFolder(folder).read();
    if (!reading.problems().isEmpty()) {
      throw new IOException(String.join("\n", reading.problems()));
    }
    var bootstrap = bootstrap(folder.resolve("bootstrap.yaml"));
    var resources = reading.resources();
    return new QuickstartFolder(
        bootstrap.getStaticResources().getClustersList().stream()
            .flatMap(cluster -> endpoints(cluster.getLoadAssignment()))
            .findFirst()
            .orElseThrow(() -> new IOException("bootstrap.yaml has no cluster to get config from")),
        address(bootstrap.getAdmin().getAddress()),
        resources.stream()
            .flatMap(it -> it instanceof Listener found ? Stream.of(found) : Stream.empty())
            .map(it -> address(it.getAddress()))
            .toList(),
        resources.stream()
            .flatMap(
                it -> it instanceof ClusterLoadAssignment found ? backends(found) : Stream.of())
            .toList());
  }

  private static Bootstrap bootstrap(Path file) throws IOException {
    try {
      var text = Files.readString(file);
      var none = Bootstrap.getDefaultInstance();
      return WireText.parse(text, WireFormat.YAML, none, OnUnknown.WARN).message();
    } catch (WireException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static Stream<Backend> backends(ClusterLoadAssignment assignment) {
    return endpoints(assignment).map(it -> new Backend(assignment.getClusterName(), it));
  }

  private static Stream<InetSocketAddress> endpoints(ClusterLoadAssignment assignment) {
    return assignment.getEndpointsList().stream()
        .flatMap(locality -> locality.getLbEndpointsList().stream())
        .map(it -> address(it.getEndpoint().getAddress()));
  }

  private static InetSocketAddress address(Address address) {
    SocketAddress socket = address.getSocketAddress();
    return new InetSocketAddress(socket.getAddress(), socket.getPortValue());
  }
}
