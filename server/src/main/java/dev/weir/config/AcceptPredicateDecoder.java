package dev.weir.config;

import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilterChainMatchPredicate;
import java.util.List;

/// Makes [AcceptPredicate]s.
final class AcceptPredicateDecoder {
  private AcceptPredicateDecoder() {}

  static AcceptPredicate decode(ListenerFilterChainMatchPredicate wire, Field at)
      throws InvalidResourceException {
    return switch (wire.getRuleCase()) {
      case OR_MATCH -> new AcceptPredicate.OneOf(rules(wire.getOrMatch(), at.at("or_match")));
      case AND_MATCH -> new AcceptPredicate.All(rules(wire.getAndMatch(), at.at("and_match")));
      case NOT_MATCH -> new AcceptPredicate.Not(decode(wire.getNotMatch(), at.at("not_match")));
      case ANY_MATCH -> new AcceptPredicate.Any();
      case DESTINATION_PORT_RANGE -> {
        var range = wire.getDestinationPortRange();
        yield new AcceptPredicate.DestinationPorts(range.getStart(), range.getEnd());
      }
      case RULE_NOT_SET -> throw at.invalid("a rule is required");
    };
  }

  private static List<AcceptPredicate> rules(
      ListenerFilterChainMatchPredicate.MatchSet wire, Field at) {
    return at.each("rules", wire.getRulesList(), AcceptPredicateDecoder::decode);
  }
}
