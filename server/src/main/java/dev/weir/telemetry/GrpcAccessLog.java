package dev.weir.telemetry;

import dev.weir.config.AccessLogType;
import dev.weir.xds.AccessLogServices;

/// An access log that sends entries to a gRPC service.
record GrpcAccessLog(
    EntryFilter filter, GrpcEntryForm form, AccessLogServices.Log service, GrpcLogStats stats)
    implements AccessLog {

  @Override
  public void log(ConnectionRecord record, AccessLogType type) {
    if (!filter.wants(record, type)) {
      return;
    }
    if (service.offer(form.of(record, type))) {
      stats.written().increment();
    } else {
      stats.dropped().increment();
    }
  }
}
