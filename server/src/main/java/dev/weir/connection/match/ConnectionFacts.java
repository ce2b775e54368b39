package dev.weir.connection.match;

import dev.weir.config.IpLiteral;
import dev.weir.config.MatchInput;
import dev.weir.config.StateValue;
import dev.weir.connection.ConnectionInfo;
import dev.weir.telemetry.ConnectionRecord;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// The facts of a connection whose listener filters are done. Its worker only.
public record ConnectionFacts(ConnectionInfo info, ConnectionRecord record) implements MatchFacts {
  @Override
  public @Nullable String text(MatchInput input) {
    return switch (input) {
      case MatchInput.Fact fact -> text(fact);
      case MatchInput.RequestHeader _ -> null; // a connection has none
      case MatchInput.FilterState(var key, var field) -> state(record.filterState(key), field);
    };
  }

  private @Nullable String text(MatchInput.Fact fact) {
    return switch (fact) {
      case DESTINATION_IP -> ip(info.localAddress());
      case DESTINATION_PORT -> port(info.localAddress());
      case SOURCE_IP -> ip(info.remoteAddress());
      case SOURCE_PORT -> port(info.remoteAddress());
      case DIRECT_SOURCE_IP -> ip(info.directRemoteAddress());
      case SOURCE_TYPE -> info.isLocal() ? "local" : null;
      case SERVER_NAME -> emptyToNull(info.serverName());
      case TRANSPORT_PROTOCOL -> emptyToNull(info.transportProtocol());
      case APPLICATION_PROTOCOL ->
          info.applicationProtocols().isEmpty()
              ? null
              : "'" + String.join("','", info.applicationProtocols()) + "'";
    };
  }

  private static @Nullable String state(@Nullable StateValue object, String field) {
    if (object == null || field.isEmpty()) {
      return object == null ? null : object.text();
    }
    return object instanceof StateValue.Ip(var address, boolean fields) && fields
        ? switch (field) {
          case "ip" -> address.host();
          case "port" -> Integer.toString(address.port());
          default -> null;
        }
        : null;
  }

  private static @Nullable String ip(SocketAddress address) {
    var ip = ConnectionInfo.ip(address);
    return ip == null ? null : IpLiteral.text(ip);
  }

  private static @Nullable String port(SocketAddress address) {
    return address instanceof InetSocketAddress ip ? Integer.toString(ip.getPort()) : null;
  }

  private static @Nullable String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
