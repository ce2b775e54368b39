package dev.weir.config;

import dev.weir.config.SetFilterStateConfig.Rule;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerSetFilterState;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue;
import io.envoyproxy.envoy.extensions.filters.listener.set_filter_state.v3.Config;
import java.util.List;

/// Makes [SetFilterStateConfig]s, for listeners and filter chains alike.
final class SetFilterStateDecoder {
  private SetFilterStateDecoder() {}

  static SetFilterStateConfig ofListener(Config wire, Field at) {
    return new SetFilterStateConfig(rules("on_accept", wire.getOnAcceptList(), at), List.of());
  }

  static SetFilterStateConfig ofChain(
      io.envoyproxy.envoy.extensions.filters.network.set_filter_state.v3.Config wire, Field at) {
    var newer = NewerFields.of(wire, NewerSetFilterState.getDefaultInstance());
    at.unsupported(newer.getOnDownstreamDataCount() > 0, "on_downstream_data");
    return new SetFilterStateConfig(
        rules("on_new_connection", wire.getOnNewConnectionList(), at),
        rules("on_downstream_tls_handshake", newer.getOnDownstreamTlsHandshakeList(), at));
  }

  private static List<Rule> rules(String field, List<FilterStateValue> wire, Field at) {
    return at.each(field, wire, SetFilterStateDecoder::rule);
  }

  private static Rule rule(FilterStateValue wire, Field at) throws InvalidResourceException {
    var key = wire.getFactoryKey().isEmpty() ? wire.getObjectKey() : wire.getFactoryKey();
    var factory = StateFactory.find(key);
    if (factory == null) {
      throw at.invalid("'" + key + "' does not have an object factory");
    }
    return new Rule(
        wire.getObjectKey(),
        factory,
        LogLayoutDecoder.decode(wire.getFormatString(), at.at("format_string")),
        wire.getSkipIfEmpty());
  }
}
