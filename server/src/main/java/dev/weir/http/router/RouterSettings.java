package dev.weir.http.router;

import dev.weir.config.http.HttpFilterConfig;
import dev.weir.http.HttpStats;
import dev.weir.upstream.Clusters;
import java.net.InetAddress;

/// What a router works with; `self` is by which this machine tells of itself. Immutable; any
/// worker.
public record RouterSettings(
    HttpFilterConfig.Router config, Clusters clusters, HttpStats stats, InetAddress self) {}
