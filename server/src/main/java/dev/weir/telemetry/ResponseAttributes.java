package dev.weir.telemetry;

import dev.weir.config.CelValues;
import dev.weir.config.LogOperator;
import dev.weir.telemetry.AttributeGroup.Attribute;
import dev.weir.telemetry.HttpExchange.Part;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `response.*`; a plain connection has flags and sizes, and nothing else.
final class ResponseAttributes {
  static final Map<String, Attribute> ALL = all();

  private ResponseAttributes() {}

  private static Map<String, Attribute> all() {
    var all = new HashMap<String, Attribute>();
    all.put("code", ResponseAttributes::code);
    all.put(
        "code_details",
        record -> Attributes.text(record.http, LogOperator.RESPONSE_CODE_DETAILS, ""));
    all.put("flags", ResponseAttributes::flags);
    all.put("grpc_status", ResponseAttributes::grpcStatus);
    all.put("headers", record -> new HeaderAttributes(record.http, Part.RESPONSE));
    all.put("trailers", record -> new HeaderAttributes(record.http, Part.TRAILERS));
    all.put("size", record -> record.bytesSent);
    all.put(
        "total_size",
        record ->
            record.bytesSent
                + RequestAttributes.bytes(record, LogOperator.RESPONSE_HEADERS_BYTES)
                + RequestAttributes.bytes(record, LogOperator.RESPONSE_TRAILERS_BYTES));
    all.put("backend_latency", ResponseAttributes::latency);
    return Map.copyOf(all);
  }

  private static @Nullable Object code(ConnectionRecord record) {
    int code = record.http == null ? 0 : record.http.responseCode();
    return code == 0 ? null : (Long) (long) code;
  }

  /// One bit each, in the order of Envoy's own list.
  private static Object flags(ConnectionRecord record) {
    long bits = 0;
    for (var flag : record.flags()) {
      bits |= flag.bit();
    }
    return bits;
  }

  private static @Nullable Object grpcStatus(ConnectionRecord record) {
    return record.http == null ? null : (Long) (long) record.http.grpcOutcome();
  }

  /// From the end of the request towards the host to the beginning of the answer.
  private static @Nullable Object latency(ConnectionRecord record) {
    long nanos = record.http == null ? -1 : record.http.backendLatency();
    return nanos < 0 ? null : CelValues.duration(nanos);
  }
}
