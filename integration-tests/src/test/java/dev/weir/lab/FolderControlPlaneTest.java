package dev.weir.lab;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a person sees who edits the folder of a control plane.
class FolderControlPlaneTest {

  @TempDir Path folder = Path.of(".");

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private @Nullable FolderControlPlane plane;

  private void start() throws IOException {
    var out = new PrintStream(said, true, StandardCharsets.UTF_8);
    plane = new FolderControlPlane(folder, new XdsReport(out));
  }

  @AfterEach
  void stop() {
    if (plane != null) {
      plane.close();
    }
  }

  @Test
  void whatTheFolderHoldsIsPushed() throws IOException {
    write("clusters.yaml", clusters("a", "b"));
    write("endpoints.json", JSON_ENDPOINTS);
    write("bootstrap.yaml", "node: { id: not a resource }");
    write("README.md", "not a resource either");
    start();
    awaitSaid("pushed clusters: 2, endpoints: 1");
  }

  @Test
  void severalDocumentsMayStandInOneFile() throws IOException {
    write(
        "all.yaml",
        document("a") + "---\n# nothing here\n---\n" + document("b") + "--- \n" + clusters("c"));
    start();
    awaitSaid("pushed clusters: 3");
  }

  @Test
  void aFileWrittenInPlaceIsPushed() throws IOException {
    write("clusters.yaml", clusters("a"));
    start();
    write("clusters.yaml", clusters("a", "b"));
    awaitSaid("pushed clusters: 1", "pushed clusters: 2");
  }

  @Test
  void aFileRenamedOntoAnotherIsPushed() throws IOException {
    write("clusters.yaml", clusters("a"));
    start();
    write("clusters.yaml.swp", clusters("a", "b"));
    var swap = folder.resolve("clusters.yaml.swp");
    Files.move(swap, folder.resolve("clusters.yaml"), StandardCopyOption.ATOMIC_MOVE);
    awaitSaid("pushed clusters: 1", "pushed clusters: 2");
  }

  /// As the kubelet does it: the visible file links through `..data`, and only that one is swapped.
  @Test
  void aMountedConfigMapThatIsSwappedIsPushed() throws IOException {
    write("..1/clusters.yaml", clusters("a"));
    write("..2/clusters.yaml", clusters("a", "b"));
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
    Files.createSymbolicLink(folder.resolve("clusters.yaml"), Path.of("..data/clusters.yaml"));
    start();
    var next = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..2"));
    Files.move(next, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    awaitSaid("pushed clusters: 1", "pushed clusters: 2");
  }

  @Test
  void aFileThatIsGoneTakesItsResourcesAlong() throws IOException {
    write("a.yaml", clusters("a"));
    write("b.yaml", clusters("b"));
    start();
    Files.delete(folder.resolve("b.yaml"));
    awaitSaid("pushed clusters: 2", "pushed clusters: 1");
  }

  @Test
  void aFileWithAMistakeIsReportedAndNotPushed() throws IOException {
    write("clusters.yaml", clusters("a"));
    start();
    write("clusters.yaml", clusters("a").replace("name:", "nmae:"));
    awaitSaid(
        "pushed clusters: 1",
        folder
            + "/clusters.yaml:3:3: resources[0].nmae: no such field in envoy.config.cluster.v3.Cluster;"
            + " is name meant?",
        "not pushed; what was pushed last stays in force");
  }

  @Test
  void aBrokenRuleIsReportedAndNotPushed() throws IOException {
    write("clusters.yaml", clusters("a"));
    start();
    write("clusters.yaml", clusters("a") + "  connect_timeout: 0s\n");
    awaitSaid(
        "pushed clusters: 1",
        folder + "/clusters.yaml:4:3: resources[0].connect_timeout: must be > 0s (got 0s)",
        "not pushed; what was pushed last stays in force");
  }

  @Test
  void twoResourcesOfOneNameAreReported() throws IOException {
    write("a.yaml", clusters("x"));
    write("b.yaml", document("x"));
    start();
    awaitSaid(
        folder + "/b.yaml:1:1: 'x' is already defined at " + folder + "/a.yaml:2:3",
        "not pushed; what was pushed last stays in force");
  }

  @Test
  void whatIsNoResourceIsReported() throws IOException {
    write("a.yaml", "'@type': type.googleapis.com/google.protobuf.Duration\nvalue: 1s\n");
    start();
    awaitSaid(
        folder
            + "/a.yaml:1:1: type.googleapis.com/google.protobuf.Duration is not a resource that"
            + " can be served",
        "not pushed; what was pushed last stays in force");
  }

  private static final String CLUSTER = "type.googleapis.com/envoy.config.cluster.v3.Cluster";

  private static final String JSON_ENDPOINTS =
      """
      { "resources": [ {
        "@type": "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment",
        "clusterName": "a"
      } ] }
      """;

  private static String document(String name) {
    return "'@type': " + CLUSTER + "\nname: " + name + "\n";
  }

  private static String clusters(String... names) {
    var text = new StringBuilder("resources:\n");
    for (var name : names) {
      text.append("- '@type': ").append(CLUSTER).append("\n  name: ").append(name).append('\n');
    }
    return text.toString();
  }

  private void write(String name, String content) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private void awaitSaid(String... lines) {
    var expected = List.of(lines).stream().map(it -> "control plane: " + it).toList();
    Await.until(
        "words", () -> said.toString(StandardCharsets.UTF_8).lines().toList(), expected::equals);
  }
}
