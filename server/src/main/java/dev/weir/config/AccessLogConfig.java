package dev.weir.config;

/// One access logger: where it writes, in which format, and for which connections.
public interface AccessLogConfig {}
