package dev.weir.config;

import com.github.xds.core.v3.TypedExtensionConfig;
import dev.weir.config.MatchInput.About;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerFilterStateInput;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.ApplicationProtocolInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.DestinationIPInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.DestinationPortInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.DirectSourceIPInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.FilterStateInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.ServerNameInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.SourceIPInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.SourcePortInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.SourceTypeInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.TransportProtocolInput;
import io.envoyproxy.envoy.type.matcher.v3.HttpRequestHeaderMatchInput;
import java.util.Locale;

/// Makes [MatchInput]s.
final class MatchInputDecoder {
  private MatchInputDecoder() {}

  static MatchInput decode(TypedExtensionConfig wire, About about, Field at)
      throws InvalidResourceException {
    var typedAt = at.at("typed_config");
    var typed = ExtensionDecoder.unpack(wire.getName(), wire.getTypedConfig(), typedAt);
    at.require(
        about != About.ROUTE || typed instanceof HttpRequestHeaderMatchInput,
        "Route table can only match on request headers, saw "
            + typed.getDescriptorForType().getFullName());
    return switch (typed) {
      case DestinationIPInput _ -> MatchInput.Fact.DESTINATION_IP;
      case DestinationPortInput _ -> MatchInput.Fact.DESTINATION_PORT;
      case SourceIPInput _ -> MatchInput.Fact.SOURCE_IP;
      case SourcePortInput _ -> MatchInput.Fact.SOURCE_PORT;
      case DirectSourceIPInput _ -> MatchInput.Fact.DIRECT_SOURCE_IP;
      case SourceTypeInput _ -> MatchInput.Fact.SOURCE_TYPE;
      case ServerNameInput _ -> MatchInput.Fact.SERVER_NAME;
      case TransportProtocolInput _ -> MatchInput.Fact.TRANSPORT_PROTOCOL;
      case ApplicationProtocolInput _ -> MatchInput.Fact.APPLICATION_PROTOCOL;
      case FilterStateInput state ->
          new MatchInput.FilterState(
              state.getKey(),
              NewerFields.of(state, NewerFilterStateInput.getDefaultInstance()).getField());
      case HttpRequestHeaderMatchInput header when about != About.CONNECTION ->
          new MatchInput.RequestHeader(header.getHeaderName().toLowerCase(Locale.ROOT));
      default ->
          throw ExtensionDecoder.unregistered(
              wire.getName(), typed.getDescriptorForType().getFullName(), at);
    };
  }
}
