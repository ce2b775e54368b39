package dev.weir.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weir.config.StateFactory;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the filter state objects that can be made of text look like on a line. The expected texts
/// are what Envoy 1.40 printed.
class FilterStateFactsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "envoy.string|abc|abc|\"abc\"|-|-",
        "envoy.hashable_string|abc|abc|\"abc\"|-|-",
        "envoy.bool|true|true|true|-|-",
        "envoy.bool|1|true|true|-|-",
        "envoy.bool|maybe|-|-|-|-",
        "envoy.bool|False|false|false|-|-",
        "envoy.bool|yes|true|true|-|-",
        "envoy.bool|t|true|true|-|-",
        "envoy.network.application_protocols|h2,http/1.1|-|-|-|-",
        "envoy.network.ip|1.2.3.4|1.2.3.4:0|-|-|-",
        "envoy.network.ip|nope|-|-|-|-",
        "envoy.network.upstream_server_name|a.b|a.b|-|-|-",
        "envoy.network.upstream_subject_alt_names|a, b,c|a, b,c|-|-|-",
        "envoy.network.transport_socket.original_dst_address|1.2.3.4:80|1.2.3.4:80|-|1.2.3.4|80",
        "envoy.network.transport_socket.original_dst_address|[::1]:80|[::1]:80|-|::1|80",
        "envoy.network.transport_socket.original_dst_address|1.2.3.4|-|-|-|-",
        "envoy.filters.listener.original_dst.local_ip|1.2.3.4:80|1.2.3.4:80|-|1.2.3.4|80",
        "envoy.tcp_proxy.cluster|c2|c2|-|-|-",
        "envoy.tcp_proxy.disable_tunneling|true|true|true|-|-",
        "envoy.tcp_proxy.disable_tunneling|1|false|false|-|-",
        "envoy.tcp_proxy.per_connection_idle_timeout_ms|1234|1234|\"1234\"|-|-",
        "envoy.tcp_proxy.per_connection_idle_timeout_ms|-1|-|-|-|-",
        "envoy.tcp_proxy.per_connection_idle_timeout_ms|1x|-|-|-|-",
        "envoy.upstream.dynamic_host|h|h|\"h\"|-|-",
        "envoy.upstream.dynamic_port|99999|99999|99999|-|-",
        "envoy.ratelimit.hits_addend|3|3|3|-|-",
        "envoy.network.network_namespace|ns|ns|-|-|-",
      })
  void anObjectIsPrintedPlainTypedAndByField(
      String key, String text, String plain, String typed, String ip, String port)
      throws Exception {
    var factory = StateFactory.find(key);
    assertNotNull(factory);
    var record = SampleRecord.accepted().record;
    var value = factory.parse(text);
    if (value != null) {
      record.filterState("k", value);
    }
    assertEquals(
        String.join(" ", plain, typed, ip, port),
        Lines.text(
            "%FILTER_STATE(k:PLAIN)% %FILTER_STATE(k:TYPED)% %FILTER_STATE(k:FIELD:ip)%"
                + " %FILTER_STATE(k:FIELD:port)%",
            record));
  }

  @ParameterizedTest
  @CsvSource({
    "envoy.tcp_proxy.receive_before_connect",
    "envoy.network.proxy_protocol_options",
    "nonsense"
  })
  void someObjectsCannotBeMadeOfText(String key) {
    assertNull(StateFactory.find(key));
  }

  @Test
  void onlyHashableTextsAndAddressesAreHashed() {
    assertEquals("a", hashed(StateFactory.HASHABLE_STRING, "a"));
    assertEquals("1.2.3.4:5", hashed(StateFactory.ORIGINAL_DST_ADDRESS, "1.2.3.4:5"));
    assertNull(hashed(StateFactory.STRING, "a"));
  }

  private static @Nullable String hashed(StateFactory factory, String text) {
    return Objects.requireNonNull(factory.parse(text)).hashed();
  }
}
