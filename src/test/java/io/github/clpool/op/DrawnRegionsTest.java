package io.github.clpool.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.exact.Philox;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Regions whose places are drawn, against membership loops that know only the definition. */
class DrawnRegionsTest {
  private static final double[] SAMPLES = {
    0, 0.25, 0.5, 0.625, 0.9, Math.nextDown(1f), Math.nextDown(1.0)
  };

  private static List<Integer> range(int start, int length) {
    return IntStream.range(start, start + length).boxed().toList();
  }

  /** PyTorch's generate_intervals for float. */
  private static List<List<Integer>> fractional(float u, int in, int out, int k) {
    List<List<Integer>> taps = new ArrayList<>();
    if (out > 1) {
      float alpha = (float) (in - k) / (float) (out - 1);
      for (int i = 0; i < out - 1; i++) {
        int start = (int) ((i + u) * alpha) - (int) (u * alpha);
        taps.add(range(Math.min(start, in - k), k));
      }
    }
    taps.add(range(in - k, k));
    return taps;
  }

  private static List<List<Integer>> fractional(double u, int in, int out, int k) {
    List<List<Integer>> taps = new ArrayList<>();
    if (out > 1) {
      double alpha = (double) (in - k) / (out - 1);
      for (int i = 0; i < out - 1; i++) {
        int start = (int) ((i + u) * alpha) - (int) (u * alpha);
        taps.add(range(Math.min(start, in - k), k));
      }
    }
    taps.add(range(in - k, k));
    return taps;
  }

  @Test
  void fractionalRegionsAreWhatPyTorchGenerates() {
    for (int in = 1; in <= 24; in++) {
      for (int k = 1; k <= Math.min(in, 5); k++) {
        for (int out = 1; out <= in - k + 1; out++) {
          for (double u : SAMPLES) {
            check((float) u == 1 ? Math.nextDown(1f) : (float) u, in, out, k);
            checkDouble(u, in, out, k);
          }
        }
      }
    }
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 8; i++) {
      int in = random.nextInt(1_000, 3_000);
      int out = random.nextInt(in / 2, in - 4);
      check(random.nextInt(1 << 24) * 0x1p-24f, in, out, random.nextInt(1, 5));
    }
  }

  /** Where rounding to float brings starts closer than a cell. */
  @Test
  void coversOfLongAxesStayWithinTheirBound() {
    for (int in : new int[] {1 << 20, (1 << 22) - 1, 1 << 22}) {
      for (int fewer : new int[] {0, 1, 3, in / 1000, in / 3}) {
        for (float u : new float[] {0, 0.3f, Math.nextDown(1f)}) {
          Shape shape = Shape.of(1, 1, in);
          Fractional regions = Regions.fractional(2).outputSize(in - 1 - fewer);
          AxisRegions axis = regions.places(shape, DataType.FLOAT32, u).of(0, 0).w();
          int most = regions.geometry(shape).w().maxCovers();
          int covers = IntStream.range(0, in).map(axis::covers).max().orElseThrow();
          assertTrue(covers <= most, () -> regions + " at " + u + " covers " + covers);
        }
      }
    }
  }

  private static void check(float u, int in, int out, int k) {
    check(DataType.FLOAT32, u, fractional(u, in, out, k), in, out, k);
  }

  private static void checkDouble(double u, int in, int out, int k) {
    check(DataType.FLOAT64, u, fractional(u, in, out, k), in, out, k);
  }

  private static void check(
      DataType type, double u, List<List<Integer>> taps, int in, int out, int k) {
    Shape shape = Shape.of(1, 1, in);
    Fractional regions = Regions.fractional(k).outputSize(out);
    AxisRegions axis = regions.places(shape, type, u).of(0, 0).w();
    Membership.check(regions + " of " + in + " at " + u, axis, in, taps, 1, 0, 0);
    AxisRegions sizes = regions.geometry(shape).w();
    assertEquals(axis.outputSize(), sizes.outputSize());
    assertEquals(axis.maxTaps(), sizes.maxTaps());
    for (int x = 0; x < in; x++) {
      assertTrue(axis.covers(x) <= sizes.maxCovers(), () -> regions + " of " + in + " at " + u);
    }
  }

  @Test
  void everyPlaneHasItsOwnSamplesInPyTorchsOrder() {
    Shape shape = Shape.of(2, 2, 9, 11);
    Fractional regions = Regions.fractional(2, 3).outputSize(4, 5);
    double[] samples = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8};
    Places places = regions.places(shape, DataType.FLOAT64, samples);
    assertTrue(places.perPlane());
    for (int plane = 0; plane < 4; plane++) {
      Geometry geometry = places.of(plane / 2, plane % 2);
      double ofWidth = samples[2 * plane];
      double ofHeight = samples[2 * plane + 1];
      Membership.check("h", geometry.h(), 9, fractional(ofHeight, 9, 4, 2), 1, 0, 0);
      Membership.check("w", geometry.w(), 11, fractional(ofWidth, 11, 5, 3), 1, 0, 0);
    }
    Shape solid = Shape.unbatched(1, 5, 6, 7);
    Geometry geometry =
        Regions.fractional(2).outputSize(3).places(solid, DataType.FLOAT64, 0.1, 0.5, 0.9).of(0, 0);
    Membership.check("d", geometry.d(), 5, fractional(0.1, 5, 3, 2), 1, 0, 0);
    Membership.check("h", geometry.h(), 6, fractional(0.5, 6, 3, 2), 1, 0, 0);
    Membership.check("w", geometry.w(), 7, fractional(0.9, 7, 3, 2), 1, 0, 0);
  }

  @Test
  void samplesComeFromTheirStreamOutermostAxisFirst() {
    RandomKey key = new RandomKey(42, 7);
    Philox philox = new Philox(42, 7, Philox.Stream.FRACTIONAL);
    double[] flat = Fractional.samples(Shape.of(2, 3, 9, 9), key);
    double[] solid = Fractional.samples(Shape.unbatched(3, 9, 9, 9), key);
    for (int plane = 0; plane < 6; plane++) {
      assertEquals(philox.uniform(2 * plane), flat[2 * plane + 1], "height");
      assertEquals(philox.uniform(2 * plane + 1), flat[2 * plane], "width");
    }
    for (int i = 0; i < 9; i++) {
      assertEquals(philox.uniform(i), solid[i]);
    }
  }

  @Test
  void anOutputRatioIsRoundedDown() {
    Shape shape = Shape.of(1, 1, 10, 7);
    assertEquals(Shape.of(1, 1, 7, 4), Regions.fractional(2).outputRatio(0.7).outputShape(shape));
    assertEquals(
        Shape.of(1, 1, 2, 5), Regions.fractional(2).outputRatio(0.25, 0.75).outputShape(shape));
  }

  /** A start wins if fewer than grid / kernel of its grid cell are before it. */
  private static List<List<Integer>> sampled(RandomKey key, int axis, int in, int g, int k) {
    Philox philox = new Philox(key.seed(), key.call(), Philox.Stream.SAMPLED);
    List<List<Integer>> taps = new ArrayList<>();
    for (int start = 0; start <= in - k; start++) {
      int before = 0;
      for (int other = start / g * g; other < start / g * g + g && other <= in - k; other++) {
        int order =
            Integer.compareUnsigned(
                philox.word(((long) axis << 32) | other), philox.word(((long) axis << 32) | start));
        before += order < 0 || order == 0 && other < start ? 1 : 0;
      }
      if (before < g / k) {
        taps.add(range(start, k));
      }
    }
    return taps;
  }

  @Test
  void sampledRegionsAreTheSmallestWordsOfEachGridCell() {
    for (int k = 1; k <= 5; k++) {
      for (int g = k; g <= 20; g += k) {
        for (int in = g; in <= 60; in += g) {
          RandomKey key = new RandomKey(in, g);
          Shape shape = Shape.of(2, 3, in, in);
          Sampled regions = Regions.sampled(g, k);
          Geometry geometry = regions.geometry(shape, key);
          String what = regions + " of " + in;
          Membership.check(what, geometry.h(), in, sampled(key, 0, in, g, k), 1, 0, 0);
          Membership.check(what, geometry.w(), in, sampled(key, 1, in, g, k), 1, 0, 0);
          AxisRegions sizes = regions.geometry(shape).w();
          assertEquals(in / g * (g / k), sizes.outputSize());
          for (int x = 0; x < in; x++) {
            assertTrue(geometry.w().covers(x) <= sizes.maxCovers(), what);
          }
        }
      }
    }
  }

  @Test
  void everyStartOfAGridCellIsAsLikely() {
    int calls = 4000;
    int[] counts = new int[8]; // the second of three grid cells of 8 has all its starts
    for (int call = 0; call < calls; call++) {
      AxisRegions axis =
          Regions.sampled(8, 4).geometry(Shape.of(1, 1, 24), new RandomKey(9, call)).w();
      for (int o = 0; o < axis.outputSize(); o++) {
        int start = axis.origin(o) - 8;
        if (start >= 0 && start < 8) {
          counts[start]++;
        }
      }
    }
    double expected = calls * 2 / 8.0;
    double chiSquare =
        Arrays.stream(counts).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
    assertTrue(chiSquare < 24.3, () -> Arrays.toString(counts)); // 7 degrees of freedom, 0.1 %
  }

  @Test
  void sizesAreKnownBeforeThePlaces() {
    AxisRegions axis = Regions.fractional(3).outputSize(4).geometry(Shape.of(1, 1, 9)).w();
    assertEquals(4, axis.outputSize());
    assertEquals(3, axis.taps(1));
    assertThrows(IllegalStateException.class, () -> axis.origin(1));
    assertThrows(IllegalStateException.class, () -> axis.covers(1));
  }
}
