package dev.weir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.AccessLogConfig;
import dev.weir.config.AccessLogSinkConfig;
import dev.weir.config.Address;
import dev.weir.config.Field;
import dev.weir.config.LogLayout;
import dev.weir.config.LogTemplate;
import dev.weir.config.TextMatch;
import dev.weir.telemetry.AccessLogGroup;
import dev.weir.telemetry.AccessLogSinks;
import dev.weir.telemetry.Stats;
import dev.weir.telemetry.TimeSource;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminServerTest {
  private static final Address ANY_PORT = new Address.Socket("127.0.0.1", 0);

  private final Stats stats = new Stats();
  private AdminServer server;
  private AdminClient client;

  @BeforeEach
  void start() throws IOException {
    var pages =
        List.of(
            Page.view(
                "/echo",
                "Say it again",
                request -> AdminResponse.text(request.value("say", "")),
                Page.Parameter.choice("say", "What to say", "a", "b")),
            Page.view("/big", "A lot of lines", _ -> AdminResponse.text(AdminServerTest::big)),
            Page.view(
                "/broken",
                "Fails",
                _ -> {
                  throw new IllegalStateException("broken");
                }),
            Page.action("/act", "Does something", _ -> AdminResponse.ok()));
    server = AdminServer.start(ANY_PORT, index(pages), new AdminStats(stats), log());
    client = new AdminClient(server);
  }

  private static PageIndex index(List<Page> pages) {
    return new PageIndex(pages, List.of());
  }

  private static AdminLog log() {
    return new AdminLog(AccessLogGroup.NONE, TimeSource.SYSTEM);
  }

  private static void big(Writer out) throws IOException {
    for (int i = 0; i < 100_000; i++) {
      out.append("line ").append(Integer.toString(i)).append('\n');
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void answersCarryTheHeadersThatToolsKnow() throws IOException {
    var head = client.get("/echo?say=hi").head().toLowerCase(java.util.Locale.ROOT);
    assertTrue(head.startsWith("http/1.1 200 ok\r\n"), head);
    assertTrue(head.contains("content-type: text/plain; charset=utf-8\r\n"), head);
    assertTrue(head.contains("cache-control: no-cache, max-age=0\r\n"), head);
    assertTrue(head.contains("x-content-type-options: nosniff\r\n"), head);
    assertTrue(head.contains("transfer-encoding: chunked"), head);
  }

  @Test
  void charactersThatAUrlMustNotHaveAreTakenAsTheyAre() throws IOException {
    assertEquals("^(a|b)\\.c$", client.get("/echo?say=^(a|b)\\.c$").body());
  }

  @Test
  void whatChangesSomethingWantsAPost() throws IOException {
    var answer = client.get("/act");
    assertEquals(405, answer.status());
    assertEquals("Method GET not allowed, POST required.", answer.body());
    assertEquals("OK\n", client.post("/act").body());
  }

  @Test
  void anUnknownPathIsAnsweredWithAllThatThereAre() throws IOException {
    var answer = client.get("/nope");
    assertEquals(404, answer.status());
    assertEquals(
        """
        invalid path. admin commands are:
          /: This overview
          /act (POST): Does something
          /big: A lot of lines
          /broken: Fails
          /echo: Say it again
              say: What to say; One of (a, b)
          /help: List the paths of this interface
        """,
        answer.body());
    assertEquals(answer.body().substring("invalid path. ".length()), client.get("/help").body());
  }

  @Test
  void theOverviewHasAFormForEachPage() throws IOException {
    var body = client.get("/").body();
    assertTrue(body.contains("<form action=\"act\" method=\"post\">"), body);
    assertTrue(body.contains("<form action=\"echo\" method=\"get\">"), body);
  }

  @Test
  void aBigAnswerComesWhole() throws IOException {
    var body = client.get("/big").body();
    assertEquals(100_000, body.lines().count());
    assertTrue(body.endsWith("line 99999\n"));
  }

  @Test
  void aHeadRequestGetsTheHeadOnly() throws IOException {
    assertEquals("", client.ask("HEAD", "/big").body());
  }

  @Test
  void aPageThatFailsIsOneAnswerAndNotTheEndOfTheServer() throws IOException {
    assertEquals(500, client.get("/broken").status());
    assertEquals(200, client.get("/echo").status());
  }

  @Test
  void requestsAreCounted() throws IOException {
    client.get("/echo");
    client.get("/nope");
    var http = stats.scope("http.admin");
    assertEquals(2, http.counter("downstream_rq_total").value());
    assertEquals(2, http.counter("downstream_cx_total").value());
  }

  @Test
  void onlyAllowedPathsAreServed() throws IOException {
    var page = Page.view("/x", "Says hi", _ -> AdminResponse.text("hi"));
    var allowed = new PageIndex(List.of(page), List.of(new TextMatch.Exact("/x?a=1", false)));
    try (var guarded = AdminServer.start(ANY_PORT, allowed, new AdminStats(stats), log())) {
      var asking = new AdminClient(guarded);
      assertEquals("hi", asking.get("/x?a=1").body());
      assertEquals(403, asking.get("/x").status());
      assertEquals("request to path /nope not allowed", asking.get("/nope").body());
    }
  }

  @Test
  void eachRequestGetsALineInTheAccessLog(@TempDir Path folder) throws Exception {
    var path = folder.resolve("admin.log");
    var format = "%REQ(:METHOD)% %REQ(:PATH)% %RESPONSE_CODE% %BYTES_SENT% %ACCESS_LOG_TYPE%\n";
    var template = LogTemplate.parse(format, Field.root(""));
    var sink = new AccessLogSinkConfig.File(path.toString(), new LogLayout.Text(template, false));
    try (var sinks = new AccessLogSinks(stats, Duration.ofHours(1), 1024, (_, _) -> _ -> true)) {
      var logs = sinks.open(List.of(new AccessLogConfig("admin", sink, null)));
      var page = Page.view("/x", "Says hi", _ -> AdminResponse.text("hi"));
      var log = new AdminLog(logs, TimeSource.SYSTEM);
      try (var logged =
          AdminServer.start(ANY_PORT, index(List.of(page)), new AdminStats(stats), log)) {
        var asking = new AdminClient(logged);
        asking.get("/x?y=1");
        asking.ask("HEAD", "/x");
      }
    }
    assertEquals(
        "GET /x?y=1 200 2 DownstreamEnd\nHEAD /x 200 2 DownstreamEnd\n", Files.readString(path));
  }

  @Test
  void aPortThatIsTakenIsSaid() {
    var taken = server.address();
    int port = Integer.parseInt(taken.substring(taken.lastIndexOf(':') + 1));
    var address = new Address.Socket("127.0.0.1", port);
    var e =
        assertThrows(
            IOException.class,
            () -> AdminServer.start(address, index(List.of()), new AdminStats(new Stats()), log()));
    assertEquals("cannot bind '" + taken + "': Address already in use", e.getMessage());
  }
}
