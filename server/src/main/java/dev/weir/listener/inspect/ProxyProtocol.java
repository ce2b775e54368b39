package dev.weir.listener.inspect;

import dev.weir.config.MetadataValue;
import dev.weir.config.ProxyProtocolConfig;
import dev.weir.config.ProxyProtocolConfig.TlvRule;
import dev.weir.config.ProxyProtocolConfig.Version;
import dev.weir.config.StateFactory;
import dev.weir.config.StateValue;
import dev.weir.config.StateValue.Tlv;
import dev.weir.connection.Connection;
import dev.weir.connection.FilterState;
import dev.weir.telemetry.StatFamilies;
import dev.weir.telemetry.StatScope;
import dev.weir.telemetry.Stats;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `envoy.filters.listener.proxy_protocol`: takes the PROXY header away, and the client for whom it
/// speaks for the client. Any worker.
final class ProxyProtocol implements Inspector {
  /// The filter state object of TLVs that rules keep.
  private static final String TLV_STATE = "envoy.network.proxy_protocol.tlv";

  private final ProxyProtocolConfig config;
  private final StatScope stats;
  private final StatScope root;

  ProxyProtocol(ProxyProtocolConfig config, Stats stats) {
    this.config = config;
    var prefix = config.statPrefix();
    this.stats =
        stats.scope(
            prefix.isEmpty() ? "proxy_proto" : "proxy_proto." + prefix,
            StatFamilies.PROXY_PROTOCOL);
    this.root = stats.scope("", StatFamilies.PROXY_PROTOCOL_ERRORS);
  }

  @Override
  public Verdict inspect(ByteBuf sofar, Connection.Accepted connection) {
    if (config.optional() && !mayBegin(sofar)) {
      count("not_found_allowed");
      return Verdict.DONE;
    }
    if (ProxyHeader.isV2(sofar) && !config.accepted().contains(Version.V2)) {
      return disallowed(Version.V2);
    }
    return switch (ProxyHeader.parse(sofar)) {
      case ProxyHeader.Incomplete _ -> Verdict.MORE;
      case ProxyHeader.Absent _ -> {
        count("not_found_disallowed");
        yield error();
      }
      case ProxyHeader.Malformed(var version) -> {
        count(version, "error");
        yield error();
      }
      case ProxyHeader.Complete header -> {
        if (!config.accepted().contains(header.version())) {
          yield disallowed(header.version());
        }
        count(header.version(), "found");
        sofar.skipBytes(header.length());
        learn(header, connection);
        yield Verdict.DONE;
      }
    };
  }

  private Verdict disallowed(Version version) {
    count(version, "found");
    count(version, "disallowed");
    return Verdict.REFUSE;
  }

  private boolean mayBegin(ByteBuf sofar) {
    for (var version : config.accepted()) {
      if (ProxyHeader.mayBegin(sofar, version)) {
        return true;
      }
    }
    return false;
  }

  private void learn(ProxyHeader.Complete header, Connection.Accepted connection) {
    var addresses = header.addresses();
    if (addresses == null) {
      return;
    }
    connection.info().remoteAddress(addresses.source());
    connection.info().localAddress(addresses.destination());
    connection.record().remoteAddress(addresses.source());
    connection.record().localAddress(addresses.destination());
    keep(header.tlvs(), connection);
  }

  private void keep(List<Tlv> tlvs, Connection.Accepted connection) {
    var state = new FilterState(connection.record());
    // Also without a single TLV: that there was a header decides what is added to the next one.
    state.set(
        StateFactory.PROXY_PROTOCOL,
        new StateValue.Tlvs(
            tlvs.stream().filter(tlv -> config.passOn().includes(tlv.type())).toList()));
    if (tlvs.isEmpty()) {
      return;
    }
    var values = valuesByNamespace(tlvs);
    if (!config.keptInFilterState()) {
      values.forEach(connection.record()::addMetadata);
    } else if (!values.isEmpty()) {
      var all = new LinkedHashMap<String, MetadataValue>();
      values.values().forEach(all::putAll);
      state.set(TLV_STATE, new StateValue.Values(all));
    }
  }

  /// What the rules keep. Of two TLVs of one type the first counts, but in filter state the last.
  private Map<String, Map<String, MetadataValue>> valuesByNamespace(List<Tlv> tlvs) {
    var namespaces = new LinkedHashMap<String, Map<String, MetadataValue>>();
    for (var tlv : tlvs) {
      for (var rule : config.rules()) {
        if (rule.type() == tlv.type()) {
          var values = namespaces.computeIfAbsent(rule.namespace(), _ -> new LinkedHashMap<>());
          var value = new MetadataValue.Text(text(tlv, rule));
          if (config.keptInFilterState()) {
            values.put(rule.key(), value);
          } else {
            values.putIfAbsent(rule.key(), value);
          }
        }
      }
    }
    return namespaces;
  }

  private static String text(Tlv tlv, TlvRule rule) {
    byte[] bytes = HexFormat.of().parseHex(tlv.hex());
    if (rule.base64()) {
      return Base64.getEncoder().encodeToString(bytes);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .replaceWith("!")
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IllegalStateException("replaced, not reported", e);
    }
  }

  private Verdict error() {
    root.counter("downstream_cx_proxy_proto_error").increment();
    return Verdict.REFUSE;
  }

  private void count(Version version, String what) {
    count("versions." + version.name().toLowerCase(Locale.ROOT) + "." + what);
  }

  private void count(String what) {
    stats.counter(what).increment();
  }

  @Override
  public void close() {
    stats.close();
    root.close();
  }
}
