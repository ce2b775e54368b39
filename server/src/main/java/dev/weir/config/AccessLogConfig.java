package dev.weir.config;

import org.jspecify.annotations.Nullable;

/// One access log of a listener or a filter: where lines go, and which connections are worth one.
///
/// Source: `envoy.config.accesslog.v3.AccessLog`.
///
/// @param name the logger's name, for messages only
/// @param sink where entries go, and in what shape
/// @param filter which entries are written; all of them if null
public record AccessLogConfig(String name, AccessLogSinkConfig sink, @Nullable LogFilter filter) {}
