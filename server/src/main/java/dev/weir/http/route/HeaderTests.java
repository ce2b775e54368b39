package dev.weir.http.route;

import dev.weir.config.http.HeaderMatch;
import dev.weir.config.http.HeaderMatch.Rule;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tests of headers that all have to pass. Immutable; any worker.
public final class HeaderTests {
  private final One[] tests;

  private HeaderTests(One[] tests) {
    this.tests = tests;
  }

  private record One(AsciiString name, HeaderMatch match) {}

  /// Prepares tests.
  public static HeaderTests of(List<HeaderMatch> matches) {
    return new HeaderTests(
        matches.stream()
            .map(match -> new One(HeaderText.name(match.name()), match))
            .toArray(One[]::new));
  }

  /// Whether there is nothing to test.
  public boolean isEmpty() {
    return tests.length == 0;
  }

  /// Whether all pass.
  public boolean all(Http2Headers headers) {
    for (var test : tests) {
      if (!passes(test, headers)) {
        return false;
      }
    }
    return true;
  }

  /// Whether one passes at least.
  public boolean any(Http2Headers headers) {
    for (var test : tests) {
      if (passes(test, headers)) {
        return true;
      }
    }
    return false;
  }

  /// Whether one test passes.
  public static boolean passes(HeaderMatch match, Http2Headers headers) {
    var name = match.name();
    return passes(name.equals("host") ? PseudoHeaderName.AUTHORITY.value() : name, match, headers);
  }

  private static boolean passes(One test, Http2Headers headers) {
    return passes(test.name, test.match, headers);
  }

  private static boolean passes(CharSequence name, HeaderMatch match, Http2Headers headers) {
    var values = headers.valueIterator(name);
    if (match.rule() instanceof Rule.Present(boolean expected)) {
      return ((values.hasNext() || match.missingIsEmpty()) == expected) != match.invert();
    }
    if (!values.hasNext()) {
      return match.missingIsEmpty() && passes(match.rule(), "") != match.invert();
    }
    boolean any = false;
    while (values.hasNext() && !any) {
      any = passes(match.rule(), values.next().toString());
    }
    return any != match.invert();
  }

  private static boolean passes(Rule rule, String value) {
    return switch (rule) {
      case Rule.Text(var text) -> text.test(value);
      case Rule.Range(long start, long end) -> {
        var number = number(value);
        yield number != null && start <= number && number < end;
      }
      case Rule.Present(boolean expected) -> expected;
    };
  }

  private static @Nullable Long number(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException _) {
      return null;
    }
  }
}
