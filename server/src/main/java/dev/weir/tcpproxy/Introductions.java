package dev.weir.tcpproxy;

import dev.weir.config.StateFactory;
import dev.weir.config.StateValue;
import dev.weir.config.StateValue.Tlv;
import dev.weir.config.TcpProxyConfig.ProxyTlvs;
import dev.weir.config.TcpProxyConfig.TlvValue;
import dev.weir.connection.Connection;
import dev.weir.telemetry.ConnectionRecord;
import dev.weir.telemetry.RecordText;
import dev.weir.transport.DialOptions;
import dev.weir.transport.Introduction;
import dev.weir.upstream.host.Host;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// What the transport to a host is told of a client: what filters have decided about its SNI, and
/// who it is, for a PROXY header. Immutable; any worker.
final class Introductions {
  private final ProxyTlvs config;
  private final List<Field> fields;

  /// A field with its value, or with the format of it.
  private sealed interface Field {
    int type();

    String hex(ConnectionRecord record);

    record Fixed(int type, String hex) implements Field {
      @Override
      public String hex(ConnectionRecord record) {
        return hex;
      }
    }

    record Formatted(int type, RecordText text) implements Field {
      @Override
      public String hex(ConnectionRecord record) {
        return HexFormat.of().formatHex(text.of(record).getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  Introductions(ProxyTlvs config) {
    this.config = config;
    this.fields =
        config.added().stream()
            .map(added ->
                switch (added.value()) {
                  case TlvValue.Fixed(var hex) -> (Field) new Field.Fixed(added.type(), hex);
                  case TlvValue.Formatted(var layout) ->
                      new Field.Formatted(added.type(), new RecordText(layout));
                })
            .toList();
  }

  /// For a connection to this host.
  DialOptions of(Connection downstream, Host host) {
    var state = downstream.filterState();
    return new DialOptions(
        host.hostname(),
        state.text(StateFactory.UPSTREAM_SERVER_NAME),
        state.names(StateFactory.UPSTREAM_SUBJECT_ALT_NAMES),
        new DialOptions.Offer(state.names(StateFactory.APPLICATION_PROTOCOLS), List.of()),
        () -> introduction(downstream));
  }

  private Introduction introduction(Connection downstream) {
    var info = downstream.info();
    var told =
        downstream.filterState().get(StateFactory.PROXY_PROTOCOL) instanceof StateValue.Tlvs tlvs
            ? tlvs
            : null;
    var added = added(downstream.record());
    return new Introduction(
        info.remoteAddress(),
        info.localAddress(),
        told == null ? added : merged(told.tlvs(), added));
  }

  private List<Tlv> added(ConnectionRecord record) {
    return fields.stream().map(field -> new Tlv(field.type(), field.hex(record))).toList();
  }

  private List<Tlv> merged(List<Tlv> told, List<Tlv> added) {
    return switch (config.merge()) {
      case ADD_IF_ABSENT -> told;
      case APPEND_IF_EXISTS_OR_ADD -> {
        var all = new ArrayList<>(told);
        all.addAll(added);
        yield all;
      }
      case OVERWRITE_BY_TYPE_IF_EXISTS_OR_ADD -> {
        var all = new ArrayList<>(added);
        for (var tlv : told) {
          if (added.stream().noneMatch(it -> it.type() == tlv.type())) {
            all.add(tlv);
          }
        }
        yield all;
      }
    };
  }
}
