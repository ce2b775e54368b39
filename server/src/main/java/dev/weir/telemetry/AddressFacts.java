package dev.weir.telemetry;

import dev.weir.config.LogTemplate.Part.Command;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The addresses of both sides.
final class AddressFacts {
  private static final String WITHOUT_PORT = "_WITHOUT_PORT";
  private static final String ENDPOINT_ID = "_ENDPOINT_ID";

  private AddressFacts() {}

  /// Writes one address.
  private interface Form {
    FactKind write(SocketAddress address, LogLine line);
  }

  static Fact of(Command command) {
    var address = address(command);
    var form = form(command);
    return (record, _, line) -> {
      var present = address.apply(record);
      return present == null ? FactKind.ABSENT : form.write(present, line);
    };
  }

  private static Form form(Command command) {
    String name = command.operator().name();
    if (name.endsWith("_PORT") && !name.endsWith(WITHOUT_PORT)) {
      return AddressFacts::port;
    }
    if (name.endsWith(ENDPOINT_ID)) {
      return (_, _) -> FactKind.TEXT; // Only addresses inside of a proxy have one.
    }
    if (!name.endsWith(WITHOUT_PORT)) {
      return text(AddressText::full);
    }
    int prefix = prefix(command.argument());
    return prefix < 0
        ? text(AddressText::withoutPort)
        : text((address, line) -> AddressText.masked(address, prefix, line));
  }

  private static Form text(java.util.function.BiConsumer<SocketAddress, LogLine> writer) {
    return (address, line) -> {
      writer.accept(address, line);
      return FactKind.TEXT;
    };
  }

  private static FactKind port(SocketAddress address, LogLine line) {
    if (!(address instanceof InetSocketAddress inet)) {
      return FactKind.ABSENT;
    }
    line.number(inet.getPort());
    return FactKind.LITERAL;
  }

  private static int prefix(String argument) {
    try {
      return argument.isEmpty() ? -1 : Integer.parseInt(argument);
    } catch (NumberFormatException _) {
      return -1; // Envoy takes anything here, and masks only by numbers.
    }
  }

  private static Function<ConnectionRecord, @Nullable SocketAddress> address(Command command) {
    return switch (command.operator()) {
      case DOWNSTREAM_LOCAL_ADDRESS,
          DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT,
          DOWNSTREAM_LOCAL_PORT,
          DOWNSTREAM_LOCAL_ADDRESS_ENDPOINT_ID ->
          record -> record.localAddress;
      case DOWNSTREAM_DIRECT_LOCAL_ADDRESS,
          DOWNSTREAM_DIRECT_LOCAL_ADDRESS_WITHOUT_PORT,
          DOWNSTREAM_DIRECT_LOCAL_PORT,
          DOWNSTREAM_DIRECT_LOCAL_ADDRESS_ENDPOINT_ID ->
          record -> record.directLocalAddress;
      case DOWNSTREAM_REMOTE_ADDRESS,
          DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT,
          DOWNSTREAM_REMOTE_PORT ->
          record -> record.remoteAddress;
      case DOWNSTREAM_DIRECT_REMOTE_ADDRESS,
          DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT,
          DOWNSTREAM_DIRECT_REMOTE_PORT ->
          record -> record.directRemoteAddress;
      case UPSTREAM_LOCAL_ADDRESS, UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT, UPSTREAM_LOCAL_PORT ->
          record -> record.upstream == null ? null : record.upstream.localAddress;
      case UPSTREAM_REMOTE_ADDRESS,
          UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT,
          UPSTREAM_REMOTE_PORT,
          UPSTREAM_REMOTE_ADDRESS_ENDPOINT_ID ->
          record -> record.upstream == null ? null : record.upstream.remoteAddress;
      default -> throw Facts.misplaced(command);
    };
  }
}
