package dev.weir.tcpproxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.AccessLogs;
import dev.weir.config.Metadata;
import dev.weir.config.MetadataValue;
import dev.weir.config.MetadataValue.Text;
import dev.weir.config.StateFactory;
import dev.weir.config.StateValue;
import dev.weir.config.SubsetMatch;
import dev.weir.config.TcpProxyConfig;
import dev.weir.config.TcpProxyConfig.Attempts;
import dev.weir.config.TcpProxyConfig.Target;
import dev.weir.config.TcpProxyConfig.Timing;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetPickerTest {
  private final ConnectionRecord connection = new ConnectionRecord(1, TimeSource.SYSTEM);
  private final SplittableRandom random = new SplittableRandom(7);

  private static SubsetMatch match(String pairs) {
    var criteria = new TreeMap<String, MetadataValue>();
    for (var pair : pairs.split(" ", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        criteria.put(pair.substring(0, equals), new Text(pair.substring(equals + 1)));
      }
    }
    return criteria.isEmpty() ? SubsetMatch.NONE : new SubsetMatch(criteria);
  }

  private static TcpProxyConfig config(Target target, SubsetMatch match) {
    return new TcpProxyConfig(
        "p",
        target,
        new Timing(Duration.ZERO, Duration.ZERO, 0),
        new Attempts(1, Duration.ZERO, Duration.ZERO),
        match,
        null,
        new AccessLogs(List.of(), Duration.ZERO, false, false));
  }

  @ParameterizedTest
  @CsvSource({
    "stage=canary,            stage=prod,                stage=prod",
    "version=1.0,             stage=prod,                version=1.0 stage=prod",
    "version=1.0 stage=prod,  stage=canary,              version=1.0 stage=canary",
    "version=1.0 stage=prod,  version=1.1 stage=canary,  version=1.1 stage=canary",
    "'',                      version=1.0,               version=1.0",
    "version=1.0,             '',                        version=1.0",
  })
  void theMatchOfAClusterGoesBeforeThatOfTheFilter(String filter, String cluster, String merged) {
    assertEquals(match(merged), match(filter).mergedWith(match(cluster)));
  }

  @Test
  void clustersAreDrawnAsOftenAsTheyWeigh() {
    var config =
        config(
            new Target.Weighted(
                List.of(
                    new Target.Share("a", 1, SubsetMatch.NONE),
                    new Target.Share("b", 3, SubsetMatch.NONE),
                    new Target.Share("c", 4_294_967_295L, SubsetMatch.NONE)),
                4_294_967_299L),
            SubsetMatch.NONE);
    var picker = TargetPicker.of(config);
    var counts = new HashMap<String, Integer>();
    for (int i = 0; i < 1000; i++) {
      counts.merge(picker.pick(connection, random).cluster(), 1, Integer::sum);
    }
    assertEquals(Map.of("c", 1000), counts);
  }

  @Test
  void sharesAreKept() {
    var shares =
        List.of(new Target.Share("a", 1, match("v=1")), new Target.Share("b", 3, match("")));
    var picker = TargetPicker.of(config(new Target.Weighted(shares, 4), SubsetMatch.NONE));
    int a = 0;
    for (int i = 0; i < 10_000; i++) {
      var choice = picker.pick(connection, random);
      a += choice.cluster().equals("a") ? 1 : 0;
      assertEquals(choice.cluster().equals("a") ? match("v=1") : match(""), choice.match());
    }
    // A quarter, give or take five standard deviations.
    assertTrue(a > 2283 && a < 2717, "a: " + a);
  }

  @Test
  void whatFiltersHaveFoundOutGoesBeforeWhatIsConfigured() {
    var picker = TargetPicker.of(config(new Target.Single("a"), match("v=1 w=1")));
    connection.addMetadata(Metadata.LB, Map.of("v", new Text("2")));
    assertEquals(match("v=2 w=1"), picker.pick(connection, random).match());
  }

  @Test
  void aFilterMayHaveChosenTheCluster() {
    var picker = TargetPicker.of(config(new Target.Single("a"), match("v=1")));
    connection.filterState(StateFactory.TCP_PROXY_CLUSTER.key(), new StateValue.Text("b", false));
    assertEquals("b", picker.pick(connection, random).cluster());
  }
}
