package dev.weir.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The charts of `deploy/charts`, as a real Helm reads them, and the objects that they come to, as
/// the types of Kubernetes' own API read them.
@Tag("istio")
class ChartsTest {
  private static final Path DEPLOY = LabModule.path("../deploy");

  @TempDir private Path folder = Path.of(".");

  /// What a program has printed, and its exit code.
  private record Result(int code, String output) {}

  @ParameterizedTest
  @ValueSource(strings = {"weir-istio-gateway", "weir-gateway"})
  void helmFindsNothingToComplainAbout(String chart) throws Exception {
    var result =
        run("helm", null, "lint", "--strict", DEPLOY.resolve("charts/" + chart).toString());
    assertEquals(0, result.code, result.output);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "weir-istio-gateway",
        "weir-istio-gateway autoscaling.enabled=false,revision=canary,nodeSelector.disk=ssd",
        "weir-istio-gateway service.type=ClusterIP,podAnnotations.team=edge",
        "weir-gateway",
        "weir-gateway autoscaling.enabled=false,controlPlane.apiType=GRPC",
        "weir-gateway controlPlane.tlsSecret=plane,controlPlane.clientCertificate=true"
      })
  void everyObjectIsOneThatKubernetesKnowsEveryFieldOf(String chart) throws Exception {
    var objects = render(chart);
    var file = Files.writeString(folder.resolve("objects.yaml"), objects);
    var result = run("charts", file);
    assertEquals(0, result.code, result.output);
    var kinds = result.output.lines().map(line -> line.replaceFirst(" .*", "")).sorted().toList();
    assertTrue(
        kinds.containsAll(
            List.of("Deployment", "PodDisruptionBudget", "Service", "ServiceAccount")),
        result.output);
  }

  @Test
  void theBootstrapOfTheStandAloneGatewayIsAccepted() throws Exception {
    var objects = render("weir-gateway");
    var text = objects.substring(objects.indexOf("bootstrap.yaml: |\n"));
    var bootstrap = new StringBuilder();
    text.lines()
        .skip(1)
        .takeWhile(line -> line.isBlank() || line.startsWith("    "))
        .forEach(line -> bootstrap.append(line.replaceFirst("^ {4}", "")).append('\n'));
    var file = Files.writeString(folder.resolve("bootstrap.yaml"), bootstrap);
    var command = new ArrayList<>(ProxyKind.WEIR.command());
    command.addAll(
        List.of("--mode", "validate", "--service-node", "n", "--service-cluster", "c", "-c"));
    command.add(file.toString());
    var result = run(command, null);
    assertEquals(0, result.code, result.output);
  }

  @Test
  void theDashboardIsOneThatGrafanaCanRead() throws IOException {
    var text = Files.readString(DEPLOY.resolve("grafana/weir.json"));
    var panels = JsonParser.parseString(text).getAsJsonObject().getAsJsonArray("panels");
    for (var panel : panels) {
      var title = panel.getAsJsonObject().get("title").getAsString();
      var targets = panel.getAsJsonObject().getAsJsonArray("targets");
      assertTrue(targets != null && !targets.isEmpty(), title);
    }
  }

  /// What the chart comes to.
  ///
  /// @param chart its name, and perhaps what is set
  private String render(String chart) throws Exception {
    var parts = chart.split(" ", 2);
    var arguments =
        Stream.of("template", "edge", DEPLOY.resolve("charts/" + parts[0]).toString())
            .collect(Collectors.toCollection(ArrayList::new));
    arguments.addAll(List.of("--namespace", "gateways", "--kube-version", "1.33.0"));
    if (parts.length > 1) {
      arguments.addAll(List.of("--set", parts[1]));
    }
    var result = run("helm", null, arguments.toArray(String[]::new));
    assertEquals(0, result.code, result.output);
    return result.output;
  }

  private Result run(String program, @Nullable Path input, String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(programs().file(program).toString());
    command.addAll(List.of(arguments));
    return run(command, input);
  }

  private Result run(List<String> command, @Nullable Path input) throws Exception {
    var output = folder.resolve("output");
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    if (input != null) {
      builder.redirectInput(input.toFile());
    }
    builder.environment().put("HOME", folder.toString());
    int code = builder.start().waitFor();
    return new Result(code, Files.readString(output));
  }

  private static GoPrograms programs() {
    try {
      return GoPrograms.build("charts");
    } catch (IOException e) {
      var text = "SKIPPED: the charts: Helm: " + e.getMessage();
      System.out.println(text);
      return Assumptions.abort(text);
    }
  }
}
