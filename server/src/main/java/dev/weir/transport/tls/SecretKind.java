package dev.weir.transport.tls;

import dev.weir.config.SecretConfig.Content;
import org.jspecify.annotations.Nullable;

/// What somebody needs a secret for.
enum SecretKind {
  CERTIFICATE("certificate"),
  VALIDATION("certificate validation context"),
  TICKET_KEYS("session ticket keys context");

  private final String text;

  SecretKind(String text) {
    this.text = text;
  }

  /// For messages.
  String text() {
    return text;
  }

  /// Whether this is of the kind.
  boolean fits(@Nullable Content content) {
    return switch (content) {
      case null -> false;
      case Content.Certificate _ -> this == CERTIFICATE;
      case Content.Validation _ -> this == VALIDATION;
      case Content.TicketKeys _ -> this == TICKET_KEYS;
      case Content.Generic _ -> false;
    };
  }
}
