package dev.weir.telemetry;

import dev.weir.config.LogTemplate.Part.Command;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is known of the connection itself, and of this machine.
final class DownstreamFacts {
  private DownstreamFacts() {}

  static Fact of(Command command) {
    return switch (command.operator()) {
      case RESPONSE_FLAGS -> flags(false);
      case RESPONSE_FLAGS_LONG -> flags(true);
      case CONNECTION_TERMINATION_DETAILS -> Facts.text(record -> record.terminationDetails);
      case DOWNSTREAM_TRANSPORT_FAILURE_REASON ->
          Facts.text(record -> oneWord(record.transportFailure));
      case DOWNSTREAM_DETECTED_CLOSE_TYPE -> Facts.text(record -> closeType(record.closeType));
      case DOWNSTREAM_LOCAL_CLOSE_REASON -> Facts.text(record -> record.localCloseReason);
      case ACCESS_LOG_TYPE ->
          (_, type, line) -> {
            line.text(type.text());
            return FactKind.TEXT;
          };
      case REQUESTED_SERVER_NAME -> Facts.text(record -> emptyToNull(record.serverName));
      case TLS_JA3_FINGERPRINT -> Facts.text(record -> record.ja3);
      case TLS_JA4_FINGERPRINT -> Facts.text(record -> record.ja4);
      case CONNECTION_ID -> Facts.number(record -> record.id);
      case STREAM_ID -> Facts.text(ConnectionRecord::streamId);
      case FILTER_CHAIN_NAME ->
          Facts.text(
              record -> record.filterChain == null ? null : emptyToNull(record.filterChain.name()));
      case LISTENER_NAME ->
          Facts.text(record -> record.listener == null ? null : record.listener.name());
      case UNIQUE_ID -> Facts.text(_ -> UUID.randomUUID().toString());
      case CUSTOM_FLAGS -> Facts.text(_ -> "");
      case HOSTNAME -> constant(hostName());
      case ENVIRONMENT -> constant(System.getenv().getOrDefault(command.argument(), "-"));
      default -> throw Facts.misplaced(command);
    };
  }

  /// How a side was seen to close: in order, unless something else was seen.
  static String closeType(@Nullable CloseType seen) {
    return (seen == null ? CloseType.NORMAL : seen).text();
  }

  /// A reason as lines have it.
  static @Nullable String oneWord(@Nullable String reason) {
    return reason == null ? null : reason.replace(' ', '_');
  }

  private static Fact flags(boolean longNames) {
    return (record, _, line) -> {
      var flags = record.flags();
      if (flags.length == 0) {
        line.ascii('-');
      }
      for (int i = 0; i < flags.length; i++) {
        if (i > 0) {
          line.ascii(',');
        }
        line.text(longNames ? flags[i].longName() : flags[i].name());
      }
      return FactKind.TEXT;
    };
  }

  private static @Nullable String emptyToNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  private static Fact constant(String text) {
    return Facts.text(_ -> text);
  }

  /// What `gethostname` says, without asking DNS where the kernel tells.
  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException _) {
      return localHostName();
    }
  }

  private static String localHostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException _) {
      return "-";
    }
  }
}
