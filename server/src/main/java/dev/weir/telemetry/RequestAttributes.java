package dev.weir.telemetry;

import dev.weir.config.CelValues;
import dev.weir.config.LogOperator;
import dev.weir.telemetry.AttributeGroup.Attribute;
import dev.weir.telemetry.HttpExchange.Part;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `request.*`; a plain connection has times and sizes, and nothing else.
final class RequestAttributes {
  static final Map<String, Attribute> ALL = all();

  private RequestAttributes() {}

  private static Map<String, Attribute> all() {
    var all = new HashMap<String, Attribute>();
    all.put("path", header(":path"));
    all.put("host", header(":authority"));
    all.put("scheme", header(":scheme"));
    all.put("method", header(":method"));
    all.put("referer", header("referer"));
    all.put("useragent", header("user-agent"));
    all.put("id", header("x-request-id"));
    all.put(
        "url_path", record -> Attributes.text(record.http, LogOperator.REQ_WITHOUT_QUERY, ":path"));
    all.put(
        "query",
        record -> {
          var query = Attributes.text(record.http, LogOperator.QUERY_PARAMS, "");
          return query == null && record.http != null ? "" : query;
        });
    all.put("protocol", record -> Attributes.text(record.http, LogOperator.PROTOCOL, ""));
    all.put("headers", record -> new HeaderAttributes(record.http, Part.REQUEST));
    all.put("time", record -> CelValues.time(record.startMicros));
    all.put(
        "duration",
        record -> record.isClosed() ? CelValues.duration(record.durationNanos()) : null);
    all.put("size", RequestAttributes::size);
    all.put(
        "total_size",
        record -> record.bytesReceived + bytes(record, LogOperator.REQUEST_HEADERS_BYTES));
    return Map.copyOf(all);
  }

  private static Attribute header(String name) {
    return record -> record.http == null ? null : record.http.header(Part.REQUEST, name);
  }

  /// What the request says of its length, or else what has come of it.
  private static Object size(ConnectionRecord record) {
    var said = record.http == null ? null : record.http.header(Part.REQUEST, "content-length");
    try {
      return said == null ? record.bytesReceived : Long.parseLong(said);
    } catch (NumberFormatException _) {
      return record.bytesReceived;
    }
  }

  static long bytes(ConnectionRecord record, LogOperator operator) {
    @Nullable Long bytes = Attributes.number(record.http, operator);
    return bytes == null ? 0 : bytes;
  }
}
