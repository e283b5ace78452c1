package io.github.clpool.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Axes near 2^31 cells, against the definition in 64 bits. */
class HugeGeometryTest {
  private static final int MAX = Integer.MAX_VALUE;

  private record Sizes(int in, int k, int s, int before, int after, int d, boolean ceil) {
    long outputs() {
      long room = (long) in + before + after - (long) d * (k - 1) - 1 + (ceil ? s - 1 : 0);
      long out = Math.floorDiv(room, (long) s) + 1;
      return ceil && (out - 1) * s >= (long) in + before ? out - 1 : out;
    }

    AxisRegions axis() {
      Window window =
          Regions.window(k)
              .stride(s)
              .dilation(d)
              .padding(new int[] {before}, new int[] {after})
              .widePadding();
      return (ceil ? window.ceilMode() : window).geometry(Shape.of(1, 1, in)).w();
    }
  }

  private static List<Integer> near(long... centres) {
    TreeSet<Integer> all = new TreeSet<>();
    for (long centre : centres) {
      for (long i = centre - 4; i <= centre + 4; i++) {
        if (i >= 0 && i <= MAX) {
          all.add((int) i);
        }
      }
    }
    return new ArrayList<>(all);
  }

  private static void check(Sizes sizes) {
    AxisRegions axis = sizes.axis();
    assertEquals(sizes.outputs(), axis.outputSize(), sizes::toString);
    for (int o : near(0, sizes.outputs() / 2, sizes.outputs() - 1)) {
      if (o < sizes.outputs()) {
        checkOutput(sizes, axis, o);
      }
    }
    long[] edges = {
      0,
      sizes.in / 2,
      sizes.in - 1L,
      sizes.d,
      sizes.s,
      sizes.in - (long) sizes.d,
      sizes.in - sizes.s
    };
    for (int x : near(edges)) {
      if (x < sizes.in) {
        checkCell(sizes, axis, x);
      }
    }
  }

  private static void checkOutput(Sizes z, AxisRegions axis, int o) {
    List<Long> inside = new ArrayList<>();
    int padded = 0;
    for (int j = 0; j < z.k; j++) {
      long position = (long) o * z.s - z.before + (long) j * z.d;
      padded += position >= -z.before && position < (long) z.in + z.after ? 1 : 0;
      if (position >= 0 && position < z.in) {
        inside.add(position);
      }
    }
    List<Long> found = new ArrayList<>();
    for (int j = axis.firstTap(o); j < axis.endTap(o); j++) {
      found.add(axis.origin(o) + (long) j * axis.step());
    }
    assertEquals(inside, found, () -> z + ": output " + o);
    assertEquals(padded, axis.paddedTaps(o), () -> z + ": padded taps of output " + o);
  }

  private static void checkCell(Sizes z, AxisRegions axis, int x) {
    TreeSet<Long> outputs = new TreeSet<>();
    for (int j = 0; j < z.k; j++) {
      long start = (long) x + z.before - (long) j * z.d;
      if (start >= 0 && start % z.s == 0 && start / z.s < axis.outputSize()) {
        outputs.add(start / z.s);
      }
    }
    TreeSet<Long> found = new TreeSet<>();
    for (int i = 0; i < axis.covers(x); i++) {
      found.add(axis.firstCover(x) + (long) i * axis.coverStep());
    }
    assertEquals(outputs, found, () -> z + ": cell " + x);
  }

  @Test
  void windowsNearTheLimit() {
    for (boolean ceil : new boolean[] {false, true}) {
      check(new Sizes(MAX - 10, 3, 1, 1, 1, 1, ceil));
      check(new Sizes(MAX - 10, 3, 2, 1, 1, 1, ceil));
      check(new Sizes(MAX - 20, 4, 3, 2, 2, 2, ceil));
      check(new Sizes(1_000_000_000, 2, 1, 0, 0, 900_000_000, ceil));
      check(new Sizes(700_000_000, 3, 2, 500_000_000, 1, 350_000_000, ceil));
      check(new Sizes(1_000_000_000, 3, 1_000_000_000, 1, 1, 1, ceil));
      check(new Sizes(600_000_000, 3, 300_000_000, 0, 7, 200_000_000, ceil));
      check(new Sizes(5, 2, 1, 0, 1_000_000_000, 1_000_000_000, ceil));
      check(new Sizes(5, 2, 3, 500_000_000, 500_000_000, 1_000_000_000, ceil));
    }
  }

  @Test
  void globalOverAHugePlane() {
    AxisRegions axis = Regions.global().geometry(Shape.of(1, 1, MAX)).w();
    assertEquals(1, axis.outputSize());
    assertEquals(0, axis.firstTap(0));
    assertEquals(MAX, axis.endTap(0));
    for (int x : List.of(0, 1, MAX / 2, MAX - 2, MAX - 1)) {
      assertEquals(1, axis.covers(x));
      assertEquals(0, axis.firstCover(x));
    }
    assertTrue(axis.isDisjoint());
  }

  @Test
  void adaptiveProductsAreComputedIn64Bits() {
    int in = 200_003;
    int out = 150_001; // in * out is far above 2^31
    AxisRegions axis = Regions.adaptive(out).geometry(Shape.of(1, 1, in)).w();
    for (int o = 0; o < out; o += 997) {
      long start = Math.floorDiv((long) o * in, (long) out);
      long end = -Math.floorDiv(-((o + 1L) * in), (long) out);
      assertEquals(start, axis.origin(o));
      assertEquals(end - start, axis.endTap(o));
    }
    for (int x = 0; x < in; x += 997) {
      long first = Math.floorDiv((long) x * out, (long) in);
      long end = -Math.floorDiv(-((x + 1L) * out), (long) in);
      assertEquals(first, axis.firstCover(x));
      assertEquals(end - first, axis.covers(x));
    }
  }

  @Test
  void moreSamplesThanAnArrayHoldsAreRefused() {
    Shape shape = Shape.of(1L << 20, 1L << 11, 1);
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> Fractional.samples(shape, RandomKey.of(1)))
            .getMessage();
    assertTrue(message.startsWith("input has shape 1048576x2048x1, but"), message);
  }

  @Test
  void whatDoesNotFitIntoIntIsRefused() {
    Shape shape = Shape.of(1, 1, MAX - 5);
    for (Window window :
        List.of(
            Regions.window(100).stride(1),
            Regions.window(MAX),
            Regions.window(2).dilation(MAX).stride(1),
            Regions.window(1).stride(MAX),
            Regions.window(MAX).stride(MAX).dilation(MAX),
            Regions.window(3).stride(1).dilation(MAX).same())) {
      assertThrows(IllegalArgumentException.class, () -> window.geometry(shape), window::toString);
    }
  }
}
