package dev.weir.transport.tls;

import dev.weir.config.Resources;
import dev.weir.proto.OnUnknown;
import dev.weir.xds.ClientConfig;
import dev.weir.xds.ControlPlaneObserver;
import dev.weir.xds.SerialLoop;
import dev.weir.xds.SubscriptionObserver;
import dev.weir.xds.XdsClient;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.List;

/// Transports in a world without secrets.
public final class TestTransports {
  private TestTransports() {}

  /// Makes transports that need no control plane.
  public static TransportFactory of(SerialLoop main) {
    var nobody =
        new XdsClient(
            main,
            new ClientConfig(Node.getDefaultInstance(), null, OnUnknown.WARN),
            _ -> null,
            ControlPlaneObserver.NONE);
    var secrets =
        new SecretStore(
            new SecretStore.Dependencies(
                main,
                nobody,
                Resources.of(OnUnknown.WARN).secrets(),
                _ -> SubscriptionObserver.NONE),
            List.of());
    return new TransportFactory(main, secrets, new CertificateExpiries());
  }
}
