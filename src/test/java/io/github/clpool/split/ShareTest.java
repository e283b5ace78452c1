package io.github.clpool.split;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ShareTest {
  @Test
  void proportions() {
    assertEquals(List.of(new Share(0, 0, 2), new Share(1, 2, 4)), Share.of(6, 1, 2));
    assertEquals(List.of(new Share(1, 0, 1)), Share.of(1, 1, 2));
    assertEquals(List.of(new Share(0, 0, 1)), Share.of(1, 1, 1));
    assertEquals(List.of(new Share(0, 0, 3), new Share(2, 3, 1)), Share.of(4, 3, 0, 1));
    assertEquals(List.of(new Share(0, 0, 9)), Share.of(9, 100, 1));
    assertEquals(List.of(), Share.of(0, 1, 1));
    assertEquals(
        List.of(new Share(0, 0, 1L << 40), new Share(1, 1L << 40, 1L << 40)),
        Share.of(1L << 41, 0.1, 0.1));
  }

  /** Nothing is left out, and no other split would be done sooner. */
  @Test
  void noPositionWouldBeDoneSoonerElsewhere() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 2_000; round++) {
      double[] speeds = random.doubles(1 + random.nextInt(5), 0.01, 10).toArray();
      long batch = random.nextInt(1, 100);
      List<Share> shares = Share.of(batch, speeds);
      String what =
          "seed " + seed + ": " + batch + " by " + DoubleStream.of(speeds).boxed().toList();
      long next = 0;
      double end = 0;
      long[] counts = new long[speeds.length];
      for (Share share : shares) {
        assertEquals(next, share.first(), what);
        assertTrue(share.count() > 0, what);
        next += share.count();
        counts[share.device()] = share.count();
        end = Math.max(end, share.count() / speeds[share.device()]);
      }
      assertEquals(batch, next, what);
      for (int device = 0; device < speeds.length; device++) {
        assertTrue((counts[device] + 1) / speeds[device] >= end * (1 - 1e-12), what);
      }
    }
  }
}
