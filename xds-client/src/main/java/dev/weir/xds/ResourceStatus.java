package dev.weir.xds;

import com.google.protobuf.Any;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is held of one resource, for people to read (`/config_dump`).
///
/// @param name what it is asked for by; empty for a failure whose resource is unreadable
/// @param state how far it has come
/// @param held what is in force; null where nothing is
/// @param failure what last went wrong; null once a good value came
public record ResourceStatus(
    String name, State state, @Nullable Held held, @Nullable Failure failure) {

  /// `envoy.admin.v3.ClientResourceStatus`.
  public enum State {
    /// Asked for, and not answered yet.
    REQUESTED,
    /// The control plane says that there is none.
    DOES_NOT_EXIST,
    /// In force.
    ACKED,
    /// The newest was bad.
    NACKED,
    /// The control plane reported an error for it.
    RECEIVED_ERROR,
    /// Asked for, and not answered in time.
    TIMEOUT
  }

  /// A value in force.
  ///
  /// @param version as in [Accepted]
  /// @param since when it last changed
  /// @param wire what the control plane sent
  public record Held(String version, Instant since, Any wire) {}

  /// An attempt that failed.
  ///
  /// @param version what could not be applied
  /// @param at when
  /// @param reason as in [Rejected]
  /// @param wire what the control plane sent; null where it sent an error
  public record Failure(String version, Instant at, String reason, @Nullable Any wire) {}
}
