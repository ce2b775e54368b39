package dev.weir.http.route;

import dev.weir.config.http.RetryConfig;
import dev.weir.config.http.RetryConfig.On;
import java.util.Set;

/// When requests of a route are sent once more, ready to be asked. Immutable; any worker.
public final class RetryRules {
  private final RetryConfig config;
  private final HeaderTests requestHeaders;
  private final HeaderTests responseHeaders;

  RetryRules(RetryConfig config) {
    this.config = config;
    this.requestHeaders = HeaderTests.of(config.requestHeaders());
    this.responseHeaders = HeaderTests.of(config.responseHeaders());
  }

  /// What it was made of.
  public RetryConfig config() {
    return config;
  }

  /// The reasons to try again.
  public Set<On> on() {
    return config.on();
  }

  /// What a request's headers must be, one at least; empty for no such condition.
  public HeaderTests requestHeaders() {
    return requestHeaders;
  }

  /// What response headers ask for another attempt.
  public HeaderTests responseHeaders() {
    return responseHeaders;
  }
}
