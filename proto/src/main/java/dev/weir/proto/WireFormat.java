package dev.weir.proto;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The forms in which a message can lie in a file.
public enum WireFormat {
  /// YAML, scalars typed as the reference proxy types them: no floats, `yes` and `on` are booleans.
  YAML,
  /// The protobuf JSON mapping.
  JSON,
  /// Binary protobuf.
  PB,
  /// Protobuf's text format.
  PB_TEXT;

  /// The form by a file's ending: `.yaml`, `.yml`, `.json`, `.pb`, `.pb_text`, in any case.
  ///
  /// @return null for any other ending
  public static @Nullable WireFormat ofFile(String fileName) {
    var name = fileName.toLowerCase(Locale.ROOT);
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "yaml", "yml" -> YAML;
      case "json" -> JSON;
      case "pb" -> PB;
      case "pb_text" -> PB_TEXT;
      default -> null;
    };
  }
}
