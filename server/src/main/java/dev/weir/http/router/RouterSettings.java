package dev.weir.http.router;

import dev.weir.config.http.HttpFilterConfig;
import dev.weir.http.HttpStats;
import dev.weir.upstream.Clusters;

/// What a router works with. Immutable; any worker.
public record RouterSettings(HttpFilterConfig.Router config, Clusters clusters, HttpStats stats) {}
