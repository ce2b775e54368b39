package dev.weir.transport;

import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// The timers of one worker. Its worker only.
///
/// A timer is a [Node] that its owner is or holds, so arming one allocates nothing, and an idle
/// connection costs nothing but its deadline: each level has 64 slots, a slot is as wide as the
/// whole level below it, and a bit for each slot tells whether it is in use. Source: G. Varghese
/// and A. Lauck, "Hashed and Hierarchical Timing Wheels".
public final class TimerWheel {
  /// A deadline that never comes.
  public static final long NEVER = Long.MAX_VALUE;

  /// A tick is 2^3 milliseconds; a timer fires up to one tick late, and never early.
  private static final int TICK_BITS = 3;

  private static final int LEVEL_BITS = 6;
  private static final int SLOTS = 1 << LEVEL_BITS;
  private static final int LEVELS = 6;

  private final Clock clock;
  private final Alarm alarm;
  private final Node[] slots = new Node[LEVELS * SLOTS];
  private final long[] used = new long[LEVELS];
  private final long epoch;
  private long tick;
  private long wakeTick = NEVER;
  private boolean firing;
  private int armed;

  /// @param alarm wakes this wheel up
  public TimerWheel(Clock clock, Alarm alarm) {
    this.clock = clock;
    this.alarm = alarm;
    this.epoch = clock.millis();
    Arrays.setAll(slots, _ -> new Slot());
  }

  /// The present time in milliseconds, on the clock that deadlines are counted by.
  public long now() {
    return clock.millis();
  }

  /// How many timers are armed.
  public int armed() {
    return armed;
  }

  /// Arms a timer, or moves it.
  ///
  /// @param deadline when it is to fire, on the clock of [#now]; [#NEVER] disarms it
  public void arm(Node node, long deadline) {
    disarm(node);
    if (deadline != NEVER) {
      node.dueTick = Math.max(tick + 1, (deadline - epoch + (1 << TICK_BITS) - 1) >> TICK_BITS);
      insert(node);
      armed++;
      wakeBy(slotStart(node));
    }
  }

  /// Sees to it that the timer does not fire; without effect if it is not armed.
  public void disarm(Node node) {
    if (node.isArmed()) {
      remove(node);
      armed--;
    }
  }

  private void insert(Node node) {
    long differing = (node.dueTick ^ tick) | (SLOTS - 1);
    int level = Math.min(LEVELS - 1, (63 - Long.numberOfLeadingZeros(differing)) / LEVEL_BITS);
    int slot = slotOf(node.dueTick, level);
    node.slot = level * SLOTS + slot;
    node.linkBefore(slots[node.slot]);
    used[level] |= 1L << slot;
  }

  private void remove(Node node) {
    node.unlink();
    if (!slots[node.slot].isArmed()) {
      used[node.slot >> LEVEL_BITS] &= ~(1L << (node.slot & (SLOTS - 1)));
    }
  }

  /// Fires whatever is due. Called by the alarm, and by a test that has turned its clock.
  public void run() {
    long until = (clock.millis() - epoch) >> TICK_BITS;
    firing = true;
    for (long next = nextSlotStart(); next <= until; next = nextSlotStart()) {
      tick = next;
      for (int level = LEVELS - 1; level >= 0; level--) {
        expire(level);
      }
    }
    tick = Math.max(tick, until);
    firing = false;
    wakeTick = NEVER;
    wakeBy(nextSlotStart());
  }

  /// What is due in the slot that begins at the present tick fires, the rest goes a level down.
  private void expire(int level) {
    if ((tick & ((1L << (level * LEVEL_BITS)) - 1)) != 0) {
      return;
    }
    var slot = slots[level * SLOTS + slotOf(tick, level)];
    while (slot.isArmed()) {
      var node = slot.next;
      remove(node);
      if (node.dueTick > tick) {
        insert(node);
      } else {
        armed--;
        node.fire();
      }
    }
  }

  /// The first tick at which a slot in use begins; [#NEVER] if there is none.
  private long nextSlotStart() {
    long first = NEVER;
    for (int level = 0; level < LEVELS; level++) {
      if (used[level] != 0) {
        long following = (tick >> (level * LEVEL_BITS)) + 1;
        long fromThere = Long.rotateRight(used[level], (int) following);
        long start = following + Long.numberOfTrailingZeros(fromThere);
        first = Math.min(first, start << (level * LEVEL_BITS));
      }
    }
    return first;
  }

  private static int slotOf(long tick, int level) {
    return (int) (tick >> (level * LEVEL_BITS)) & (SLOTS - 1);
  }

  private static long slotStart(Node node) {
    int shift = (node.slot >> LEVEL_BITS) * LEVEL_BITS;
    return (node.dueTick >> shift) << shift;
  }

  private void wakeBy(long atTick) {
    if (atTick < wakeTick && !firing) {
      wakeTick = atTick;
      alarm.set(epoch + (atTick << TICK_BITS), () -> wake(atTick));
    }
  }

  private void wake(long atTick) {
    if (atTick == wakeTick) { // else a later call asked for an earlier time, and that one goes on
      run();
    }
  }

  /// What wakes a wheel.
  @FunctionalInterface
  public interface Alarm {
    /// Never rings: the owner of the wheel runs it by hand.
    Alarm NONE = (_, _) -> {};

    /// Runs the task at this time or shortly after.
    void set(long millis, Runnable task);

    /// An alarm by an event loop's own schedule.
    static Alarm on(EventLoop loop, Clock clock) {
      return (millis, task) ->
          loop.schedule(task, Math.max(0, millis - clock.millis()), TimeUnit.MILLISECONDS);
    }
  }

  /// A timer. It is linked into a ring while it is armed, and points to itself while not.
  public abstract static class Node {
    private Node next = this;
    private Node previous = this;
    private long dueTick;
    private int slot;

    /// The deadline has come. The timer is not armed any more, and may be armed again from here.
    protected abstract void fire();

    /// Whether it is to fire.
    @SuppressWarnings("ReferenceEquality") // a ring is about identity
    public final boolean isArmed() {
      return next != this;
    }

    private void linkBefore(Node other) {
      previous = other.previous;
      next = other;
      other.previous.next = this;
      other.previous = this;
    }

    private void unlink() {
      previous.next = next;
      next.previous = previous;
      next = this;
      previous = this;
    }
  }

  /// The fixed point of a slot's ring.
  private static final class Slot extends Node {
    @Override
    protected void fire() {
      throw new IllegalStateException("a slot is no timer");
    }
  }
}
