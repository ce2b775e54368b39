package dev.weir.lab;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// Waits for what happens in another process, where there is nothing to be notified by.
final class Await {

  /// Long enough for a slow machine; nobody waits this long unless something is broken.
  static final Duration DEADLINE = Duration.ofSeconds(30);

  private static final Duration INTERVAL = Duration.ofMillis(10);

  private Await() {}

  /// Asks again and again until the answer is the wanted one; exceptions count as another answer.
  ///
  /// @return the wanted answer
  /// @throws AssertionError with the last answer, when the deadline has passed
  static <T> T until(String what, Callable<T> question, Predicate<T> wanted) {
    var end = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      Object last;
      try {
        var answer = question.call();
        if (wanted.test(answer)) {
          return answer;
        }
        last = answer;
      } catch (Exception e) {
        last = e;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain: " + what + "; last seen: " + last);
      }
      LockSupport.parkNanos(INTERVAL.toNanos());
    }
  }

  /// As [#until(String, Callable, Predicate)], for a yes.
  static void until(String what, Callable<Boolean> question) {
    until(what, question, answer -> answer);
  }
}
