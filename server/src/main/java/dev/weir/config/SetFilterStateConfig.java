package dev.weir.config;

import java.util.List;

/// Filter state objects that are set when a connection has come so far (`set_filter_state` of
/// listeners and of filter chains).
///
/// @param atOnce when the connection is accepted, or has got its filter chain
/// @param afterHandshake when the downstream TLS handshake is done; never without TLS
public record SetFilterStateConfig(List<Rule> atOnce, List<Rule> afterHandshake) {

  /// One object.
  ///
  /// @param factory what makes an object of the text
  /// @param layout gives the text
  /// @param skipIfEmpty sets nothing if the text is empty
  public record Rule(String key, StateFactory factory, LogLayout layout, boolean skipIfEmpty) {}
}
