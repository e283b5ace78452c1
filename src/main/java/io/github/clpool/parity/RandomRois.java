package io.github.clpool.parity;

import io.github.clpool.op.Roi;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Draws regions of interest: usual boxes, and such as are partly outside, reversed, tiny or huge,
 * or have whole corners. Large inputs of many channels get as many as detectors give them, and
 * usual ones.
 */
final class RandomRois implements TestInputs.Parameter {
  private static final int[] COUNTS = {6, 1, 2, 3, 5, 0, 9, 20};
  private static final long LARGE = 1 << 22;
  private static final int FEATURES = 64;
  private static final int OF_LARGE = 256; // for each image
  private static final int KINDS = 12;

  private static boolean isLarge(Case subject) {
    return subject.shape().elements() >= LARGE && subject.shape().c() >= FEATURES;
  }

  @Override
  public Shape shape(Case subject, Role role, Map<Role, Shape> given) {
    long images = subject.shape().n();
    int some = COUNTS[(int) Math.floorMod(subject.seed() / 2, (long) COUNTS.length)];
    long count = isLarge(subject) ? OF_LARGE * images : images == 0 ? 0 : some;
    return role == Role.BATCH_INDICES
        ? Shape.array(count)
        : Shape.array(count, given.containsKey(Role.BATCH_INDICES) ? 4 : Roi.NUMBERS);
  }

  @Override
  public Elements elements(Case subject, Role role, Shape shape, boolean subnormals) {
    DataType type = subject.operator().typeOf(role, subject.type());
    Elements elements = Elements.room(type, shape);
    long numbers = role == Role.ROIS ? shape.sizes()[1] : 1;
    for (int k = 0; k < shape.sizes()[0]; k++) {
      double[] row = row(subject, k);
      int first = numbers == 4 ? 1 : 0;
      for (int i = 0; i < numbers; i++) {
        elements.set((int) (k * numbers + i), row[first + i]);
      }
    }
    return elements;
  }

  private static double[] row(Case subject, int k) {
    SplittableRandom random =
        new SplittableRandom(Recipe.mix(TestInputs.seed(subject, Role.ROIS) ^ Recipe.mix(k)));
    Shape shape = subject.shape();
    double scale = ((RoiOperator) subject.operator()).spatialScale();
    double[] x = side(random, shape.w(), isLarge(subject));
    double[] y = side(random, shape.h(), isLarge(subject));
    int image = random.nextInt((int) shape.n());
    return new double[] {image, x[0] / scale, y[0] / scale, x[1] / scale, y[1] / scale};
  }

  /** Both ends along one axis, in cells. */
  private static double[] side(SplittableRandom random, int size, boolean usual) {
    double a = random.nextDouble() * size;
    double b = random.nextDouble() * size;
    double least = Math.min(a, b);
    double greatest = Math.max(a, b);
    return switch (usual ? KINDS : random.nextInt(KINDS)) {
      case 0 -> new double[] {greatest, least};
      case 1 -> new double[] {a, a + random.nextDouble() * 0.1};
      case 2 -> new double[] {-0.5 * size, 1.5 * size};
      case 3 -> new double[] {least - size * 0.5, greatest - size * 0.5};
      case 4 -> new double[] {least + size * 0.5, greatest + size * 0.5};
      case 5 -> new double[] {Math.floor(least), Math.ceil(greatest)};
      case 6 -> new double[] {Math.floor(least) - 0.5, Math.floor(greatest) + 0.5};
      case 7 -> new double[] {2.0 * size, 2.0 * size + least};
      case KINDS -> {
        double length = size * (1 + 4 * random.nextDouble()) / 16;
        double start = random.nextDouble() * (size - length);
        yield new double[] {start, start + length};
      }
      default -> new double[] {least, greatest};
    };
  }
}
