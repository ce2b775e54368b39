package dev.weir.istio;

import dev.weir.telemetry.Label;
import java.util.List;

/// What a connection or request looked like when it was reported: all of Istio's labels, and the
/// values of the user's own expressions in their order. Metrics with equal ones are the same.
record Observation(List<Label> labels, List<String> values) {}
