package dev.weir.telemetry;

import static dev.weir.config.AccessLogType.NOT_SET;
import static dev.weir.config.AccessLogType.TCP_CONNECTION_END;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.LogFilter;
import dev.weir.config.LogFilter.Comparison;
import dev.weir.config.LogFilter.Comparison.Op;
import dev.weir.config.LogOperator;
import dev.weir.config.Metadata;
import dev.weir.config.MetadataValue;
import dev.weir.config.TextMatch;
import dev.weir.config.ValueMatch;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EntryFiltersTest {
  private static final LogFilter YES = new LogFilter.NotHealthCheck();
  private static final LogFilter NO = new LogFilter.Traceable();

  /// What each filter thinks of a TCP connection that lived 54 ms without a flag, and of one that
  /// was refused.
  static Stream<Arguments> aTcpConnectionIsJudged() {
    return Stream.of(
        row(new LogFilter.StatusCode(new Comparison(Op.GE, 0)), true, true),
        row(new LogFilter.StatusCode(new Comparison(Op.GE, 1)), false, false),
        row(new LogFilter.StatusCode(new Comparison(Op.EQ, 0)), true, true),
        row(new LogFilter.StatusCode(new Comparison(Op.NE, 0)), false, false),
        row(new LogFilter.Duration(new Comparison(Op.GE, 54)), true, false),
        row(new LogFilter.Duration(new Comparison(Op.GE, 55)), false, false),
        row(new LogFilter.Duration(new Comparison(Op.LE, 53)), false, true),
        row(YES, true, true),
        row(NO, false, false),
        row(new LogFilter.Share(0, 100), false, false),
        row(new LogFilter.Share(100, 100), true, true),
        row(new LogFilter.All(List.of(YES, YES)), true, true),
        row(new LogFilter.All(List.of(YES, NO)), false, false),
        row(new LogFilter.Any(List.of(NO, YES)), true, true),
        row(new LogFilter.Any(List.of(NO, NO)), false, false),
        row(new LogFilter.Header("x", null, false, false), false, false),
        row(new LogFilter.Header("x", null, true, false), true, true),
        row(new LogFilter.Header("x", new TextMatch.Exact("", false), false, false), false, false),
        row(new LogFilter.Header("x", new TextMatch.Exact("", false), false, true), true, true),
        row(new LogFilter.Header("x", new TextMatch.Exact("v", false), true, false), false, false),
        row(new LogFilter.ResponseFlag(Set.of()), false, true),
        row(new LogFilter.ResponseFlag(Set.of("UF")), false, true),
        row(new LogFilter.ResponseFlag(Set.of("NC", "UH")), false, false),
        row(new LogFilter.GrpcStatus(Set.of(2), false), true, true),
        row(new LogFilter.GrpcStatus(Set.of(0), false), false, false),
        row(new LogFilter.GrpcStatus(Set.of(0), true), true, true),
        row(new LogFilter.LogType(Set.of(TCP_CONNECTION_END), false), true, true),
        row(new LogFilter.LogType(Set.of(TCP_CONNECTION_END), true), false, false),
        row(new LogFilter.LogType(Set.of(NOT_SET), false), false, false),
        row(new LogFilter.LogType(Set.of(), false), false, false),
        row(metadata(new ValueMatch.BoolIs(true), true), true, true),
        row(metadata(new ValueMatch.BoolIs(true), false), false, false));
  }

  private static Arguments row(LogFilter filter, boolean relayed, boolean refused) {
    return Arguments.of(filter, relayed, refused);
  }

  @ParameterizedTest
  @MethodSource
  void aTcpConnectionIsJudged(LogFilter filter, boolean relayed, boolean refused) {
    var live = EntryFilters.of(filter);
    assertEquals(relayed, live.wants(SampleRecord.relayed().record, TCP_CONNECTION_END));
    assertEquals(refused, live.wants(SampleRecord.refused().record, TCP_CONNECTION_END));
  }

  @Test
  void withoutAFilterEverythingIsWanted() {
    assertTrue(EntryFilters.of(null).wants(SampleRecord.accepted().record, NOT_SET));
  }

  static Stream<Arguments> metadataIsComparedByItsKind() {
    var text = new MetadataValue.Text("v");
    var number = new MetadataValue.Numeric(5);
    var list = new MetadataValue.Items(List.of(number, text));
    var isV = new ValueMatch.TextIs(new TextMatch.Exact("v", false));
    return Stream.of(
        Arguments.of(isV, text, true),
        Arguments.of(isV, number, false),
        Arguments.of(new ValueMatch.NumberIs(5), number, true),
        Arguments.of(new ValueMatch.NumberIn(5, 6), number, true),
        Arguments.of(new ValueMatch.NumberIn(4, 5), number, false),
        Arguments.of(new ValueMatch.BoolIs(true), new MetadataValue.Bool(true), true),
        Arguments.of(new ValueMatch.IsNull(), new MetadataValue.Null(), true),
        Arguments.of(new ValueMatch.IsNull(), text, false),
        Arguments.of(new ValueMatch.Present(true), text, true),
        Arguments.of(new ValueMatch.Present(false), text, false),
        Arguments.of(new ValueMatch.AnyItem(isV), list, true),
        Arguments.of(new ValueMatch.AnyItem(new ValueMatch.NumberIs(6)), list, false),
        Arguments.of(new ValueMatch.AnyOf(List.of(new ValueMatch.IsNull(), isV)), text, true));
  }

  @ParameterizedTest
  @MethodSource
  void metadataIsComparedByItsKind(ValueMatch match, MetadataValue value, boolean wanted) {
    var record = SampleRecord.accepted().record;
    record.addMetadata("ns", Map.of("a", new MetadataValue.Fields(Map.of("b", value))));
    assertEquals(
        wanted, EntryFilters.of(metadata(match, !wanted)).wants(record, TCP_CONNECTION_END));
  }

  @Test
  void anHttpRequestIsJudgedByWhatItSays() {
    var record = SampleRecord.accepted().record;
    record.http(new Request());
    assertTrue(wants(new LogFilter.StatusCode(new Comparison(Op.EQ, 503)), record));
    assertTrue(wants(new LogFilter.Traceable(), record));
    assertTrue(!wants(new LogFilter.NotHealthCheck(), record));
    assertTrue(wants(new LogFilter.GrpcStatus(Set.of(14), false), record));
    assertTrue(
        wants(new LogFilter.Header("x", new TextMatch.Prefix("V", true), false, false), record));
  }

  private static boolean wants(LogFilter filter, ConnectionRecord record) {
    return EntryFilters.of(filter).wants(record, TCP_CONNECTION_END);
  }

  private static LogFilter metadata(ValueMatch match, boolean ifAbsent) {
    return new LogFilter.DynamicMetadata("ns", List.of("a", "b"), match, ifAbsent);
  }

  /// A traced health check over gRPC that failed.
  private static final class Request implements HttpExchange {
    @Override
    public int responseCode() {
      return 503;
    }

    @Override
    public @Nullable String requestHeader(String name) {
      return name.equals("x") ? "value" : null;
    }

    @Override
    public int grpcStatus() {
      return 14;
    }

    @Override
    public int grpcOutcome() {
      return 14;
    }

    @Override
    public @Nullable String virtualHost() {
      return null;
    }

    @Override
    public boolean isHealthCheck() {
      return true;
    }

    @Override
    public boolean isTraced() {
      return true;
    }

    @Override
    public @Nullable String header(Part part, String name) {
      return part == Part.REQUEST ? requestHeader(name) : null;
    }

    @Override
    public int headers(Part part) {
      return part == Part.REQUEST ? 1 : 0;
    }

    @Override
    public @Nullable RouteFacts route() {
      return null;
    }

    @Override
    public String protocol() {
      return "HTTP/2";
    }

    @Override
    public @Nullable String codeDetails() {
      return null;
    }

    @Override
    public long headerBytes(Part part) {
      return 0;
    }

    @Override
    public Metadata hostMetadata() {
      return Metadata.NONE;
    }

    @Override
    public long moment(HttpMoment moment) {
      return Long.MIN_VALUE;
    }

    @Override
    public long backendLatency() {
      return -1;
    }

    @Override
    public FactKind write(LogOperator operator, String argument, LogLine line) {
      return FactKind.ABSENT;
    }
  }
}
