package dev.weir.config;

import java.util.List;

/// A test of a connection that was just accepted
/// (`config.listener.v3.ListenerFilterChainMatchPredicate`).
public sealed interface AcceptPredicate {

  /// Whether a connection to this port passes. Any thread.
  ///
  /// @param destinationPort 0 for a Unix socket
  boolean test(int destinationPort);

  /// Passes all.
  record Any() implements AcceptPredicate {
    @Override
    public boolean test(int destinationPort) {
      return true;
    }
  }

  /// A range of ports.
  ///
  /// @param end the first that does not belong to it
  record DestinationPorts(int start, int end) implements AcceptPredicate {
    @Override
    public boolean test(int destinationPort) {
      return destinationPort >= start && destinationPort < end;
    }
  }

  /// Passes what the other does not.
  record Not(AcceptPredicate other) implements AcceptPredicate {
    @Override
    public boolean test(int destinationPort) {
      return !other.test(destinationPort);
    }
  }

  /// Passes what all pass.
  record All(List<AcceptPredicate> rules) implements AcceptPredicate {
    @Override
    public boolean test(int destinationPort) {
      for (var rule : rules) {
        if (!rule.test(destinationPort)) {
          return false;
        }
      }
      return true;
    }
  }

  /// Passes what any of them passes.
  record OneOf(List<AcceptPredicate> rules) implements AcceptPredicate {
    @Override
    public boolean test(int destinationPort) {
      for (var rule : rules) {
        if (rule.test(destinationPort)) {
          return true;
        }
      }
      return false;
    }
  }
}
