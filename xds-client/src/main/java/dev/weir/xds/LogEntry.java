package dev.weir.xds;

/// What an access log service is told.
public sealed interface LogEntry permits TcpLogEntry, HttpLogEntry {}
