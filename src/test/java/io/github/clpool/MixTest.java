package io.github.clpool;

import static io.github.clpool.op.Role.CHOICE;
import static io.github.clpool.op.Role.GRAD_INPUT;
import static io.github.clpool.op.Role.GRAD_WEIGHTS;
import static io.github.clpool.op.Role.INPUT;
import static io.github.clpool.op.Role.OUTPUT;
import static io.github.clpool.op.Role.WEIGHTS;
import static io.github.clpool.tensor.DataType.FLOAT16;
import static io.github.clpool.tensor.DataType.FLOAT32;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.exact.Philox;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Maximum and average mixed: hand arithmetic. */
class MixTest extends OnEveryDevice {
  private static final double[] X = of(1, 2, 3, 4); // maximum 4, average 2.5

  MixTest(String device) {
    super(device);
  }

  private static Map<Role, double[]> mix(String options, double... g) {
    return train(FLOAT32, "mix " + options + " window=2", "1x1x2x2", Map.of(INPUT, X), g);
  }

  private static Map<Role, double[]> mix(
      String options, String shape, double[] x, double[] weights, double... g) {
    return train(FLOAT32, "mix " + options, shape, Map.of(INPUT, x, WEIGHTS, weights), g);
  }

  @Test
  void fixedShares() {
    assertArrayEquals(of(6.5), mix("add", 1).get(OUTPUT));
    assertArrayEquals(of(3.25), mix("mean", 1).get(OUTPUT));
    assertArrayEquals(of(5.5), mix("a=2 b=-1", 1).get(OUTPUT));
    assertArrayEquals(of(1, 1, 1, 5), mix("add", 4).get(GRAD_INPUT));
    assertArrayEquals(of(.5, .5, .5, 2.5), mix("mean", 4).get(GRAD_INPUT));
    assertArrayEquals(of(-1, -1, -1, 7), mix("a=2 b=-1", 4).get(GRAD_INPUT));
  }

  @Test
  void paddingCountsForTheAverageIfAskedFor() {
    String window = " window=2 padding=1";
    assertArrayEquals(of(1, 3), run("mix mean" + window, "1x1x2", 1, 3));
    assertArrayEquals(of(.75, 2.25), run("mix mean countIncludePad" + window, "1x1x2", 1, 3));
    assertArrayEquals(
        of(2.5), run("mix mean countIncludePad global", "1x1x3", 2, 1, 3)); // no window
    assertArrayEquals(
        of(.5, -1, 1, -2), run("mix cat=avg-max countIncludePad" + window, "1x2x1", 1, -2));
  }

  @Test
  void catGivesBothHalvesOfTheChannels() {
    double[] x = of(1, 2, -5, 3, 7, 8, 0, 0);
    Map<Role, double[]> avgFirst =
        train(
            FLOAT32, "mix cat=avg-max window=2", "2x2x2", Map.of(INPUT, x), 1, 2, 3, 4, 5, 6, 7, 8);
    assertArrayEquals(of(1.5, -1, 2, 3, 7.5, 0, 8, 0), avgFirst.get(OUTPUT));
    assertArrayEquals(of(.5, 3.5, 1, 5, 2.5, 9.5, 11, 3), avgFirst.get(GRAD_INPUT));
    Map<Role, double[]> maxFirst =
        train(
            FLOAT32, "mix cat=max-avg window=2", "2x2x2", Map.of(INPUT, x), 3, 4, 1, 2, 7, 8, 5, 6);
    assertArrayEquals(of(2, 3, 1.5, -1, 8, 0, 7.5, 0), maxFirst.get(OUTPUT));
    assertArrayEquals(avgFirst.get(GRAD_INPUT), maxFirst.get(GRAD_INPUT));
  }

  @Test
  void alphaIsLearned() {
    Map<Role, double[]> found = mix("alpha window=2", "1x1x2x2", X, of(.25), 2);
    assertArrayEquals(of(2.875), found.get(OUTPUT));
    assertArrayEquals(of(.375, .375, .375, .875), found.get(GRAD_INPUT));
    assertArrayEquals(of(3), found.get(GRAD_WEIGHTS));
    // two channels of two positions: shared, then one for each
    double[] x = of(1, 3, 2, 8, 0, 2, 5, 5);
    Map<Role, double[]> shared = mix("alpha global", "2x2x2", x, of(.5), 1, 10, 100, 1000);
    assertArrayEquals(of(2.5, 6.5, 1.5, 5), shared.get(OUTPUT));
    assertArrayEquals(of(131), shared.get(GRAD_WEIGHTS));
    Map<Role, double[]> own = mix("alpha global", "2x2x2", x, of(1, 0), 1, 10, 100, 1000);
    assertArrayEquals(of(3, 5, 2, 5), own.get(OUTPUT));
    assertArrayEquals(of(101, 30), own.get(GRAD_WEIGHTS));
  }

  @Test
  void gateWithoutWeightsIsTheMean() {
    Map<Role, double[]> found = mix("gated window=2", "1x1x2x2", X, of(0, 0, 0, 0), 1);
    assertArrayEquals(of(3.25), found.get(OUTPUT));
    assertArrayEquals(of(.125, .125, .125, .625), found.get(GRAD_INPUT));
    assertArrayEquals(of(.375, .75, 1.125, 1.5), found.get(GRAD_WEIGHTS)); // (1/4) (4 - 2.5) x
  }

  @Test
  void gateByTheFormula() {
    double[] w = of(.5, -.25, 1, -.75);
    double t = 1 / (1 + Math.exp(-(.5 - .5 + 3 - 3)));
    double u = 1 / (1 + Math.exp(-1));
    assertEquals(.5, t);
    Map<Role, double[]> found = mix("gated window=2", "1x1x2x2", X, of(.5, -.25, 1, -.5), 2);
    assertArrayEquals(of(4 * u + 2.5 * (1 - u)), found.get(OUTPUT), 1e-6);
    double k = 2 * u * (1 - u) * 1.5;
    double share = 2 * (1 - u) / 4;
    assertArrayEquals(
        of(share + .5 * k, share - .25 * k, share + k, share + 2 * u - .5 * k),
        found.get(GRAD_INPUT),
        1e-6);
    assertArrayEquals(of(k, 2 * k, 3 * k, 4 * k), found.get(GRAD_WEIGHTS), 2e-6);
    assertArrayEquals(of(3.25), mix("gated window=2", "1x1x2x2", X, w, 1).get(OUTPUT));
  }

  @Test
  void tapsInThePaddingHaveNoPartInTheGate() {
    // windows of 3 around each of two cells; the weights of the outer taps are 0 where they matter
    Map<Role, double[]> found =
        mix("gated window=3 stride=1 padding=1", "1x1x2", of(2, 2), of(1e30, 0, 0), 1, 1);
    assertArrayEquals(of(2, 2), found.get(OUTPUT));
    assertArrayEquals(of(0, 0, 0), found.get(GRAD_WEIGHTS)); // maximum and average are equal
    Map<Role, double[]> other =
        mix("gated window=3 stride=2 padding=1", "1x1x3", of(0, 4, 8), of(0, 0, 0), 1, 1);
    // outputs {0, 4} and {4, 8}: k = 1/4 * 2 each; taps -1 and 3 are padding
    assertArrayEquals(of(2, 4, 2), other.get(GRAD_WEIGHTS));
  }

  @Test
  void emptyRegionsGiveZeroAndNoGradient() {
    String window = " window=2 stride=1 padding=1 dilation=2"; // its taps are -1 and 1
    for (String options : new String[] {"mean", "add", "random", "mean countIncludePad"}) {
      Map<Role, double[]> found =
          train(FLOAT32, "mix " + options + window, "1x2x1", Map.of(INPUT, of(5, 6)), 1, 1);
      assertArrayEquals(of(0, 0), found.get(OUTPUT), options);
      assertArrayEquals(of(0, 0), found.get(GRAD_INPUT), options);
    }
    assertArrayEquals(of(0, 0, 0, 0), run("mix cat=max-avg" + window, "1x2x1", 5, 6));
    Map<Role, double[]> alpha = mix("alpha" + window, "1x2x1", of(5, 6), of(.5), 1, 1);
    assertArrayEquals(of(0, 0), alpha.get(OUTPUT));
    assertArrayEquals(of(0), alpha.get(GRAD_WEIGHTS));
    Map<Role, double[]> gated = mix("gated" + window, "1x2x1", of(5, 6), of(1, 1), 1, 1);
    assertArrayEquals(of(0, 0), gated.get(OUTPUT));
    assertArrayEquals(of(0, 0), gated.get(GRAD_WEIGHTS));
  }

  @Test
  void nothingIsRoundedBetweenForwardAndBackward() {
    // in FLOAT16 the average 2049 / 2 is stored as 1024 or 1025; alpha's gradient is 0.5 exactly
    Map<Role, double[]> found =
        train(
            FLOAT16,
            "mix alpha window=2",
            "1x1x2",
            Map.of(INPUT, of(1024, 1025), WEIGHTS, of(0)),
            1);
    assertArrayEquals(of(.5), found.get(GRAD_WEIGHTS));
  }

  @Test
  void gradientsOfAnEmptyBatchAreZero() {
    Map<Role, double[]> alpha = mix("alpha window=2", "0x2x2x2", of(), of(.5, .5));
    assertArrayEquals(of(0, 0), alpha.get(GRAD_WEIGHTS));
    Map<Role, double[]> gated = mix("gated window=2", "0x2x2x2", of(), of(1, 2, 3, 4));
    assertArrayEquals(of(0, 0, 0, 0), gated.get(GRAD_WEIGHTS));
  }

  @Test
  void randomTakesMaximaInSomePlanesAndRecordsIt() {
    for (Layout layout : Layout.values()) {
      boolean channelsFirst = layout == Layout.NCHW;
      float[] x = new float[2 * PLANES]; // in each plane 1 and 3: maximum 3, average 2
      float[] ones = new float[PLANES];
      for (int plane = 0; plane < PLANES; plane++) {
        x[first(plane, layout)] = 1;
        x[first(plane, layout) + (channelsFirst ? 1 : 30)] = 3;
        ones[plane] = 1;
      }
      RandomKey key = new RandomKey(42, 3);
      Operator operator = Operators.parse("mix random global");
      try (Tensor input =
              pooling().tensor(Shape.of(20, 30, 2), layout, FLOAT32, FloatBuffer.wrap(x));
          Pass pass = pooling().forward(operator, Inputs.of(input).key(key));
          Tensor g =
              pooling().tensor(Shape.of(20, 30, 1), layout, FLOAT32, FloatBuffer.wrap(ones));
          Tensor dx = pass.backward(g)) {
        checkChoice(pass, dx.toDoubles(), layout, key);
      }
    }
  }

  private static final int PLANES = 600;

  /** Where the first of the two cells of a plane of 20x30x2 lies. */
  private static int first(int plane, Layout layout) {
    return layout == Layout.NCHW ? 2 * plane : plane / 30 * 60 + plane % 30;
  }

  private static void checkChoice(Pass pass, double[] gradient, Layout layout, RandomKey key) {
    int[] choice = pass.result(CHOICE).toInts();
    double[] y = pass.output().toDoubles();
    Philox draws = new Philox(key.seed(), key.call(), Philox.Stream.PLANES);
    for (int plane = 0; plane < PLANES; plane++) {
      boolean max = choice[plane] == 1;
      assertEquals(draws.uniform(plane) < .5, max);
      assertEquals(max ? 3 : 2, y[plane]);
      int first = first(plane, layout);
      assertEquals(max ? 0 : .5, gradient[first]);
      assertEquals(max ? 1 : .5, gradient[first + (layout == Layout.NCHW ? 1 : 30)]);
    }
    int maxima = Arrays.stream(choice).sum();
    assertTrue(maxima > 240 && maxima < 360, "a fair coin, but " + maxima + " of " + PLANES);
  }
}
