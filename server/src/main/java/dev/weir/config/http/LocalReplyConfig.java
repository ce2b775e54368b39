package dev.weir.config.http;

import dev.weir.config.HeaderAddition;
import dev.weir.config.LogFilter;
import dev.weir.config.LogLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How answers look that we give ourselves (`http_connection_manager.v3.LocalReplyConfig`).
///
/// @param mappers of which the first that matches is taken
/// @param body the format of all others; null for the plain text
public record LocalReplyConfig(List<Mapper> mappers, @Nullable Body body) {
  /// As they are.
  public static final LocalReplyConfig NONE = new LocalReplyConfig(List.of(), null);

  /// Changes answers of a kind.
  ///
  /// @param status 0 to keep it
  /// @param text what `%LOCAL_REPLY_BODY%` prints; null to keep it
  /// @param body the format; null for the common one
  public record Mapper(
      LogFilter filter,
      int status,
      @Nullable String text,
      @Nullable Body body,
      List<HeaderAddition> headers) {}

  /// The format of a body.
  public record Body(LogLayout layout, String contentType) {}
}
