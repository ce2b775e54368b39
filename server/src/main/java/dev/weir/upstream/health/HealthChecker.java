package dev.weir.upstream.health;

import dev.weir.config.HealthCheckConfig;
import dev.weir.xds.SerialLoop;

/// One configured check of a cluster: what the sessions with all its hosts share. Main loop only.
record HealthChecker(
    HealthCheckConfig config,
    SerialLoop main,
    CheckTimes times,
    HealthStats stats,
    HealthEvents events,
    Prober.Maker probers) {}
