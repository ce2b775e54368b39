package dev.weir.http.router;

import dev.weir.config.http.RetryConfig.On;
import dev.weir.http.filter.LocalReply;
import dev.weir.http.route.HeaderText;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks the values of `x-envoy-…` headers that are named in the router's `strict_check_headers`.
/// Any worker.
final class StrictHeaders {
  private StrictHeaders() {}

  /// What a request is refused with; null if it is fine.
  static @Nullable LocalReply refusal(List<String> names, Http2Headers request) {
    for (int i = 0; i < names.size(); i++) {
      var name = names.get(i);
      var value = request.get(HeaderText.name(name));
      if (value != null && !isValid(name, value.toString())) {
        return LocalReply.of(
            400,
            "invalid header '%s' with value '%s'".formatted(name, value),
            "request_headers_failed_strict_check{" + name + "}");
      }
    }
    return null;
  }

  private static boolean isValid(String name, String value) {
    return name.endsWith("-on")
        ? Arrays.stream(value.split(",", -1)).allMatch(StrictHeaders::isReason)
        : !value.isEmpty() && value.chars().allMatch(digit -> digit >= '0' && digit <= '9');
  }

  private static boolean isReason(String word) {
    return Arrays.stream(On.values()).anyMatch(reason -> reason.word().equals(word.strip()));
  }
}
