package dev.weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.ListenerConfig;
import dev.weir.config.ListenerDecoder;
import dev.weir.proto.OnUnknown;
import dev.weir.proto.WireFormat;
import dev.weir.proto.WireText;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ListenerRulesTest {

  private static ListenerConfig listener(String name, int port, String more) throws Exception {
    var text =
        """
        name: %s
        address: {socket_address: {address: 127.0.0.1, port_value: %d}}
        filter_chains: [{filters: []}]
        %s
        """
            .formatted(name, port, more);
    var wire =
        WireText.parse(text, WireFormat.YAML, Listener.getDefaultInstance(), OnUnknown.REJECT);
    return ListenerDecoder.decode(wire.message(), "").value();
  }

  @Test
  void anAddressBelongsToOneListener() throws Exception {
    assertEquals(
        Optional.of(
            "error adding listener: 'b' has duplicate address '127.0.0.1:80' as existing listener, to check if the listener has duplicated addresses with other listeners or 'enable_reuse_port' is set to 'false' for the listener"),
        ListenerRules.conflict(listener("b", 80, ""), List.of(listener("a", 80, ""))));
    assertEquals(
        Optional.empty(),
        ListenerRules.conflict(listener("b", 81, ""), List.of(listener("a", 80, ""))));
  }

  @Test
  void anyPortIsNobodysPort() throws Exception {
    assertEquals(
        Optional.empty(),
        ListenerRules.conflict(listener("b", 0, ""), List.of(listener("a", 0, ""))));
  }

  @Test
  void whetherPortsAreSharedStaysAsItIs() throws Exception {
    assertEquals(
        Optional.of("Listener a: reuse port cannot be changed during an update"),
        ListenerRules.forbiddenChange(
            listener("a", 80, ""), listener("a", 80, "enable_reuse_port: false")));
  }

  @Test
  void optionsOfASocketThatIsNotSharedStayAsTheyAre() throws Exception {
    var before = listener("a", 80, "enable_reuse_port: false");
    var after = listener("a", 80, "enable_reuse_port: false\ntcp_backlog_size: 7");
    assertTrue(ListenerRules.forbiddenChange(before, after).isPresent());
    var shared = listener("a", 80, "tcp_backlog_size: 7");
    assertEquals(Optional.empty(), ListenerRules.forbiddenChange(listener("a", 80, ""), shared));
  }

  @Test
  void itIsKnownWhetherOnlyChainsDiffer() throws Exception {
    var before = listener("a", 80, "");
    assertFalse(ListenerRules.onlyChainsDiffer(before, listener("a", 80, "")));
    assertFalse(ListenerRules.onlyChainsDiffer(before, listener("a", 81, "")));
    assertTrue(
        ListenerRules.onlyChainsDiffer(
            before, listener("a", 80, "default_filter_chain: {filters: []}")));
  }
}
