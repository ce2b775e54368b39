package dev.weir.config;

import dev.weir.config.HealthCheckConfig.Header;
import dev.weir.config.HealthCheckConfig.HeaderAction;
import dev.weir.xds.InvalidResourceException;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;

/// Reads headers that are added to requests.
public final class HeaderDecoder {
  private HeaderDecoder() {}

  /// Notes a problem for a header that says where a request goes.
  ///
  /// @param done `modified` or `removed`
  public static void checkChangeable(String name, String done, Field at) {
    at.check(
        !name.startsWith(":") && !name.equalsIgnoreCase("host"),
        ":-prefixed or host headers may not be " + done);
  }

  static Header header(HeaderValueOption wire, Field at) throws InvalidResourceException {
    checkChangeable(wire.getHeader().getKey(), "modified", at);
    var valueAt = at.at("header").at("value");
    return new Header(
        wire.getHeader().getKey(), text(value(wire.getHeader()), valueAt), action(wire));
  }

  /// There is no connection that an operator could speak of.
  private static String text(String format, Field at) throws InvalidResourceException {
    var text = new StringBuilder();
    for (var part : LogTemplate.parse(format, at).parts()) {
      switch (part) {
        case LogTemplate.Part.Literal(var literal) -> text.append(literal);
        case LogTemplate.Part.Command _ -> {
          at.warn("an operator prints - in a health check");
          text.append('-');
        }
      }
    }
    return text.toString();
  }

  private static String value(HeaderValue wire) {
    return wire.getRawValue().isEmpty() ? wire.getValue() : wire.getRawValue().toStringUtf8();
  }

  @SuppressWarnings("deprecation") // append is what append_action was before
  private static HeaderAction action(HeaderValueOption wire) {
    if (wire.hasAppend()) {
      return wire.getAppend().getValue() ? HeaderAction.APPEND : HeaderAction.OVERWRITE;
    }
    return switch (wire.getAppendAction()) {
      case APPEND_IF_EXISTS_OR_ADD, UNRECOGNIZED -> HeaderAction.APPEND;
      case ADD_IF_ABSENT -> HeaderAction.ADD_IF_ABSENT;
      case OVERWRITE_IF_EXISTS_OR_ADD -> HeaderAction.OVERWRITE;
      case OVERWRITE_IF_EXISTS -> HeaderAction.OVERWRITE_IF_PRESENT;
    };
  }
}
