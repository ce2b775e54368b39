package dev.weir.config;

import java.util.List;

/// What a handshake may agree on (`TlsParameters`). All defaults are filled in.
///
/// @param min the oldest version
/// @param max the newest version, not older than `min`
/// @param ciphers suites for TLS 1.2 and older by their OpenSSL names, the best first; what stands
///   between `[`, `|` and `]` is equally good
/// @param curves for the exchange of keys by their OpenSSL names, the best first
public record TlsParams(
    TlsVersion min, TlsVersion max, List<String> ciphers, List<String> curves) {}
