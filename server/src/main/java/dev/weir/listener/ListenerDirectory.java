package dev.weir.listener;

import dev.weir.config.Address;
import dev.weir.config.IpLiteral;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which listener is there for which address, whether it listens there or only takes over: where
/// connections go on that were redirected to another one. Any thread.
public final class ListenerDirectory {
  private volatile Map<Address, ActiveListener> byAddress = Map.of();

  /// Makes these the listeners from now on. Main loop only.
  public void publish(Collection<ActiveListener> listeners) {
    var next = new HashMap<Address, ActiveListener>();
    for (var listener : listeners) {
      for (var address : listener.config().bind().addresses()) {
        next.putIfAbsent(address, listener);
      }
    }
    byAddress = Map.copyOf(next);
  }

  /// The listener of an address, or else that of its port on all addresses; null if there is none.
  @Nullable ActiveListener find(SocketAddress address) {
    if (!(address instanceof InetSocketAddress ip)) {
      return null;
    }
    var exact = byAddress.get(new Address.Socket(IpLiteral.text(ip.getAddress()), ip.getPort()));
    if (exact != null) {
      return exact;
    }
    var any = ip.getAddress().getAddress().length == 4 ? "0.0.0.0" : "::";
    return byAddress.get(new Address.Socket(any, ip.getPort()));
  }
}
