package io.github.clpool.parity;

import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.Role;
import io.github.clpool.op.Window;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.math.BigInteger;
import java.util.List;

/**
 * Draws the positions of an unpooling: uniform data have a cell of each value's window, as a
 * pooling would choose it; others any cell too, and sometimes -1. Equal ones come up unless they
 * are promised to be distinct.
 */
final class Positions implements TestInputs.Parameter {
  private static final int NONE = -1;

  @Override
  public Elements elements(Case subject, Role role, Shape shape, boolean subnormals) {
    Elements elements = Elements.room(DataType.INT32, shape);
    Layout layout = subject.layout();
    MaxUnpool unpool = (MaxUnpool) subject.operator();
    for (long n = 0; n < shape.n(); n++) {
      for (long c = 0; c < shape.c(); c++) {
        long at = layout.planeOffset(shape, n, c);
        long seed = Recipe.mix(TestInputs.seed(subject, role) ^ Recipe.mix(n * 1021 + c));
        Plane plane = new Plane(unpool, subject.recipe(), shape, unpool.outputShape(shape), seed);
        for (int i = 0; i < shape.planeSize(); i++, at += layout.cellStride(shape)) {
          elements.set((int) at, plane.position(i));
        }
      }
    }
    return elements;
  }

  /** The positions of one plane. */
  private record Plane(MaxUnpool unpool, Recipe recipe, Shape input, Shape output, long seed) {
    int position(int i) {
      long random = Recipe.mix(seed + i);
      if (random >>> 61 == 0 && recipe != Recipe.UNIFORM) {
        return NONE;
      }
      boolean windows = unpool.window().isPresent();
      if (unpool.distinctPositions()) {
        return windows && disjoint(unpool.window().get()) ? inWindow(i, random) : shuffled(i);
      }
      return switch (recipe) {
        case INTEGERS -> below(Math.min(3, output.planeSize()), random);
        case EQUAL -> below(output.planeSize(), Recipe.mix(seed));
        default ->
            windows && (recipe == Recipe.UNIFORM || (seed & 1) == 0)
                ? inWindow(i, random)
                : below(output.planeSize(), random);
      };
    }

    private static int below(int bound, long random) {
      return (int) Math.floorMod(random, (long) bound);
    }

    /** A different cell for each value, as far as there are cells. */
    private int shuffled(int i) {
      long cells = output.planeSize();
      long factor = cells / 2 + below((int) cells, seed) / 2 + 1;
      while (!BigInteger.valueOf(factor).gcd(BigInteger.valueOf(cells)).equals(BigInteger.ONE)) {
        factor++;
      }
      return i < cells ? (int) ((i * factor + (seed >>> 40)) % cells) : NONE;
    }

    private boolean disjoint(Window window) {
      boolean disjoint = true;
      for (int axis = 0; axis < input.axes(); axis++) {
        disjoint &= stride(window, axis) >= at(window.kernel(), axis);
      }
      return disjoint;
    }

    private int inWindow(int i, long random) {
      Window window = unpool.window().orElseThrow();
      int position = 0;
      int outer = input.planeSize();
      int rest = i;
      for (int axis = 0; axis < input.axes(); axis++) {
        outer /= input.spatial(axis);
        int start = rest / outer * stride(window, axis) - at(window.before(), axis);
        rest %= outer;
        int size = output.spatial(axis);
        int first = Math.max(start, 0);
        int end = Math.min(start + at(window.kernel(), axis), size);
        int cell = first + below(end - first, random >>> 8 * axis);
        position = position * size + cell;
      }
      return position;
    }

    private static int stride(Window window, int axis) {
      return at(window.stride().isEmpty() ? window.kernel() : window.stride(), axis);
    }

    private static int at(List<Integer> values, int axis) {
      return values.size() == 1 ? values.get(0) : values.get(axis);
    }
  }
}
