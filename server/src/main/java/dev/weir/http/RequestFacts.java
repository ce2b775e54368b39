package dev.weir.http;

import dev.weir.config.HttpProtocol;
import dev.weir.config.LogOperator;
import dev.weir.config.Metadata;
import dev.weir.http.route.HeaderText;
import dev.weir.http.route.PathText;
import dev.weir.http.route.Route;
import dev.weir.http.route.VirtualHost;
import dev.weir.telemetry.FactKind;
import dev.weir.telemetry.HttpExchange;
import dev.weir.telemetry.HttpMoment;
import dev.weir.telemetry.LogLine;
import dev.weir.telemetry.RouteFacts;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What is said of a request and its response. The request's worker only.
public final class RequestFacts implements HttpExchange {
  private static final long MILLIS = 1_000_000;
  private static final long UNSET = Long.MIN_VALUE;

  /// The two names of arguments such as `X-A?X-B`; the second may be empty.
  private static final Map<String, AsciiString[]> ARGUMENTS = new ConcurrentHashMap<>();

  private final long startNanos;
  private final HttpProtocol protocol;
  private boolean healthCheck;
  private boolean http10;
  private @Nullable Http2Headers request;
  private @Nullable Http2Headers response;
  private @Nullable Http2Headers trailers;
  private @Nullable String details;
  private @Nullable Route route;
  private @Nullable VirtualHost virtualHost;
  private @Nullable String virtualCluster;
  private @Nullable HttpProtocol upstreamProtocol;
  private String localReplyBody = "";
  private int status;
  private long requestEnd = UNSET;
  private long requestHeadEnd = UNSET;
  private long upstreamRequestStart = UNSET;
  private long upstreamRequestEnd = UNSET;
  private long responseStart = UNSET;
  private long responseBodyStart = UNSET;
  private long upstreamEnd = UNSET;
  private long clientStart = UNSET;
  private long responseEnd = UNSET;
  private int sizeAtArrival;
  private int sizeAtSending;
  private int responseTrailerBytes;

  /// @param startNanos when the request began, on the record's stopwatch
  public RequestFacts(long startNanos, HttpProtocol protocol) {
    this.startNanos = startNanos;
    this.protocol = protocol;
  }

  /// The head of the request; later changes of it show.
  public void request(Http2Headers headers) {
    request = headers;
    sizeAtArrival = size(headers);
    requestHeadEnd = System.nanoTime();
  }

  /// The head of the response; later changes of it show.
  public void response(Http2Headers headers, int code) {
    response = headers;
    status = code;
  }

  void responseSent(Http2Headers headers) {
    sizeAtSending = size(headers);
  }

  /// Its head goes out.
  void clientBegan(long nanos) {
    clientStart = nanos;
  }

  void trailers(Http2Headers headers) {
    trailers = headers;
    responseTrailerBytes = size(headers);
  }

  private static int size(@Nullable Http2Headers headers) {
    if (headers == null) {
      return 0;
    }
    int bytes = 0;
    for (var header : headers) {
      bytes += header.getKey().length() + header.getValue().length();
    }
    return bytes;
  }

  /// Why the response is what it is; the first word stays.
  public void details(String text) {
    if (details == null) {
      details = text;
    }
  }

  /// Why the response is what it is, whatever was said before.
  public void replaceDetails(String text) {
    details = text;
  }

  void route(@Nullable VirtualHost host, @Nullable Route found) {
    virtualHost = host;
    route = found;
  }

  void virtualCluster(@Nullable String name) {
    virtualCluster = name;
  }

  /// What is spoken with the host.
  public void upstreamProtocol(HttpProtocol spoken) {
    upstreamProtocol = spoken;
  }

  void localReplyBody(String body) {
    localReplyBody = body;
  }

  void http10() {
    http10 = true;
  }

  /// It is a health check of the gateway itself.
  public void markHealthCheck() {
    healthCheck = true;
  }

  /// The last byte of the request has come.
  public void requestEnded(long nanos) {
    requestEnd = nanos;
  }

  /// The first byte of the request has gone to the host.
  public void upstreamRequestBegan(long nanos) {
    upstreamRequestStart = nanos;
  }

  /// The last byte of the request has gone to the host.
  public void upstreamRequestEnded(long nanos) {
    upstreamRequestEnd = nanos;
  }

  /// The first byte of the response has come from the host.
  public void upstreamResponded(long nanos) {
    responseStart = nanos;
  }

  /// Some of the response's body has come from the host.
  public void upstreamBody() {
    if (responseBodyStart == UNSET) {
      responseBodyStart = System.nanoTime();
    }
  }

  /// The last byte of the response has come from the host.
  public void upstreamEnded(long nanos) {
    upstreamEnd = nanos;
  }

  void responseEnded(long nanos) {
    responseEnd = nanos;
  }

  @Override
  public int responseCode() {
    return status;
  }

  @Override
  public @Nullable String requestHeader(String name) {
    return request == null
        ? null
        : HeaderText.first(request, HeaderText.name(name.toLowerCase(Locale.ROOT)));
  }

  private @Nullable Http2Headers headersOf(Part part) {
    return switch (part) {
      case REQUEST -> request;
      case RESPONSE -> response;
      case TRAILERS -> trailers;
    };
  }

  @Override
  public @Nullable String header(Part part, String name) {
    var headers = headersOf(part);
    return headers == null
        ? null
        : HeaderText.joined(headers, HeaderText.name(name.toLowerCase(Locale.ROOT)));
  }

  @Override
  public int headers(Part part) {
    var headers = headersOf(part);
    return headers == null ? 0 : headers.size();
  }

  @Override
  public @Nullable RouteFacts route() {
    return route == null ? null : new RouteFacts(route.config().name(), route.config().metadata());
  }

  @Override
  public Metadata hostMetadata() {
    return virtualHost == null ? Metadata.NONE : virtualHost.config().metadata();
  }

  @Override
  public @Nullable String virtualHost() {
    return virtualHost == null ? null : virtualHost.config().name();
  }

  private @Nullable String routeName() {
    return route == null || route.config().name().isEmpty() ? null : route.config().name();
  }

  @Override
  public String protocol() {
    return http10 ? "HTTP/1.0" : protocol.text();
  }

  @Override
  public @Nullable String codeDetails() {
    return details;
  }

  @Override
  public long headerBytes(Part part) {
    return switch (part) {
      case REQUEST -> size(request);
      case RESPONSE -> size(response);
      case TRAILERS -> responseTrailerBytes;
    };
  }

  @Override
  public long moment(HttpMoment moment) {
    return switch (moment) {
      case REQUEST_HEAD_END -> requestHeadEnd;
      case REQUEST_END -> requestEnd;
      case UPSTREAM_REQUEST_BEGIN -> upstreamRequestStart;
      case UPSTREAM_REQUEST_END -> upstreamRequestEnd;
      case UPSTREAM_RESPONSE_BEGIN -> responseStart;
      case UPSTREAM_BODY_BEGIN -> responseBodyStart;
      case UPSTREAM_RESPONSE_END -> upstreamEnd;
      case RESPONSE_BEGIN -> clientStart;
      case RESPONSE_END -> responseEnd;
    };
  }

  @Override
  public long backendLatency() {
    return upstreamRequestEnd == UNSET || responseStart == UNSET
        ? -1
        : responseStart - upstreamRequestEnd;
  }

  @Override
  public int grpcStatus() {
    var from = trailers != null && trailers.contains(Names.GRPC_STATUS) ? trailers : response;
    var text = from == null ? null : from.get(Names.GRPC_STATUS);
    try {
      return text == null ? -1 : Integer.parseInt(text.toString());
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  /// Of the request's headers, without what frames them.
  public int requestHeaderBytes() {
    return size(request);
  }

  /// Of the response's headers and trailers, without what frames them.
  public int responseHeaderBytes() {
    return size(response) + responseTrailerBytes;
  }

  @Override
  public int grpcOutcome() {
    int status = grpcStatus();
    return status < 0 ? GrpcCodes.ofHttp(this.status) : status;
  }

  @Override
  public boolean isHealthCheck() {
    return healthCheck;
  }

  @Override
  public boolean isTraced() {
    return false;
  }

  @Override
  public FactKind write(LogOperator operator, String argument, LogLine line) {
    return switch (operator) {
      case REQ, REQUEST_HEADER -> header(request, argument, line);
      case RESP, RESPONSE_HEADER -> header(response, argument, line);
      case TRAILER -> header(trailers, argument, line);
      case REQ_WITHOUT_QUERY -> text(withoutQuery(value(request, argument)), line);
      case PROTOCOL -> text(protocol(), line);
      case UPSTREAM_PROTOCOL ->
          text(upstreamProtocol == null ? null : upstreamProtocol.text(), line);
      case RESPONSE_CODE -> number(status, line);
      case RESPONSE_CODE_DETAILS -> text(details == null ? null : details.replace(' ', '_'), line);
      case ROUTE_NAME -> text(routeName(), line);
      case VIRTUAL_CLUSTER_NAME -> text(virtualCluster, line);
      case PATH -> path(argument, line);
      case QUERY_PARAM -> query(argument, line);
      case QUERY_PARAMS -> text(pathText() == null ? null : pathText().query(), line);
      case REQUEST_DURATION -> between(startNanos, requestEnd, line);
      case REQUEST_TX_DURATION -> between(startNanos, upstreamRequestEnd, line);
      case RESPONSE_DURATION -> between(startNanos, responseStart, line);
      case RESPONSE_TX_DURATION -> between(responseStart, responseEnd, line);
      case GRPC_STATUS -> grpc(argument, line);
      case GRPC_STATUS_NUMBER -> grpcStatus() < 0 ? FactKind.ABSENT : number(grpcStatus(), line);
      case REQUEST_HEADERS_BYTES -> number(size(request), line);
      case RESPONSE_HEADERS_BYTES -> number(size(response), line);
      case DOWNSTREAM_HEADER_BYTES_RECEIVED, DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED ->
          number(sizeAtArrival, line);
      case DOWNSTREAM_HEADER_BYTES_SENT, DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_SENT ->
          number(sizeAtSending, line);
      case RESPONSE_TRAILERS_BYTES -> number(responseTrailerBytes, line);
      case LOCAL_REPLY_BODY -> text(localReplyBody, line);
      default -> FactKind.ABSENT;
    };
  }

  private static FactKind number(long value, LogLine line) {
    line.number(value);
    return FactKind.LITERAL;
  }

  private static FactKind text(@Nullable String text, LogLine line) {
    if (text == null) {
      return FactKind.ABSENT;
    }
    line.text(text);
    return FactKind.TEXT;
  }

  private static FactKind between(long from, long to, LogLine line) {
    return from == UNSET || to == UNSET ? FactKind.ABSENT : number((to - from) / MILLIS, line);
  }

  private static FactKind header(@Nullable Http2Headers headers, String argument, LogLine line) {
    var value = value(headers, argument);
    if (value == null) {
      return FactKind.ABSENT;
    }
    if (value instanceof AsciiString ascii && isAscii(ascii)) {
      line.text(ascii.toString());
    } else {
      line.raw(value.toString().getBytes(StandardCharsets.ISO_8859_1)); // the bytes that came
    }
    return FactKind.TEXT;
  }

  private static boolean isAscii(AsciiString text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.byteAt(i) < 0) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable CharSequence value(@Nullable Http2Headers headers, String argument) {
    if (headers == null) {
      return null;
    }
    var names = ARGUMENTS.computeIfAbsent(argument, RequestFacts::names);
    var value = headers.get(names[0]);
    return value != null || names.length == 1 ? value : headers.get(names[1]);
  }

  private static AsciiString[] names(String argument) {
    var lower = argument.toLowerCase(Locale.ROOT);
    int mark = lower.indexOf('?');
    return mark < 0
        ? new AsciiString[] {HeaderText.name(lower)}
        : new AsciiString[] {
          HeaderText.name(lower.substring(0, mark)), HeaderText.name(lower.substring(mark + 1))
        };
  }

  private static @Nullable String withoutQuery(@Nullable CharSequence path) {
    return path == null ? null : PathText.of(path.toString()).path();
  }

  private @Nullable PathText pathText() {
    var path = request == null ? null : request.path();
    return path == null ? null : PathText.of(path.toString());
  }

  /// @param argument with or without the query, and which of the two paths: `NQ:ORIG_OR_PATH`
  private FactKind path(String argument, LogLine line) {
    var original = request == null ? null : request.get(Names.ORIGINAL_PATH);
    var path = request == null ? null : request.path();
    int which = argument.indexOf(':');
    var shown =
        switch (which < 0 ? "" : argument.substring(which + 1)) {
          case "PATH" -> path;
          case "ORIG" -> original;
          default -> original == null ? path : original;
        };
    return argument.startsWith("NQ")
        ? text(withoutQuery(shown), line)
        : text(shown == null ? null : shown.toString(), line);
  }

  private FactKind query(String name, LogLine line) {
    var path = pathText();
    return text(path == null ? null : path.parameter(name), line);
  }

  private FactKind grpc(String form, LogLine line) {
    int code = grpcStatus();
    if (code < 0) {
      return FactKind.ABSENT;
    }
    return switch (form) {
      case "NUMBER" -> number(code, line);
      case "SNAKE_STRING" -> text(GrpcCodes.snake(code), line);
      default -> text(GrpcCodes.camel(code), line);
    };
  }
}
