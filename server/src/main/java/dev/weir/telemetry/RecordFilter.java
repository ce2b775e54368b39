package dev.weir.telemetry;

import dev.weir.config.AccessLogType;
import dev.weir.config.LogFilter;

/// An access log filter that decides something else than whether a line is written. Immutable; any
/// worker may ask for its own records.
public final class RecordFilter {
  private final EntryFilter filter;

  private RecordFilter(EntryFilter filter) {
    this.filter = filter;
  }

  /// Compiles a filter.
  public static RecordFilter of(LogFilter config) {
    return new RecordFilter(EntryFilters.of(config));
  }

  /// Whether a record passes.
  public boolean test(ConnectionRecord record) {
    return filter.wants(record, AccessLogType.NOT_SET);
  }
}
