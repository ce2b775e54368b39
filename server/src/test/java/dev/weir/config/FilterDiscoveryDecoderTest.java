package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterDiscoveryDecoderTest {
  private static final String AT = "filter_chains[0].filters[0].config_discovery";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          type_urls: [x/envoy.extensions.filters.network.echo.v3.Echo] | ok
          type_urls: [x/no.such.Type] | .type_urls: Error: no factory found for a required type URL x/no.such.Type.
          type_urls: [x/envoy.extensions.filters.network.echo.v3.Echo], apply_default_config_without_warming: true | : Error: filter config f applied without warming but has no default config.
          type_urls: [x/envoy.extensions.filters.network.echo.v3.Echo], default_config: {"@type": x/envoy.extensions.filters.network.sni_cluster.v3.SniCluster} | .default_config: Error: filter config has type URL envoy.extensions.filters.network.sni_cluster.v3.SniCluster but expect envoy.extensions.filters.network.echo.v3.Echo.
          type_urls: [x/envoy.extensions.filters.network.sni_cluster.v3.SniCluster], default_config: {"@type": x/envoy.extensions.filters.network.sni_cluster.v3.SniCluster} | .default_config: Error: non-terminal filter named f of type envoy.filters.network.sni_cluster is the last filter in a network filter chain.
          """)
  void whatCanNeverConfigureTheFilterIsRefused(String discovery, String verdict) {
    var listener =
        """
        name: l
        address: {socket_address: {address: 127.0.0.1, port_value: 0}}
        filter_chains:
        - filters: [{name: f, config_discovery: {config_source: {ads: {}}, %s}}]
        """
            .formatted(discovery);
    var problems = Wire.problems(listener, Listener.getDefaultInstance(), ListenerDecoder::decode);
    Wire.assertVerdict(verdict.equals("ok") ? verdict : AT + verdict, problems);
  }

  @Test
  void theTypeTellsWhichFilterAConfigurationIsFor() {
    var tls = "envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector";
    assertEquals(FilterDiscovery.Kind.LISTENER, decode(tls).filter().kind());
    var echo = "envoy.extensions.filters.network.echo.v3.Echo";
    assertEquals(
        new ExtensionConfig(
            "f", echo, new ExtensionConfig.OfConnection(new NetworkFilterConfig.Echo())),
        decode(echo));
    var cors = "envoy.extensions.filters.http.cors.v3.Cors";
    assertEquals(FilterDiscovery.Kind.HTTP, decode(cors).filter().kind());
  }

  private static ExtensionConfig decode(String type) {
    var yaml = "{name: f, typed_config: {\"@type\": type.googleapis.com/" + type + "}}";
    return Wire.decode(
            yaml, TypedExtensionConfig.getDefaultInstance(), ExtensionConfigDecoder::decode)
        .value();
  }
}
