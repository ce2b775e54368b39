package dev.weir.xds;

import java.time.Duration;
import java.util.List;

/// What happens to a subscription, for its counters. Called on the main loop.
///
/// The server binds these to the counters below the subscription's prefix, such as
/// `cluster_manager.cds.`.
public interface SubscriptionObserver {
  /// Nobody counts.
  SubscriptionObserver NONE = new SubscriptionObserver() {};

  /// `update_attempt`: at the start, and with each of the events below.
  default void attempt() {}

  /// `update_success`, `update_time`, `version`, `version_text`, `update_duration`.
  ///
  /// @param version the response's; may be empty
  /// @param took how long it took to decode and apply
  default void success(String version, Duration took) {}

  /// `update_failure`: unreachable, or the file is no `DiscoveryResponse`.
  default void failure() {}

  /// `update_rejected`: something in it was bad, though other parts may have been applied.
  default void rejected() {}

  /// `update_empty`: there was nothing in it for a subscriber who wants one name.
  default void empty() {}

  /// `init_fetch_timeout`.
  default void initialFetchTimeout() {}

  /// `assignment_use_cached`: in want of a fresh answer, the held value was delivered.
  default void usedCached() {}

  /// `server.dynamic_unknown_fields`: a file has fields that its messages do not have.
  ///
  /// @param fields each as `path: text`
  default void unknownFields(List<String> fields) {}

  /// Whoever has subscribed does so no more: nothing is counted after that.
  default void close() {}

  /// Of the connection, where the subscription has one of its own (`control_plane.` below its
  /// prefix).
  default ControlPlaneObserver controlPlane() {
    return ControlPlaneObserver.NONE;
  }
}
