package dev.weir.engine;

import java.util.List;

/// What the engine has, as it stood at one moment. Immutable, but that the clusters in it live on.
///
/// @param activeClusters that serve
/// @param warmingClusters that are about to
/// @param clustersVersion of the last push that was applied whole; empty before the first
/// @param listeners that serve
/// @param warmingListeners that are about to
/// @param drainingListeners that are configured no more and have connections left
/// @param listenersVersion of the last push that was applied whole; empty before the first
public record EngineSnapshot(
    List<ClusterEntry> activeClusters,
    List<ClusterEntry> warmingClusters,
    String clustersVersion,
    List<ListenerStatus> listeners,
    List<ListenerStatus> warmingListeners,
    List<ListenerStatus> drainingListeners,
    String listenersVersion) {}
