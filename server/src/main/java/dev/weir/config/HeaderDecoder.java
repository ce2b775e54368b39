package dev.weir.config;

import dev.weir.config.HealthCheckConfig.Header;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;

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

  static Header header(HeaderValueOption wire, Field at) {
    checkChangeable(wire.getHeader().getKey(), "modified", at);
    return new Header(wire.getHeader().getKey(), value(wire.getHeader()), appends(wire));
  }

  private static String value(HeaderValue wire) {
    return wire.getRawValue().isEmpty() ? wire.getValue() : wire.getRawValue().toStringUtf8();
  }

  @SuppressWarnings("deprecation") // append is what append_action was before
  private static boolean appends(HeaderValueOption wire) {
    return wire.hasAppend()
        ? wire.getAppend().getValue()
        : wire.getAppendAction() == HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD;
  }
}
