package dev.weir.upstream.balance;

/// Leads every hash to a host; most of them to the same one after a change of hosts. Made for at
/// least one host; immutable.
interface HashTable {
  /// Which of the hosts that the table was made for; by its place among them.
  int at(long hash);
}
