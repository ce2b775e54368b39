package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.config.LogTemplate.Part;
import dev.weir.config.LogTemplate.Part.Command;
import dev.weir.config.LogTemplate.Part.Literal;
import dev.weir.xds.InvalidResourceException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogTemplateTest {

  static Stream<Arguments> aFormatIsTakenApart() {
    return Stream.of(
        Arguments.of("", List.of()),
        Arguments.of("plain\n", List.of(new Literal("plain\n"))),
        Arguments.of("%%", List.of(new Literal("%"))),
        Arguments.of(
            "100%% %BYTES_SENT%\n",
            List.of(
                new Literal("100% "),
                new Command(LogOperator.BYTES_SENT, "", -1),
                new Literal("\n"))),
        Arguments.of(
            "%REQ(a)%%REQ(b?c):12%",
            List.of(
                new Command(LogOperator.REQ, "a", -1), new Command(LogOperator.REQ, "b?c", 12))),
        Arguments.of(
            "%START_TIME(%s.%3f)%", List.of(new Command(LogOperator.START_TIME, "%s.%3f", -1))),
        Arguments.of(
            "%ENVIRONMENT(a)b)%", List.of(new Command(LogOperator.ENVIRONMENT, "a)b", -1))),
        Arguments.of(
            "%REQ(x):99999999999999%",
            List.of(new Command(LogOperator.REQ, "x", Integer.MAX_VALUE))),
        Arguments.of(
            "%UPSTREAM_HOST%:5",
            List.of(new Command(LogOperator.UPSTREAM_HOST, "", -1), new Literal(":5"))),
        Arguments.of("%DURATION()%", List.of(new Command(LogOperator.DURATION, "", -1))));
  }

  @ParameterizedTest
  @MethodSource
  void aFormatIsTakenApart(String format, List<Part> parts) throws Exception {
    assertEquals(parts, LogTemplate.parse(format, Field.root("f")).parts());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          %NOPE%                                | Not supported field in StreamInfo: NOPE
          %REQ(                                 | Incorrect configuration: %REQ(. Couldn't find valid command at position 0
          100%                                  | Incorrect configuration: 100%. Couldn't find valid command at position 3
          abc%req(x)%                           | Incorrect configuration: abc%req(x)%. Couldn't find valid command at position 3
          %BYTES_SENT%%                         | Incorrect configuration: %BYTES_SENT%%. Couldn't find valid command at position 12
          %REQ(x):%                             | Incorrect configuration: %REQ(x):%. Couldn't find valid command at position 0
          %REQ%                                 | REQ requires parameters
          %REQ()%                               | REQ requires parameters
          %REQ(a?b?c)%                          | More than 1 alternative header specified in token: a?b?c
          %REQ(a(b)c)%                          | Invalid header configuration. Format string contains invalid characters.
          %UPSTREAM_CLUSTER:5%                  | UPSTREAM_CLUSTER does not take any parameters or length
          %DURATION(a)%                         | DURATION does not take any parameters or length
          %START_TIME:5%                        | START_TIME does not allow length to be specified.
          %UPSTREAM_METADATA%                   | UPSTREAM_METADATA requires parameters
          %UPSTREAM_METADATA(a):5%              | UPSTREAM_METADATA does not allow length to be specified.
          %METADATA(FILTER_CHAIN:a)%            | FILTER_CHAIN is not supported type of metadata
          %FILTER_STATE%                        | Invalid filter state configuration, key cannot be empty.
          %FILTER_STATE(a:FIELD)%               | Invalid filter state serialize type, FIELD should be used with the field name.
          %FILTER_STATE(a:PLAIN:b)%             | Invalid filter state serialize type, FIELD should be used with the field name.
          %FILTER_STATE(a:NOPE)%                | Invalid filter state serialize type, only support PLAIN/TYPED/FIELD.
          %COMMON_DURATION%                     | COMMON_DURATION requires parameters
          %COMMON_DURATION(a)%                  | Invalid common duration configuration: a.
          %COMMON_DURATION(DS_CX_BEG:DS_CX_END:s)% | Invalid common duration precision: s.
          %GRPC_STATUS(a)%                      | GrpcStatusFormatter only supports CAMEL_STRING, SNAKE_STRING or NUMBER. Got: a
          %REQUESTED_SERVER_NAME(a)%            | Invalid REQUESTED_SERVER_NAME option: 'a', only 'SNI_ONLY'/'SNI_FIRST'/'HOST_FIRST' are allowed
          %PATH(a)%                             | Invalid PATH option: 'a', only 'WQ'/'NQ' are allowed
          """)
  void aWrongFormatIsRefusedInEnvoysWords(String format, String reason) {
    var error =
        assertThrows(
            InvalidResourceException.class,
            () -> LogTemplate.parse(format, Field.root("log_format")));
    assertEquals("log_format: " + reason, error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%METADATA(UPSTREAM_HOST:a:b)%",
        "%FILTER_STATE(a:FIELD:x):5%",
        "%COMMON_DURATION(DS_CX_BEG:US_CX_END:us)%",
        "%REQUESTED_SERVER_NAME(HOST_FIRST:ORIG)%",
        "%GRPC_STATUS(NUMBER)%",
        "%PATH(WQ:ORIG)%",
        "%DYNAMIC_METADATA(a:b:c):5%",
        "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(24)%"
      })
  void whatEnvoyAcceptsIsAccepted(String format) throws Exception {
    assertEquals(1, LogTemplate.parse(format, Field.root("")).parts().size());
  }

  @ParameterizedTest
  @EnumSource
  void everyOperatorIsFoundByItsName(LogOperator operator) {
    assertEquals(operator, LogOperator.find(operator.name()));
  }

  @Test
  void anOperatorWithoutAnEvaluatorIsWarnedAbout() throws Exception {
    var at = Field.root("f");
    LogTemplate.parse("%COALESCE(x)%", at);
    assertEquals(List.of("f: %COALESCE% is not evaluated and prints -"), at.warnings());
  }
}
