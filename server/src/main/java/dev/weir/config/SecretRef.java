package dev.weir.config;

import dev.weir.xds.ConfigSource;
import org.jspecify.annotations.Nullable;

/// Names a secret (`SdsSecretConfig`).
///
/// @param source where it comes from; null for the start configuration
public record SecretRef(String name, @Nullable ConfigSource source) {}
