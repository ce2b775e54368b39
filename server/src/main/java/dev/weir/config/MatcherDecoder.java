package dev.weir.config;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.github.xds.type.matcher.v3.IPMatcher;
import com.github.xds.type.matcher.v3.Matcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherTree;
import com.github.xds.type.matcher.v3.Matcher.OnMatch;
import com.github.xds.type.matcher.v3.ServerNameMatcher;
import dev.weir.config.MatchInput.About;
import dev.weir.config.MatcherConfig.Outcome;
import dev.weir.proto.NewerFields;
import dev.weir.proto.newer.NewerOnMatch;
import dev.weir.xds.InvalidResourceException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes [MatcherConfig]s.
///
/// @param <A> what is decided
public final class MatcherDecoder<A> {
  private final About about;
  private final ActionDecoder<A> actions;

  private MatcherDecoder(About about, ActionDecoder<A> actions) {
    this.about = about;
    this.actions = actions;
  }

  /// Reads what is decided.
  public interface ActionDecoder<A> {
    /// Reads one action.
    ///
    /// @throws InvalidResourceException if it is none that belongs here
    A decode(TypedExtensionConfig action, Field at) throws InvalidResourceException;
  }

  /// Reads the message.
  ///
  /// @param about what the matcher may look at
  /// @param actions reads what is decided
  /// @throws InvalidResourceException if there is no going on with it
  public static <A> MatcherConfig<A> decode(
      Matcher wire, About about, ActionDecoder<A> actions, Field at)
      throws InvalidResourceException {
    return new MatcherDecoder<>(about, actions).matcher(wire, at);
  }

  private MatcherConfig<A> matcher(Matcher wire, Field at) throws InvalidResourceException {
    var otherwise = wire.hasOnNoMatch() ? outcome(wire.getOnNoMatch(), at.at("on_no_match")) : null;
    return switch (wire.getMatcherTypeCase()) {
      case MATCHER_LIST ->
          new MatcherConfig.Rules<>(
              at.at("matcher_list")
                  .each("matchers", wire.getMatcherList().getMatchersList(), this::rule),
              otherwise);
      case MATCHER_TREE -> tree(wire.getMatcherTree(), otherwise, at.at("matcher_tree"));
      case MATCHERTYPE_NOT_SET -> new MatcherConfig.Rules<>(List.of(), otherwise);
    };
  }

  private MatcherConfig.Rule<A> rule(Matcher.MatcherList.FieldMatcher wire, Field at)
      throws InvalidResourceException {
    return new MatcherConfig.Rule<>(
        MatchPredicateDecoder.decode(wire.getPredicate(), about, at.at("predicate")),
        outcome(wire.getOnMatch(), at.at("on_match")));
  }

  private Outcome<A> outcome(OnMatch wire, Field at) throws InvalidResourceException {
    boolean keeps = NewerFields.of(wire, NewerOnMatch.getDefaultInstance()).getKeepMatching();
    return switch (wire.getOnMatchCase()) {
      case ACTION -> new Outcome.Action<>(actions.decode(wire.getAction(), at.at("action")), keeps);
      case MATCHER -> new Outcome.Nested<>(matcher(wire.getMatcher(), at.at("matcher")), keeps);
      case ONMATCH_NOT_SET -> throw at.invalid("an action or a matcher is required");
    };
  }

  private MatcherConfig<A> tree(MatcherTree wire, @Nullable Outcome<A> otherwise, Field at)
      throws InvalidResourceException {
    var input = MatchInputDecoder.decode(wire.getInput(), about, at.at("input"));
    return switch (wire.getTreeTypeCase()) {
      case EXACT_MATCH_MAP ->
          new MatcherConfig.Exact<>(
              input, map(wire.getExactMatchMap(), at.at("exact_match_map")), otherwise);
      case PREFIX_MATCH_MAP ->
          new MatcherConfig.Prefix<>(
              input, map(wire.getPrefixMatchMap(), at.at("prefix_match_map")), otherwise);
      case CUSTOM_MATCH -> custom(wire.getCustomMatch(), input, otherwise, at.at("custom_match"));
      case TREETYPE_NOT_SET -> throw at.invalid("a tree is required");
    };
  }

  private Map<String, Outcome<A>> map(MatcherTree.MatchMap wire, Field at)
      throws InvalidResourceException {
    var ways = new LinkedHashMap<String, Outcome<A>>();
    for (var entry : wire.getMapMap().entrySet()) {
      ways.put(entry.getKey(), outcome(entry.getValue(), at.at("map", entry.getKey())));
    }
    return ways;
  }

  private MatcherConfig<A> custom(
      TypedExtensionConfig wire, MatchInput input, @Nullable Outcome<A> otherwise, Field at)
      throws InvalidResourceException {
    var typedAt = at.at("typed_config");
    var typed = ExtensionDecoder.unpack(wire.getName(), wire.getTypedConfig(), typedAt);
    return switch (typed) {
      case IPMatcher ranges ->
          new MatcherConfig.IpRanges<>(
              input,
              typedAt.each("range_matchers", ranges.getRangeMatchersList(), this::ipWay),
              otherwise);
      case ServerNameMatcher names ->
          new MatcherConfig.Domains<>(input, domains(names, typedAt), otherwise);
      default ->
          throw ExtensionDecoder.unregistered(
              wire.getName(), typed.getDescriptorForType().getFullName(), at);
    };
  }

  private MatcherConfig.IpWay<A> ipWay(IPMatcher.IPRangeMatcher wire, Field at)
      throws InvalidResourceException {
    return new MatcherConfig.IpWay<>(
        at.each(
            "ranges",
            wire.getRangesList(),
            (range, there) ->
                CidrDecoder.range(
                    range.getAddressPrefix(),
                    ScalarDecoder.size(range.hasPrefixLen(), range.getPrefixLen(), 0),
                    there)),
        outcome(wire.getOnMatch(), at.at("on_match")),
        wire.getExclusive());
  }

  private Map<String, Outcome<A>> domains(ServerNameMatcher wire, Field at)
      throws InvalidResourceException {
    var ways = new LinkedHashMap<String, Outcome<A>>();
    for (int i = 0; i < wire.getDomainMatchersCount(); i++) {
      var matcher = wire.getDomainMatchers(i);
      var matcherAt = at.at("domain_matchers", i);
      var outcome = outcome(matcher.getOnMatch(), matcherAt.at("on_match"));
      for (int k = 0; k < matcher.getDomainsCount(); k++) {
        add(matcher.getDomains(k), outcome, ways, matcherAt.at("domains", k));
      }
    }
    return ways;
  }

  private static <A> void add(
      String domain, Outcome<A> outcome, Map<String, Outcome<A>> ways, Field at) {
    boolean wild = domain.equals("*") || (domain.startsWith("*.") && domain.length() > 2);
    at.check(
        wild ? domain.lastIndexOf('*') == 0 : domain.indexOf('*') < 0,
        "Invalid wildcard domain format: "
            + domain
            + ". Only '*' and '*.domain' patterns are supported");
    at.check(
        ways.putIfAbsent(domain.toLowerCase(Locale.ROOT), outcome) == null,
        "Duplicate domain in ServerNameMatcher: " + domain);
  }
}
