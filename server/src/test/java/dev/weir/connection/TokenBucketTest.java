package dev.weir.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.weir.config.LocalRateLimitConfig.Bucket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long MILLI = 1_000_000;

  private static int taken(TokenBucket bucket, long now) {
    int taken = 0;
    while (bucket.take(now)) {
      taken++;
    }
    return taken;
  }

  @Test
  void itBeginsFullAndFillsSteadily() {
    var bucket = new TokenBucket(new Bucket(3, 2, Duration.ofMillis(100)), 0);
    assertEquals(3, taken(bucket, 0));
    assertEquals(0, taken(bucket, 49 * MILLI));
    assertEquals(1, taken(bucket, 50 * MILLI));
    assertEquals(2, taken(bucket, 150 * MILLI));
  }

  @Test
  void itNeverHoldsMoreThanItsMost() {
    var bucket = new TokenBucket(new Bucket(3, 1, Duration.ofMillis(100)), 0);
    assertEquals(3, taken(bucket, 0));
    assertEquals(3, taken(bucket, 3_600_000 * MILLI));
  }

  @Test
  void anEmptyOneGivesNothing() {
    assertFalse(new TokenBucket(new Bucket(0, 1, Duration.ofMillis(100)), 0).take(Long.MAX_VALUE));
  }
}
