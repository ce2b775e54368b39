package dev.weir.upstream.balance;

/// Chooses a locality within a priority. Immutable apart from cursors.
@FunctionalInterface
interface LocalityChoice {
  /// Picks from all localities alike.
  int WHOLE = -1;

  /// Picks nothing at all.
  int NOWHERE = -2;

  /// The place of a locality in its host set, [#WHOLE] or [#NOWHERE].
  int choose(PickRequest request, boolean wantDegraded);
}
