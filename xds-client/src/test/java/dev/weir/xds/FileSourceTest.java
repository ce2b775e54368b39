package dev.weir.xds;

import static dev.weir.xds.Samples.CLUSTERS;
import static dev.weir.xds.Samples.ENDPOINTS;
import static dev.weir.xds.Samples.LISTENERS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.proto.OnUnknown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A file in the place of a control plane.
class FileSourceTest {
  @TempDir Path folder;

  private final ManualLoop loop = new ManualLoop();
  private final Recorder recorder = new Recorder();
  private XdsClient client = client(OnUnknown.WARN);

  private XdsClient client(OnUnknown unknown) {
    return new XdsClient(
        loop, new ClientConfig(Fixture.NODE, null, unknown), _ -> null, ControlPlaneObserver.NONE);
  }

  @BeforeEach
  void fill() throws IOException {
    put("cds.yaml", clusters("v1", "a", "x", "b", "w"));
  }

  @AfterEach
  void close() {
    client.close();
  }

  /// As whoever replaces a file should do it.
  private void put(String name, String text) throws IOException {
    var fresh = Files.writeString(folder.resolve("fresh"), text);
    Files.move(
        fresh,
        folder.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /// @param pairs name and text of each cluster
  private static String clusters(String version, String... pairs) {
    var text = new StringBuilder("version_info: " + version + "\nresources:\n");
    for (var i = 0; i < pairs.length; i += 2) {
      text.append(
          """
          - "@type": type.googleapis.com/envoy.config.cluster.v3.Cluster
            name: %s
            alt_stat_name: %s
          """
              .formatted(pairs[i], pairs[i + 1]));
    }
    return text.toString();
  }

  private static String endpoints(String name, String text) {
    return """
    version_info: v1
    resources:
    - "@type": type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment
      cluster_name: %s
      endpoints: [{locality: {zone: %s}}]
    """
        .formatted(name, text);
  }

  private Subscription subscribe(String file) {
    return subscribe(new ConfigSource.File(folder.resolve(file), null, null));
  }

  private Subscription subscribe(ConfigSource.File source) {
    return client.subscribe(source, CLUSTERS, Names.wildcard(), recorder, recorder);
  }

  private void expect(String call) {
    assertEquals(call, loop.await(call, recorder.calls::poll));
  }

  @Test
  void theFileIsReadAtOnceAndAgainWhenItIsReplaced() throws IOException {
    subscribe("cds.yaml");
    assertTrue(recorder.calls.isEmpty());
    expect("v1 +a=x +b=w");
    assertEquals("attempt=1 success=1", recorder.counts());
    put("cds.yaml", clusters("v2", "b", "z"));
    expect("v2 +b=z -a");
    assertEquals("attempt=2 success=2", recorder.counts());
    assertEquals("v2", recorder.version);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFileThatIsWrittenInPlaceIsNotReadAgain() throws IOException {
    subscribe("cds.yaml");
    expect("v1 +a=x +b=w");
    Files.writeString(folder.resolve("cds.yaml"), clusters("v2", "b", "z"));
    put("other.yaml", "");
    put("cds.yaml", clusters("v3", "a", "x", "b", "q"));
    expect("v3 +b=q");
    assertEquals("attempt=2 success=2", recorder.counts());
  }

  @Test
  void aWatchedDirectoryCountsInPlaceOfTheFile() throws IOException {
    Files.createDirectory(folder.resolve("one"));
    Files.createDirectory(folder.resolve("two"));
    put("one/cds.yaml", clusters("v1", "a", "x"));
    put("two/cds.yaml", clusters("v2", "a", "w"));
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("one"));
    subscribe(
        new ConfigSource.File(
            folder.resolve("..data/cds.yaml"),
            new ConfigSource.WatchedDirectory(folder, false),
            null));
    expect("v1 +a=x");
    Files.createSymbolicLink(folder.resolve("link"), Path.of("two"));
    Files.move(folder.resolve("link"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    expect("v2 +a=w");
  }

  @Test
  void aFileThatCannotBeParsedChangesNothingAndIsAFailure() throws IOException {
    subscribe("cds.yaml");
    expect("v1 +a=x +b=w");
    put("cds.yaml", "resources: [{'@type': type.googleapis.com/no.such.Type}]");
    expect(" !");
    assertEquals("attempt=2 failure=1 success=1", recorder.counts());
    assertEquals(2, client.snapshot(CLUSTERS.typeUrl()).size());
    put("cds.yaml", clusters("v3", "a", "x"));
    expect("v3 -b");
  }

  @Test
  void goodResourcesAreAppliedBesideABadOne() throws IOException {
    subscribe("cds.yaml");
    expect("v1 +a=x +b=w");
    put("cds.yaml", clusters("v2", "a", "bad", "c", "z"));
    expect("v2 +c=z -b !a");
    assertEquals("attempt=2 rejected=1 success=1", recorder.counts());
  }

  @Test
  void aMalformedResourceSpoilsTheWholeFile() throws IOException {
    subscribe("cds.yaml");
    expect("v1 +a=x +b=w");
    put("cds.yaml", clusters("v2", "a", "malformed", "c", "z"));
    expect("v2 !a");
    assertEquals("attempt=2 rejected=1 success=1", recorder.counts());
  }

  @Test
  void aMissingFileIsAnErrorAtOnce() {
    var missing = folder.resolve("none.yaml");
    assertEquals(
        "paths must refer to an existing path in the system: '" + missing + "' does not exist",
        assertThrows(UncheckedIOException.class, () -> subscribe("none.yaml")).getMessage());
  }

  @Test
  void aFileThatIsPolledIsReadAgainWhenItLooksDifferent() throws IOException {
    var path = folder.resolve("cds.yaml");
    subscribe(new ConfigSource.File(path, null, Duration.ofSeconds(3)));
    expect("v1 +a=x +b=w");
    Files.writeString(path, clusters("v2", "a", "u", "b", "w", "c", "z"));
    loop.advance(Duration.ofSeconds(3));
    expect("v2 +a=u +c=z");
    loop.advance(Duration.ofSeconds(30));
    assertEquals("attempt=2 success=2", recorder.counts());
  }

  @Test
  void unknownFieldsAreCountedAndLeftOut() throws IOException {
    put("cds.yaml", clusters("v2", "a", "x") + "  foo: 1\n");
    subscribe("cds.yaml");
    expect("v2 +a=x");
    assertEquals("attempt=1 success=1 unknown=1", recorder.counts());
  }

  @Test
  void unknownFieldsAreRefusedWhereThatIsAskedFor() throws IOException {
    client.close();
    client = client(OnUnknown.REJECT);
    put("cds.yaml", clusters("v2", "a", "x") + "  foo: 1\n");
    subscribe("cds.yaml");
    expect(" !");
    assertEquals("attempt=1 rejected=1", recorder.counts());
  }

  @Test
  void aFileOfEndpointsServesTheOneWhoseNameIsAskedFor() throws IOException {
    put("eds.yaml", endpoints("a", "x"));
    var source = new ConfigSource.File(folder.resolve("eds.yaml"), null, null);
    client.subscribe(source, ENDPOINTS, Names.of("a"), recorder, recorder);
    expect("v1 +a=x");
    put("eds.yaml", endpoints("b", "w"));
    expect("v1 !");
    assertEquals("attempt=2 rejected=1 success=1", recorder.counts());
    put("eds.yaml", "version_info: v3");
    expect("v3");
    assertEquals("attempt=3 empty=1 rejected=1 success=2", recorder.counts());
    assertEquals("Unexpected EDS cluster (expecting a): b", Kind.ENDPOINTS.unexpected("a", "b"));
  }

  @Test
  void nothingIsReadAfterTheSubscriptionEnded() throws IOException {
    var first = subscribe("cds.yaml");
    expect("v1 +a=x +b=w");
    first.close();
    var second = new Recorder();
    client.subscribe(
        new ConfigSource.File(folder.resolve("cds.yaml"), null, null),
        LISTENERS,
        Names.wildcard(),
        second,
        second);
    loop.await("the other", second.calls::poll);
    put("cds.yaml", clusters("v2"));
    loop.await("the other", second.calls::poll);
    assertTrue(recorder.calls.isEmpty());
  }
}
