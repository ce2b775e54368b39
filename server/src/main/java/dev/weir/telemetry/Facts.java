package dev.weir.telemetry;

import dev.weir.config.AccessLogType;
import dev.weir.config.CelExpression;
import dev.weir.config.LogTemplate.Part.Command;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Finds the fact behind an operator.
final class Facts {
  private Facts() {}

  static Fact of(Command command) {
    return switch (command.operator()) {
      case START_TIME, START_TIME_LOCAL, EMIT_TIME, EMIT_TIME_LOCAL -> TimeFacts.of(command);
      case DURATION,
          COMMON_DURATION,
          DOWNSTREAM_HANDSHAKE_DURATION,
          UPSTREAM_CONNECTION_POOL_READY_DURATION ->
          DurationFacts.of(command);
      case BYTES_RECEIVED,
          BYTES_SENT,
          DOWNSTREAM_WIRE_BYTES_RECEIVED,
          DOWNSTREAM_WIRE_BYTES_SENT,
          UPSTREAM_WIRE_BYTES_RECEIVED,
          UPSTREAM_WIRE_BYTES_SENT,
          UPSTREAM_HEADER_BYTES_RECEIVED,
          UPSTREAM_HEADER_BYTES_SENT,
          UPSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED,
          UPSTREAM_DECOMPRESSED_HEADER_BYTES_SENT,
          BYTES_RETRANSMITTED,
          PACKETS_RETRANSMITTED ->
          ByteFacts.of(command);
      case RESPONSE_FLAGS,
          RESPONSE_FLAGS_LONG,
          CONNECTION_TERMINATION_DETAILS,
          DOWNSTREAM_TRANSPORT_FAILURE_REASON,
          DOWNSTREAM_DETECTED_CLOSE_TYPE,
          DOWNSTREAM_LOCAL_CLOSE_REASON,
          ACCESS_LOG_TYPE,
          REQUESTED_SERVER_NAME,
          CONNECTION_ID,
          STREAM_ID,
          FILTER_CHAIN_NAME,
          LISTENER_NAME,
          HOSTNAME,
          UNIQUE_ID,
          CUSTOM_FLAGS,
          ENVIRONMENT ->
          DownstreamFacts.of(command);
      case DOWNSTREAM_LOCAL_ADDRESS,
          DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT,
          DOWNSTREAM_LOCAL_PORT,
          DOWNSTREAM_LOCAL_ADDRESS_ENDPOINT_ID,
          DOWNSTREAM_DIRECT_LOCAL_ADDRESS,
          DOWNSTREAM_DIRECT_LOCAL_ADDRESS_WITHOUT_PORT,
          DOWNSTREAM_DIRECT_LOCAL_PORT,
          DOWNSTREAM_DIRECT_LOCAL_ADDRESS_ENDPOINT_ID,
          DOWNSTREAM_REMOTE_ADDRESS,
          DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT,
          DOWNSTREAM_REMOTE_PORT,
          DOWNSTREAM_DIRECT_REMOTE_ADDRESS,
          DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT,
          DOWNSTREAM_DIRECT_REMOTE_PORT,
          UPSTREAM_LOCAL_ADDRESS,
          UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT,
          UPSTREAM_LOCAL_PORT,
          UPSTREAM_REMOTE_ADDRESS,
          UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT,
          UPSTREAM_REMOTE_PORT,
          UPSTREAM_REMOTE_ADDRESS_ENDPOINT_ID ->
          AddressFacts.of(command);
      case UPSTREAM_HOST,
          UPSTREAM_HOST_NAME,
          UPSTREAM_HOST_NAME_WITHOUT_PORT,
          UPSTREAM_HOSTS_ATTEMPTED,
          UPSTREAM_HOSTS_ATTEMPTED_WITHOUT_PORT,
          UPSTREAM_HOST_NAMES_ATTEMPTED,
          UPSTREAM_HOST_NAMES_ATTEMPTED_WITHOUT_PORT,
          UPSTREAM_CLUSTER,
          UPSTREAM_CLUSTER_RAW,
          UPSTREAM_CONNECTION_ID,
          UPSTREAM_CONNECTION_IDS_ATTEMPTED,
          UPSTREAM_SERVER_NAME,
          UPSTREAM_TRANSPORT_FAILURE_REASON,
          UPSTREAM_DETECTED_CLOSE_TYPE,
          UPSTREAM_LOCAL_CLOSE_REASON,
          UPSTREAM_REQUEST_ATTEMPT_COUNT ->
          UpstreamFacts.of(command);
      case DYNAMIC_METADATA,
          METADATA,
          CLUSTER_METADATA,
          UPSTREAM_METADATA,
          FILTER_STATE,
          UPSTREAM_FILTER_STATE ->
          StateFacts.of(command);
      case TLS_JA3_FINGERPRINT, TLS_JA4_FINGERPRINT -> DownstreamFacts.of(command);
      case DOWNSTREAM_PEER_URI_SAN,
          DOWNSTREAM_PEER_DNS_SAN,
          DOWNSTREAM_PEER_IP_SAN,
          DOWNSTREAM_PEER_EMAIL_SAN,
          DOWNSTREAM_PEER_OTHERNAME_SAN,
          DOWNSTREAM_LOCAL_URI_SAN,
          DOWNSTREAM_LOCAL_DNS_SAN,
          DOWNSTREAM_LOCAL_IP_SAN,
          DOWNSTREAM_LOCAL_EMAIL_SAN,
          DOWNSTREAM_LOCAL_OTHERNAME_SAN,
          DOWNSTREAM_PEER_SUBJECT,
          DOWNSTREAM_LOCAL_SUBJECT,
          DOWNSTREAM_PEER_ISSUER,
          DOWNSTREAM_TLS_SESSION_ID,
          DOWNSTREAM_TLS_CIPHER,
          DOWNSTREAM_TLS_VERSION,
          DOWNSTREAM_TLS_GROUP,
          DOWNSTREAM_PEER_FINGERPRINT_256,
          DOWNSTREAM_PEER_FINGERPRINT_1,
          DOWNSTREAM_PEER_SERIAL,
          DOWNSTREAM_PEER_CERT,
          DOWNSTREAM_PEER_CERT_V_START,
          DOWNSTREAM_PEER_CERT_V_END,
          DOWNSTREAM_PEER_CHAIN_FINGERPRINTS_256,
          DOWNSTREAM_PEER_CHAIN_FINGERPRINTS_1,
          DOWNSTREAM_PEER_CHAIN_SERIALS ->
          elsewhere(command, record -> record.tls);
      case UPSTREAM_PEER_URI_SAN,
          UPSTREAM_PEER_DNS_SAN,
          UPSTREAM_PEER_IP_SAN,
          UPSTREAM_LOCAL_URI_SAN,
          UPSTREAM_LOCAL_DNS_SAN,
          UPSTREAM_LOCAL_IP_SAN,
          UPSTREAM_PEER_SUBJECT,
          UPSTREAM_PEER_ISSUER,
          UPSTREAM_TLS_SESSION_ID,
          UPSTREAM_TLS_CIPHER,
          UPSTREAM_TLS_VERSION,
          UPSTREAM_TLS_GROUP,
          UPSTREAM_PEER_CERT,
          UPSTREAM_PEER_CERT_V_START,
          UPSTREAM_PEER_CERT_V_END ->
          elsewhere(command, record -> record.upstream == null ? null : record.upstream.tls);
      case REQUEST_DURATION,
          REQUEST_TX_DURATION,
          RESPONSE_DURATION,
          RESPONSE_TX_DURATION,
          ROUNDTRIP_DURATION,
          VIRTUAL_CLUSTER_NAME,
          ROUTE_NAME,
          SPAN_ID,
          TRACE_ID,
          PROTOCOL,
          UPSTREAM_PROTOCOL,
          PATH,
          QUERY_PARAM,
          QUERY_PARAMS,
          GRPC_STATUS,
          GRPC_STATUS_NUMBER,
          REQ,
          RESP,
          TRAILER,
          REQUEST_HEADER,
          RESPONSE_HEADER,
          REQ_WITHOUT_QUERY ->
          elsewhere(command, record -> record.http);
      case RESPONSE_CODE_DETAILS ->
          orElse(
              elsewhere(command, record -> record.http), Facts.text(record -> record.codeDetails));
      case RESPONSE_CODE,
          REQUEST_HEADERS_BYTES,
          RESPONSE_HEADERS_BYTES,
          RESPONSE_TRAILERS_BYTES,
          DOWNSTREAM_HEADER_BYTES_RECEIVED,
          DOWNSTREAM_HEADER_BYTES_SENT,
          DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED,
          DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_SENT ->
          orElse(elsewhere(command, record -> record.http), number(_ -> 0));
      case LOCAL_REPLY_BODY -> orElse(elsewhere(command, record -> record.http), text(_ -> ""));
      case CEL -> expression(command.expression());
      case COALESCE -> (_, _, _) -> FactKind.ABSENT;
    };
  }

  /// A number that always exists.
  static Fact number(ToLongFunction<ConnectionRecord> value) {
    return (record, _, line) -> {
      line.number(value.applyAsLong(record));
      return FactKind.LITERAL;
    };
  }

  /// A text that may be null.
  static Fact text(Function<ConnectionRecord, @Nullable String> value) {
    return (record, _, line) -> {
      String text = value.apply(record);
      if (text == null) {
        return FactKind.ABSENT;
      }
      line.text(text);
      return FactKind.TEXT;
    };
  }

  private static Fact expression(@Nullable CelExpression expression) {
    return text(record -> expression == null ? null : expression.print(Attributes.of(record)));
  }

  private static Fact elsewhere(
      Command command, Function<ConnectionRecord, @Nullable LogFacts> source) {
    return (record, _, line) -> {
      var facts = source.apply(record);
      return facts == null
          ? FactKind.ABSENT
          : facts.write(command.operator(), command.argument(), line);
    };
  }

  private static Fact orElse(Fact first, Fact otherwise) {
    return (ConnectionRecord record, AccessLogType type, LogLine line) -> {
      var kind = first.write(record, type, line);
      return kind == FactKind.ABSENT ? otherwise.write(record, type, line) : kind;
    };
  }

  /// An operator that was sent to the wrong place, by mistake of ours.
  static IllegalStateException misplaced(Command command) {
    return new IllegalStateException("no fact for " + command.operator());
  }
}
