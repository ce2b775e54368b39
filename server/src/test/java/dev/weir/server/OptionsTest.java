package dev.weir.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.admin.LogLevel;
import dev.weir.listener.DrainStrategy;
import dev.weir.proto.OnUnknown;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class OptionsTest {

  private static Options parse(String line) throws BadFlagException {
    var flags = new Flags();
    new CommandLine(flags).parseArgs(line.isEmpty() ? new String[0] : line.split(" ", -1));
    return Options.of(flags);
  }

  @Test
  void withoutFlagsTheDefaultsAreEnvoys() throws BadFlagException {
    var options = parse("");
    assertEquals(Options.Mode.SERVE, options.mode());
    assertEquals(Runtime.getRuntime().availableProcessors(), options.concurrency());
    assertEquals(LogLevel.INFO, options.log().level());
    assertEquals(
        new Options.DrainOptions(Duration.ofMinutes(10), DrainStrategy.GRADUAL, Duration.ZERO),
        options.drain());
    assertEquals(new Options.UnknownFields(OnUnknown.REJECT, OnUnknown.WARN), options.unknown());
    assertEquals(10_000, options.flags().fileFlushIntervalMsec);
  }

  @Test
  void theFlagsThatAPodPassesAreUnderstood() throws BadFlagException {
    var options =
        parse(
            "-c envoy.json --drain-time-s 45 --drain-strategy immediate"
                + " --local-address-ip-version v4 --file-flush-interval-msec 1000"
                + " --file-flush-min-size-kb 8 --disable-hot-restart --allow-unknown-static-fields"
                + " -l warning --component-log-level misc:error --skip-deprecated-logs"
                + " --concurrency 2");
    assertEquals("envoy.json", options.flags().configPath);
    assertEquals(Duration.ofSeconds(45), options.drain().time());
    assertEquals(DrainStrategy.IMMEDIATE, options.drain().strategy());
    assertEquals(OnUnknown.WARN, options.unknown().inStatic());
    assertEquals(LogLevel.WARNING, options.log().level());
    assertEquals(Map.of("misc", LogLevel.ERROR), options.log().components());
    assertEquals(2, options.concurrency());
  }

  @ParameterizedTest
  @CsvSource({
    "'', WARN",
    "--reject-unknown-dynamic-fields, REJECT",
    "--ignore-unknown-dynamic-fields, IGNORE"
  })
  void unknownFieldsOfWhatIsPushedAreTreatedAsAskedFor(String line, OnUnknown expected)
      throws BadFlagException {
    assertEquals(expected, parse(line).unknown().inDynamic());
  }

  @Test
  void thereIsAtLeastOneWorker() throws BadFlagException {
    assertEquals(1, parse("--concurrency 0").concurrency());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          --mode foo; unknown mode 'foo'
          --drain-strategy foo; unknown drain-strategy 'foo'
          -l foo; invalid log level specified 'foo'
          --component-log-level main:foo; invalid log level specified 'foo'
          --component-log-level foo; component log level not correctly specified 'foo'
          --component-log-level foo:debug; invalid component specified 'foo'
          --local-address-ip-version v5; unknown IP address version 'v5'
          """)
  void aValueThatMakesNoSenseIsNamed(String line, String expected) {
    var e = assertThrows(BadFlagException.class, () -> parse(line));
    assertEquals(expected, e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--nope", "--concurrency abc", "foo", "-c a -c b", "-c"})
  void whatIsNoFlagIsRefused(String line) {
    assertThrows(ParameterException.class, () -> parse(line));
  }

  @Test
  void theCommandLineIsShownAsTheAdminApiHasIt() throws BadFlagException {
    var view =
        CommandLineView.of(parse("-c a.yaml --file-flush-interval-msec 1500 --mode validate"));
    assertEquals("a.yaml", view.get("config_path"));
    assertEquals("1.5s", view.get("file_flush_interval"));
    assertEquals("600s", view.get("drain_time"));
    assertEquals("Validate", view.get("mode"));
    assertEquals("Gradual", view.get("drain_strategy"));
  }
}
