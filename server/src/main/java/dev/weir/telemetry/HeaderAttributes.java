package dev.weir.telemetry;

import dev.weir.telemetry.HttpExchange.Part;
import java.util.AbstractMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The headers of a request or a response, as expressions see them: the values of a name, joined by
/// commas. One worker, while an expression is evaluated.
final class HeaderAttributes extends AbstractMap<String, Object> {
  private final @Nullable HttpExchange http;
  private final Part part;

  /// @param http null where there are none
  HeaderAttributes(@Nullable HttpExchange http, Part part) {
    this.http = http;
    this.part = part;
  }

  @Override
  public @Nullable Object get(@Nullable Object key) {
    return http != null && key instanceof String name ? http.header(part, name) : null;
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return get(key) != null;
  }

  @Override
  public int size() {
    return http == null ? 0 : http.headers(part);
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    return Set.of(); // nothing that is switched on walks through headers
  }
}
