package dev.weir.transport.tls;

import dev.weir.config.CertificateConfig;
import dev.weir.config.ValidationConfig;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// The certificates that are in use, and how long they will be valid. The main loop puts, any
/// thread asks.
public final class CertificateExpiries {
  private final Map<Object, InUse> inUse = new ConcurrentHashMap<>();

  /// What one transport shows and trusts.
  public record InUse(List<CertificateConfig> shown, ValidationConfig rules) {}

  /// Replaces what one user has; nothing where both are empty.
  void put(Object user, List<CertificateConfig> shown, ValidationConfig rules) {
    if (shown.isEmpty() && rules.equals(ValidationConfig.NONE)) {
      inUse.remove(user);
    } else {
      inUse.put(user, new InUse(shown, rules));
    }
  }

  /// All that is in use, for `/certs`.
  public List<InUse> all() {
    return List.copyOf(inUse.values());
  }

  /// How many days the first of them will still be valid, 0 if one has expired; the largest number
  /// of 32 bits where there is none.
  public long daysUntilFirst() {
    return inUse.values().stream()
        .flatMap(CertificateExpiries::certificates)
        .mapToLong(CertificateExpiries::days)
        .min()
        .orElse(0xffff_ffffL);
  }

  private static Stream<X509Certificate> certificates(InUse one) {
    return Stream.concat(
        one.shown().stream().map(CertificateConfig::leaf), one.rules().authorities().stream());
  }

  /// How many whole days a certificate will still be valid, at least 0.
  public static long days(X509Certificate certificate) {
    var left = Duration.between(Instant.now(), certificate.getNotAfter().toInstant());
    return Math.max(0, left.toDays());
  }
}
