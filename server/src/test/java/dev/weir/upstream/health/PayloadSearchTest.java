package dev.weir.upstream.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadSearchTest {

  private static boolean found(List<String> blocks, List<String> stream) {
    var hex =
        blocks.stream()
            .map(block -> HexFormat.of().formatHex(block.getBytes(StandardCharsets.US_ASCII)))
            .toList();
    var search = new PayloadSearch(PayloadSearch.blocks(hex));
    boolean done = search.isDone();
    for (var part : stream) {
      done = search.feed(Unpooled.copiedBuffer(part, StandardCharsets.US_ASCII));
    }
    return done;
  }

  @ParameterizedTest
  @CsvSource({
    "AB,       xABy,     true",
    "AB,       A.B,      false",
    "AB CD,    ABCD,     true",
    "AB CD,    AB--CD--, true",
    "AB CD,    CDAB,     false",
    "AB AB,    AB,       false",
    "AAB,      AAAB,     true",
    "ABAB BA,  ABABA,    false",
    "ABAB BA,  ABABBA,   true"
  })
  void blocksComeInOrderAndNeedNotTouch(String blocks, String stream, boolean expected) {
    assertEquals(expected, found(List.of(blocks.split(" ")), List.of(stream)));
    assertEquals(expected, found(List.of(blocks.split(" ")), List.of(stream.split(""))));
  }

  @Test
  void itFindsWhatALookAtTheWholeStreamFinds() {
    long seed = System.nanoTime();
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 2_000; i++) {
      var blocks = new ArrayList<String>();
      for (int n = random.nextInt(1, 4); n > 0; n--) {
        blocks.add(letters(random, random.nextInt(1, 5)));
      }
      var stream = letters(random, 12);
      int at = 0;
      for (var block : blocks) {
        int start = at < 0 ? -1 : stream.indexOf(block, at);
        at = start < 0 ? -1 : start + block.length();
      }
      int cut = random.nextInt(stream.length());
      assertEquals(
          at >= 0,
          found(blocks, List.of(stream.substring(0, cut), stream.substring(cut))),
          () -> "seed " + seed + ": " + blocks + " in " + stream);
    }
  }

  private static String letters(SplittableRandom random, int length) {
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) ('A' + random.nextInt(2)));
    }
    return text.toString();
  }
}
