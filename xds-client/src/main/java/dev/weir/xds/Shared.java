package dev.weir.xds;

import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/// What all conversations of a client have in common.
///
/// @param workers where many resources are decoded
/// @param random for the waits between attempts
record Shared(
    SerialLoop loop, Channels channels, Pauses pauses, Executor workers, RandomGenerator random) {}
