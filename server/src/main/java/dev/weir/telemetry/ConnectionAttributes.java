package dev.weir.telemetry;

import dev.weir.config.LogOperator;
import dev.weir.telemetry.AttributeGroup.Attribute;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `connection.*`, `source.*` and `destination.*`.
final class ConnectionAttributes {
  static final Map<String, Attribute> SOURCE =
      Map.of(
          "address", record -> Attributes.address(record.remoteAddress),
          "port", record -> Attributes.port(record.remoteAddress));

  static final Map<String, Attribute> DESTINATION =
      Map.of(
          "address", record -> Attributes.address(record.localAddress),
          "port", record -> Attributes.port(record.localAddress));

  static final Map<String, Attribute> ALL = all();

  private ConnectionAttributes() {}

  private static Map<String, Attribute> all() {
    var all = new HashMap<String, Attribute>();
    all.put("mtls", record -> fact(record, LogOperator.DOWNSTREAM_PEER_FINGERPRINT_256) != null);
    all.put("requested_server_name", record -> record.serverName == null ? "" : record.serverName);
    all.put("id", record -> record.id);
    all.put("termination_details", record -> record.terminationDetails);
    all.put("transport_failure_reason", record -> record.transportFailure);
    all.put("tls_version", record -> fact(record, LogOperator.DOWNSTREAM_TLS_VERSION));
    all.put(
        "subject_local_certificate", record -> fact(record, LogOperator.DOWNSTREAM_LOCAL_SUBJECT));
    all.put(
        "subject_peer_certificate", record -> fact(record, LogOperator.DOWNSTREAM_PEER_SUBJECT));
    all.put(
        "sha256_peer_certificate_digest",
        record -> fact(record, LogOperator.DOWNSTREAM_PEER_FINGERPRINT_256));
    all.put("dns_san_local_certificate", first(LogOperator.DOWNSTREAM_LOCAL_DNS_SAN));
    all.put("dns_san_peer_certificate", first(LogOperator.DOWNSTREAM_PEER_DNS_SAN));
    all.put("uri_san_local_certificate", first(LogOperator.DOWNSTREAM_LOCAL_URI_SAN));
    all.put("uri_san_peer_certificate", first(LogOperator.DOWNSTREAM_PEER_URI_SAN));
    return Map.copyOf(all);
  }

  private static @Nullable String fact(ConnectionRecord record, LogOperator operator) {
    return Attributes.text(record.tls, operator, "");
  }

  private static Attribute first(LogOperator operator) {
    return record -> Attributes.first(record.tls, operator);
  }
}
