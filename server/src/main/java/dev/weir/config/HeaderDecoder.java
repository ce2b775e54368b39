package dev.weir.config;

import dev.weir.config.HeaderAddition.Action;
import dev.weir.config.HealthCheckConfig.Header;
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

  /// What is done where the header is there already.
  @SuppressWarnings("deprecation") // append is what append_action was before
  public static Action action(HeaderValueOption wire) {
    if (wire.hasAppend()) {
      return wire.getAppend().getValue()
          ? Action.APPEND_IF_EXISTS_OR_ADD
          : Action.OVERWRITE_IF_EXISTS_OR_ADD;
    }
    return switch (wire.getAppendAction()) {
      case APPEND_IF_EXISTS_OR_ADD, UNRECOGNIZED -> Action.APPEND_IF_EXISTS_OR_ADD;
      case ADD_IF_ABSENT -> Action.ADD_IF_ABSENT;
      case OVERWRITE_IF_EXISTS_OR_ADD -> Action.OVERWRITE_IF_EXISTS_OR_ADD;
      case OVERWRITE_IF_EXISTS -> Action.OVERWRITE_IF_EXISTS;
    };
  }

  /// The same; notes a problem where both fields say it.
  @SuppressWarnings("deprecation") // append is what append_action was before
  public static Action action(HeaderValueOption wire, Field at) {
    at.check(
        !wire.hasAppend() || wire.getAppendActionValue() == 0,
        "Both append and append_action are set and it's not allowed");
    return action(wire);
  }
}
