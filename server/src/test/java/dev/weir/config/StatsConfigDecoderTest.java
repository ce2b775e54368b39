package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.StatsConfig.BucketRule;
import dev.weir.config.StatsConfig.StatTag;
import dev.weir.config.StatsConfig.StatsFilter;
import dev.weir.proto.OnUnknown;
import dev.weir.proto.WireFormat;
import dev.weir.proto.WireText;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatsConfigDecoderTest {

  @Test
  void nothingIsTheDefault() throws Exception {
    assertEquals(StatsConfig.DEFAULT, decode("{}", Field.root("")));
  }

  @Test
  void everyPartIsRead() throws Exception {
    var config =
        decode(
            """
            use_all_default_tags: false
            stats_tags:
            - {tag_name: cluster_name, regex: '^cluster(\\.(.+);)'}
            - {tag_name: fixed, fixed_value: f}
            - {tag_name: envoy.cluster_name}
            histogram_bucket_settings:
            - {match: {prefix: cluster}, buckets: [10, 1, 5]}
            """,
            Field.root(""));
    assertEquals(
        new StatsConfig(
            StatsFilter.ALL,
            false,
            List.of(
                new StatTag.Extracted("cluster_name", "^cluster(\\.(.+);)"),
                new StatTag.Fixed("fixed", "f"),
                new StatTag.Known("envoy.cluster_name")),
            List.of(
                new BucketRule(new TextMatch.Prefix("cluster", false), List.of(1.0, 5.0, 10.0)))),
        config);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          {reject_all: true}; false; false
          {reject_all: false}; true; true
          {inclusion_list: {patterns: [{prefix: server}, {safe_regex: {regex: 'vhost\\..*'}}]}}; true; false
          {exclusion_list: {patterns: [{suffix: live}, {contains: CX, ignore_case: true}]}}; false; false
          {exclusion_list: {patterns: [{exact: server}]}}; true; true
          """)
  void aMatcherKeepsNames(String matcher, boolean server, boolean cluster) throws Exception {
    var kept = decode("stats_matcher: " + matcher, Field.root("")).kept();
    assertEquals(server, kept.keeps("server.live"));
    assertEquals(cluster, kept.keeps("cluster.a.upstream_cx_total"));
  }

  @Test
  void aRegexThatIsNoneIsRefused() throws Exception {
    var at = Field.root("stats_config");
    decode("stats_tags: [{tag_name: t, regex: '(a'}]", at);
    assertEquals(
        "[stats_config.stats_tags[0]: Invalid regex '(a': Unclosed group]",
        at.problems().toString());
  }

  @Test
  void aRegexThatCutsNothingOutIsWarnedAbout() throws Exception {
    var at = Field.root("stats_config");
    decode("stats_tags: [{tag_name: t, regex: 'a(?=b)'}]", at);
    assertEquals(List.of(), at.problems());
    assertEquals(1, at.warnings().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          ^a[_.[:digit:]]+$; a_1.2; a:
          ^a(?=\\.);        a.b;   ab
          ^[[:alpha:]&[]+$;  a[&;   1
          ^[^[:space:]]$;    a;     ' '
          ^(?P<n>a)\\[$;    a[;    a
          ^[\\[\\]]+$;     [];    a
          """)
  void theSyntaxOfEnvoyIsTranslated(String regex, String matching, String other) {
    assertTrue(TagRegex.compile(regex).matcher(matching).find());
    assertFalse(TagRegex.compile(regex).matcher(other).find());
  }

  private static StatsConfig decode(String yaml, Field at) throws Exception {
    var wire = io.envoyproxy.envoy.config.metrics.v3.StatsConfig.getDefaultInstance();
    return StatsConfigDecoder.decode(
        WireText.parse(yaml, WireFormat.YAML, wire, OnUnknown.REJECT).message(), at);
  }
}
