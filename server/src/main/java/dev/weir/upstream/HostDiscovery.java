package dev.weir.upstream;

import dev.weir.upstream.host.Host;
import dev.weir.upstream.host.HostTable.Shape;
import java.util.List;

/// Finds the hosts of a cluster. Main loop only.
interface HostDiscovery {

  /// Who wants to know. Called on the main loop.
  interface Finder {
    /// These endpoints were read, known or new.
    void read(List<Endpoint> endpoints);

    /// The endpoint of this key is to be this host, which serves already, once it is found.
    default void adopt(Endpoint.Key key, Host host) {}

    /// These are the endpoints now.
    void found(List<Endpoint> endpoints, Shape shape);

    /// There was a first answer, or none in time: the cluster may serve. Called once or more often.
    void ready();
  }

  /// Begins.
  void start();

  /// Ends; nothing is found any more.
  void stop();
}
