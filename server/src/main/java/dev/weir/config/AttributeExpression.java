package dev.weir.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The plainest of CEL's expressions, of which labels of metrics are made: one attribute, one
/// header, or a text in quotes. They need no evaluation, as access logs print the same facts.
///
/// Source: https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/advanced/attributes
final class AttributeExpression {
  private static final Pattern QUOTED =
      Pattern.compile("\\s*(?:'([^'\\\\]*)'|\"([^\"\\\\]*)\")\\s*");
  private static final Pattern HEADER =
      Pattern.compile("\\s*(request|response)\\.headers\\[(?:'([^']+)'|\"([^\"]+)\")\\]\\s*");

  private static final Map<String, Fact> ATTRIBUTES =
      Map.ofEntries(
          Map.entry("request.host", new Fact(LogOperator.REQ, ":authority")),
          Map.entry("request.method", new Fact(LogOperator.REQ, ":method")),
          Map.entry("request.path", new Fact(LogOperator.REQ, ":path")),
          Map.entry("request.scheme", new Fact(LogOperator.REQ, ":scheme")),
          Map.entry("request.url_path", new Fact(LogOperator.REQ_WITHOUT_QUERY, ":path")),
          Map.entry("request.query", new Fact(LogOperator.QUERY_PARAMS, "")),
          Map.entry("request.id", new Fact(LogOperator.REQ, "x-request-id")),
          Map.entry("request.useragent", new Fact(LogOperator.REQ, "user-agent")),
          Map.entry("request.referer", new Fact(LogOperator.REQ, "referer")),
          Map.entry("request.protocol", new Fact(LogOperator.PROTOCOL, "")),
          Map.entry("response.code", new Fact(LogOperator.RESPONSE_CODE, "")),
          Map.entry("response.code_details", new Fact(LogOperator.RESPONSE_CODE_DETAILS, "")),
          Map.entry("response.grpc_status", new Fact(LogOperator.GRPC_STATUS_NUMBER, "")),
          Map.entry("source.address", new Fact(LogOperator.DOWNSTREAM_REMOTE_ADDRESS, "")),
          Map.entry("source.port", new Fact(LogOperator.DOWNSTREAM_REMOTE_PORT, "")),
          Map.entry("destination.address", new Fact(LogOperator.DOWNSTREAM_LOCAL_ADDRESS, "")),
          Map.entry("destination.port", new Fact(LogOperator.DOWNSTREAM_LOCAL_PORT, "")),
          Map.entry("upstream.address", new Fact(LogOperator.UPSTREAM_HOST, "")),
          Map.entry(
              "connection.requested_server_name", new Fact(LogOperator.REQUESTED_SERVER_NAME, "")),
          Map.entry("connection.tls_version", new Fact(LogOperator.DOWNSTREAM_TLS_VERSION, "")),
          Map.entry("xds.cluster_name", new Fact(LogOperator.UPSTREAM_CLUSTER_RAW, "")),
          Map.entry("xds.route_name", new Fact(LogOperator.ROUTE_NAME, "")),
          Map.entry("xds.filter_chain_name", new Fact(LogOperator.FILTER_CHAIN_NAME, "")));

  /// @param argument of the operator; empty for none
  private record Fact(LogOperator operator, String argument) {}

  private AttributeExpression() {}

  /// What prints its value; null if it says more than this.
  static @Nullable LogTemplate template(String expression) {
    var quoted = QUOTED.matcher(expression);
    if (quoted.matches()) {
      return LogTemplate.literal(quoted.group(1) == null ? quoted.group(2) : quoted.group(1));
    }
    var header = HEADER.matcher(expression);
    if (header.matches()) {
      var name = header.group(2) == null ? header.group(3) : header.group(2);
      boolean request = header.group(1).equals("request");
      return template(new Fact(request ? LogOperator.REQ : LogOperator.RESP, name));
    }
    var attribute = ATTRIBUTES.get(expression.strip());
    return attribute == null ? null : template(attribute);
  }

  private static LogTemplate template(Fact fact) {
    var source = "%" + fact.operator + "(" + fact.argument.toUpperCase(Locale.ROOT) + ")%";
    return new LogTemplate(
        source, List.of(new LogTemplate.Part.Command(fact.operator, fact.argument, -1)));
  }
}
