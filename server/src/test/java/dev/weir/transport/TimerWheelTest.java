package dev.weir.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// On a clock of its own, run by hand or by an alarm that the test rings.
class TimerWheelTest {
  private static final int TICK = 8;

  private long now = 1_000;
  private final List<Long> alarms = new ArrayList<>();
  private final TimerWheel wheel = new TimerWheel(() -> now, (at, _) -> alarms.add(at));

  private final class Timer extends TimerWheel.Node {
    private final List<Long> firedAt = new ArrayList<>();
    private long again;

    @Override
    protected void fire() {
      firedAt.add(now);
      if (again > 0) {
        wheel.arm(this, now + again);
      }
    }
  }

  private void turn(long millis) {
    now += millis;
    wheel.run();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 8, 9, 500, 511, 512, 513, 32_767, 32_768, 3_600_000, 86_400_000_000L})
  void aTimerFiresWhenItIsDueAndNotBefore(long delay) {
    var timer = new Timer();
    wheel.arm(timer, now + delay);
    turn(delay - 1);
    assertEquals(List.of(), timer.firedAt);
    turn(1 + TICK);
    assertEquals(1, timer.firedAt.size());
    assertEquals(0, wheel.armed());
  }

  @Test
  void manyTimersFireEachInItsTick() {
    var random = new Random(11);
    var timers = new ArrayList<Timer>();
    var due = new ArrayList<Long>();
    for (int i = 0; i < 5_000; i++) {
      long delay = 1 + (long) Math.exp(random.nextDouble() * 16);
      timers.add(new Timer());
      due.add(now + delay);
      wheel.arm(timers.getLast(), now + delay);
    }
    while (wheel.armed() > 0) {
      turn(TICK);
    }
    for (int i = 0; i < timers.size(); i++) {
      long late = timers.get(i).firedAt.getFirst() - due.get(i);
      assertTrue(late >= 0 && late <= TICK, "late by " + late);
      assertEquals(1, timers.get(i).firedAt.size());
    }
  }

  @Test
  void aMovedTimerFiresOnceAtItsLastDeadline() {
    var timer = new Timer();
    wheel.arm(timer, now + 100);
    wheel.arm(timer, now + 10_000);
    turn(5_000);
    assertEquals(List.of(), timer.firedAt);
    wheel.arm(timer, now + 100);
    turn(200);
    turn(60_000);
    assertEquals(1, timer.firedAt.size());
  }

  @Test
  void aDisarmedTimerDoesNotFire() {
    var timer = new Timer();
    wheel.arm(timer, now + 100);
    wheel.disarm(timer);
    wheel.disarm(timer);
    turn(1_000);
    assertEquals(List.of(), timer.firedAt);
    wheel.arm(timer, now + 100);
    wheel.arm(timer, TimerWheel.NEVER);
    assertFalse(timer.isArmed());
    assertEquals(0, wheel.armed());
  }

  @Test
  void aTimerMayArmItselfAgainAndOthersAsItFires() {
    var timer = new Timer();
    timer.again = 1;
    wheel.arm(timer, now + 1);
    for (int i = 0; i < 10; i++) {
      turn(TICK);
    }
    assertEquals(10, timer.firedAt.size());
  }

  @Test
  void aDeadlineInThePastIsDueAtTheNextTick() {
    var timer = new Timer();
    wheel.arm(timer, now - 500);
    turn(TICK);
    assertEquals(1, timer.firedAt.size());
  }

  @Test
  void theAlarmIsSetForTheNearestTimerOnly() {
    wheel.arm(new Timer(), now + 80);
    wheel.arm(new Timer(), now + 160);
    wheel.arm(new Timer(), now + 40);
    assertEquals(List.of(now + 80, now + 40), alarms);
  }
}
