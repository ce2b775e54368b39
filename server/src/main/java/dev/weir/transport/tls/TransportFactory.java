package dev.weir.transport.tls;

import dev.weir.config.TransportSocketConfig;
import dev.weir.telemetry.StatScope;
import dev.weir.transport.DownstreamTransport;
import dev.weir.transport.UpstreamTransport;
import dev.weir.xds.SerialLoop;
import java.io.IOException;

/// Makes live transports of configured ones. Main loop only.
public final class TransportFactory {
  private final SerialLoop main;
  private final Secrets secrets;

  /// What transports get their secrets from, and tell of.
  record Secrets(SecretStore store, CertificateExpiries expiries) {}

  /// @param secrets where transports find theirs
  /// @param expiries told of certificates that are in use
  public TransportFactory(SerialLoop main, SecretStore secrets, CertificateExpiries expiries) {
    this.main = main;
    this.secrets = new Secrets(secrets, expiries);
  }

  /// For a filter chain.
  ///
  /// @param listener where the listener counts
  /// @throws IOException if a secret cannot be asked for; the message says why
  public DownstreamTransport downstream(TransportSocketConfig config, StatScope listener)
      throws IOException {
    main.check();
    return switch (config) {
      case TransportSocketConfig.RawBuffer _ -> DownstreamTransport.PLAINTEXT;
      case TransportSocketConfig.DownstreamTls tls -> new TlsDownstream(tls, listener, secrets);
      case TransportSocketConfig.UpstreamTls _, TransportSocketConfig.ProxyProtocol _ ->
          throw new IllegalStateException("decoding refuses this for a listener: " + config);
    };
  }

  /// For a cluster. It asks for its secrets when [UpstreamTransport#warm] is first called, or when
  /// it is first dialled with.
  ///
  /// @param cluster where the cluster counts
  public UpstreamTransport upstream(TransportSocketConfig config, StatScope cluster) {
    main.check();
    return switch (config) {
      case TransportSocketConfig.RawBuffer _ -> UpstreamTransport.PLAINTEXT;
      case TransportSocketConfig.UpstreamTls tls -> new TlsUpstream(tls, cluster, main, secrets);
      case TransportSocketConfig.DownstreamTls _, TransportSocketConfig.ProxyProtocol _ ->
          throw new IllegalStateException("made elsewhere, or refused: " + config);
    };
  }
}
