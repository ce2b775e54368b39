package dev.weir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.proto.OnUnknown;
import dev.weir.proto.WireFormat;
import dev.weir.proto.WireJson;
import dev.weir.proto.WireText;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskDumpTest {
  private static final String DUMP =
      """
      version_info: "1"
      dynamic_listeners:
      - name: a
        active_state:
          version_info: "2"
          listener:
            "@type": type.googleapis.com/envoy.config.listener.v3.Listener
            name: a
            stat_prefix: x
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\'',
      textBlock =
          """
          version_info; {"version_info":"1"}
          nope; {}
          dynamic_listeners.name; {"dynamic_listeners":[{"name":"a"}]}
          version_info,dynamic_listeners.active_state.version_info; {"version_info":"1","dynamic_listeners":[{"active_state":{"version_info":"2"}}]}
          dynamic_listeners.active_state.listener.stat_prefix; {"dynamic_listeners":[{"active_state":{"listener":{"@type":"type.googleapis.com/envoy.config.listener.v3.Listener","stat_prefix":"x"}}}]}
          """)
  void aMaskGoesThroughListsAndThroughAny(String mask, String expected) throws Exception {
    var dump =
        WireText.parse(
                DUMP, WireFormat.YAML, ListenersConfigDump.getDefaultInstance(), OnUnknown.REJECT)
            .message();
    var cut = MaskDump.cut(dump, FieldPaths.of(mask));
    assertEquals(expected, WireJson.text(cut, WireJson.Layout.COMPACT));
  }
}
