package dev.weir.engine;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.weir.config.Checked;
import dev.weir.config.ClusterConfig;
import dev.weir.config.ClusterDecoder;
import dev.weir.config.ListenerConfig;
import dev.weir.config.ListenerDecoder;
import dev.weir.proto.OnUnknown;
import dev.weir.proto.WireException;
import dev.weir.proto.WireFormat;
import dev.weir.proto.WireText;
import dev.weir.xds.Accepted;
import dev.weir.xds.InvalidResourceException;
import dev.weir.xds.Update;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.List;

/// Resources as a control plane would push them, from YAML.
final class Resource {
  private Resource() {}

  static Accepted<Checked<ClusterConfig>> cluster(String yaml) {
    try {
      var wire = parse(yaml, Cluster.getDefaultInstance());
      return new Accepted<>(wire.getName(), "1", ClusterDecoder.decode(wire, ""), Any.pack(wire));
    } catch (InvalidResourceException e) {
      throw new AssertionError(e.problems().toString(), e);
    }
  }

  /// A cluster of one static host.
  static Accepted<Checked<ClusterConfig>> cluster(String name, int port) {
    return cluster(
        """
        name: %s
        type: STATIC
        load_assignment:
          cluster_name: %s
          endpoints:
          - lb_endpoints:
            - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
        """
            .formatted(name, name, port));
  }

  /// A cluster whose endpoints the control plane is asked for.
  static Accepted<Checked<ClusterConfig>> edsCluster(String name) {
    return cluster(
        """
        name: %s
        type: EDS
        eds_cluster_config: {eds_config: {ads: {}, initial_fetch_timeout: 15s}}
        """
            .formatted(name));
  }

  static Accepted<Checked<ListenerConfig>> listener(String yaml) {
    try {
      var wire = parse(yaml, Listener.getDefaultInstance());
      return new Accepted<>(wire.getName(), "1", ListenerDecoder.decode(wire, ""), Any.pack(wire));
    } catch (InvalidResourceException e) {
      throw new AssertionError(e.problems().toString(), e);
    }
  }

  /// A listener that sends back what it gets.
  ///
  /// @param more further lines
  static Accepted<Checked<ListenerConfig>> echo(String name, int port, String more) {
    return listener(
        """
        name: %s
        address: {socket_address: {address: 127.0.0.1, port_value: %d}}
        filter_chains:
        - filters:
          - name: envoy.filters.network.echo
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}
        %s
        """
            .formatted(name, port, more));
  }

  private static <M extends Message> M parse(String yaml, M prototype) {
    try {
      return WireText.parse(yaml, WireFormat.YAML, prototype, OnUnknown.REJECT).message();
    } catch (WireException e) {
      throw new AssertionError("the test's own message is wrong: " + e.getMessage(), e);
    }
  }

  /// A push that changes these.
  static <T> Update<T> changed(Accepted<T> resource) {
    return new Update<>(List.of(resource), List.of(), List.of(), "1");
  }

  /// A push that changes both.
  static <T> Update<T> changed(Accepted<T> one, Accepted<T> other) {
    return new Update<>(List.of(one, other), List.of(), List.of(), "1");
  }

  /// A push after which these are gone.
  static <T> Update<T> removed(String... names) {
    return new Update<>(List.of(), List.of(names), List.of(), "1");
  }
}
