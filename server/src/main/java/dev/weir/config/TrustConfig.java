package dev.weir.config;

import java.security.cert.X509Certificate;
import java.util.List;

/// Certificates that are trusted: a chain has to lead to one of them.
///
/// @param origin where they were read: a file, or `<inline>`
public record TrustConfig(String origin, List<X509Certificate> anchors) {}
