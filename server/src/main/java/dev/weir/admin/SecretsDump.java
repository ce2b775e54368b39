package dev.weir.admin;

import dev.weir.config.Checked;
import dev.weir.config.SecretConfig;
import dev.weir.xds.Accepted;
import dev.weir.xds.ResourceStatus;
import io.envoyproxy.envoy.admin.v3.ClientResourceStatus;
import io.envoyproxy.envoy.admin.v3.SecretsConfigDump;
import io.envoyproxy.envoy.admin.v3.SecretsConfigDump.DynamicSecret;
import io.envoyproxy.envoy.admin.v3.SecretsConfigDump.StaticSecret;
import java.util.List;
import java.util.function.Predicate;

/// Secrets as messages of the admin API; [RedactedDump] takes out what is secret.
final class SecretsDump {
  private SecretsDump() {}

  /// @param statics those of the start configuration
  /// @param dynamics those that were asked for
  static SecretsConfigDump configuration(
      List<Accepted<Checked<SecretConfig>>> statics,
      List<ResourceStatus> dynamics,
      Predicate<String> wanted) {
    var dump = SecretsConfigDump.newBuilder();
    for (var secret : statics) {
      if (wanted.test(secret.name())) {
        dump.addStaticSecrets(
            StaticSecret.newBuilder().setName(secret.name()).setSecret(secret.wire()));
      }
    }
    for (var status : dynamics) {
      if (wanted.test(status.name())) {
        var secret = secret(status);
        if (status.held() == null) {
          dump.addDynamicWarmingSecrets(secret);
        } else {
          dump.addDynamicActiveSecrets(secret);
        }
      }
    }
    return dump.build();
  }

  private static DynamicSecret secret(ResourceStatus status) {
    var secret =
        DynamicSecret.newBuilder()
            .setName(status.name())
            .setClientStatus(ClientResourceStatus.valueOf(status.state().name()));
    var held = status.held();
    if (held != null) {
      secret
          .setVersionInfo(held.version())
          .setLastUpdated(WireDump.time(held.since()))
          .setSecret(held.wire());
    }
    return secret.build();
  }
}
