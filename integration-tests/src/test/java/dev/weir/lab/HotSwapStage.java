package dev.weir.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// What the rows of the hot-swap table share, for one form of the protocol: a control plane, two
/// backends, and the gateway between them.
record HotSwapStage(
    BlockingQueue<XdsEvent> events, ControlPlane plane, Echo one, Echo two, Proxy proxy) {

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  static HotSwapStage start(XdsMode mode) {
    var events = new LinkedBlockingQueue<XdsEvent>();
    try {
      var plane = ControlPlane.create(events::add);
      var bootstrap = mode.bootstrap(plane.listen(ANY));
      return new HotSwapStage(
          events,
          plane,
          Echo.start("one", ANY),
          Echo.start("two", ANY),
          Proxy.start(ProxyKind.WEIR, bootstrap, "--drain-time-s", "1"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Waits until the gateway refuses a resource of a type, and tells why.
  String awaitRefusal(String type) {
    var refusal =
        (XdsEvent.Rejected)
            Await.until(
                "a refusal",
                events::poll,
                it -> it instanceof XdsEvent.Rejected rejected && rejected.type().equals(type));
    return refusal.reason();
  }

  void stop() throws IOException {
    proxy.close();
    plane.close();
    one.close();
    two.close();
  }
}
