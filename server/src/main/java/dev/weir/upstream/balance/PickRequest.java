package dev.weir.upstream.balance;

import java.util.random.RandomGenerator;

/// What a pick may know of the connection that it is for. One for each downstream connection, used
/// for all its attempts; on its worker only.
public final class PickRequest {
  private static final int ANY = -1;

  private final int worker;
  private final RandomGenerator random;
  private SubsetKey subset = SubsetKey.NONE;
  private PickSubject subject = PickSubject.NOBODY;
  private int choice = ANY;
  private boolean hashed;
  private long hash;

  /// @param worker the index of the worker it lives on
  /// @param random that worker's own source of chance
  public PickRequest(int worker, RandomGenerator random) {
    this.worker = worker;
    this.random = random;
  }

  /// Asks for this subset from now on.
  public PickRequest subset(SubsetKey next) {
    subset = next;
    return this;
  }

  /// Gives the connection a hash; without one, policies that hash draw by chance.
  public PickRequest hash(long next) {
    hashed = true;
    hash = next;
    return this;
  }

  /// Says which connection it is for, where hosts are chosen by that.
  public PickRequest subject(PickSubject connection) {
    subject = connection;
    return this;
  }

  /// Which connection it is for.
  public PickSubject subject() {
    return subject;
  }

  /// Asks for a host of this priority: the choice was made over the priorities of several clusters.
  ///
  /// @param degraded whether its degraded hosts are meant
  public void within(int priority, boolean degraded) {
    choice = (priority << 1) | (degraded ? 1 : 0);
  }

  /// Leaves the priority to the cluster again.
  public void anywhere() {
    choice = ANY;
  }

  /// Which priority, and whether its degraded hosts are meant: chosen before, or by this load.
  ///
  /// @return as [PriorityLoad#choose] tells it
  int priority(PriorityLoad load, long hash) {
    return choice == ANY ? load.choose(hash) : choice;
  }

  /// The index of the worker it lives on.
  public int worker() {
    return worker;
  }

  SubsetKey subset() {
    return subset;
  }

  /// Whether the connection has a hash.
  boolean hashed() {
    return hashed;
  }

  /// The connection's hash, or a random number where it has none.
  long hashOrRandom() {
    return hashed ? hash : random.nextLong();
  }

  /// Any 64 bits.
  long draw() {
    return random.nextLong();
  }

  /// A number from 0 to below the bound.
  int drawBelow(int bound) {
    return random.nextInt(bound);
  }
}
