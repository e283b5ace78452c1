package io.github.clpool.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Many exponentials at a time are those that come one by one. */
class ExpsTest {
  private static final long SEED = 8;
  private static final float[] SPECIAL = {
    0f,
    -0f,
    -Float.MIN_VALUE,
    -Float.MIN_NORMAL,
    -87.33655f,
    -87.33654f,
    -103.27893f,
    -103.97208f,
    Math.nextUp(ExactMath.EXP_LOWEST),
    ExactMath.EXP_LOWEST,
    Float.NaN
  };

  @Test
  void expsDownFromZero() {
    SplittableRandom random = new SplittableRandom(SEED);
    float[] x = new float[1 << 20];
    for (int i = 0; i < x.length; i++) {
      // Every exponent as often as any other, or every number.
      float any =
          i % 2 == 0
              ? (float) -Math.scalb(1 + random.nextDouble(), random.nextInt(-149, 6))
              : (float) (-104 * random.nextDouble());
      x[i] = i < SPECIAL.length ? SPECIAL[i] : Math.max(any, ExactMath.EXP_LOWEST);
    }
    float[] results = new float[x.length];
    ExactMath.expsDownFromZero(x, results, x.length);
    for (int i = 0; i < x.length; i++) {
      float one = ExactMath.exp(x[i]);
      int at = i;
      assertEquals(one, results[i], () -> "seed " + SEED + ": exp(" + x[at] + ")");
    }
    assertEquals(0, ExactMath.exp(ExactMath.EXP_LOWEST));
  }
}
