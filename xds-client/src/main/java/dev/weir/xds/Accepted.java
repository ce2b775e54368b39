package dev.weir.xds;

import com.google.protobuf.Any;

/// A resource that was decoded.
///
/// @param name what it was asked for by
/// @param version the resource's (delta) or the response's (state of the world); may be empty
/// @param value the config
/// @param wire what the control plane sent
public record Accepted<T>(String name, String version, T value, Any wire) {}
