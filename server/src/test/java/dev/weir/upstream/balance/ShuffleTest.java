package dev.weir.upstream.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShuffleTest {

  private static String order(long seed, int bound, int from) {
    var shuffle = new Shuffle(bound).begin(seed);
    var order = new StringBuilder();
    for (int i = 0; i < bound; i++) {
      int number = shuffle.next();
      if (i >= from) {
        order.append(order.isEmpty() ? "" : " ").append(number);
      }
    }
    return order.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 5 6 7 8 2 9 3 0 1 4",
    "1, 4 9 7 1 0 5 2 3 8 6",
    "5489, 8 2 9 0 4 1 5 7 6 3",
    "1311768467463790320, 5 1 3 4 2 9 7 8 0 6",
    "-1, 0 2 9 6 8 7 1 3 4 5",
  })
  void aSeedHasItsOrder(long seed, String order) {
    assertEquals(order, order(seed, 10, 0));
  }

  @Test
  void longOrdersAreRightToTheEnd() {
    assertEquals("580 555 169 269 632", order(7, 700, 695));
  }

  @Test
  void itBeginsAnewWithEverySeed() {
    var shuffle = new Shuffle(10);
    int first = shuffle.begin(3).next();
    shuffle.begin(4).next();
    assertEquals(first, shuffle.begin(3).next());
  }
}
