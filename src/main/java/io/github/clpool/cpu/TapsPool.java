package io.github.clpool.cpu;

import io.github.clpool.backend.Computation;
import io.github.clpool.backend.Implementation;
import io.github.clpool.backend.Verdict;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.tensor.Bytes;
import io.github.clpool.tensor.Layout;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Takes regions along one axis after the other, tap by tap, what all outputs have at that tap:
 * those all of which indices are asked for, channels last, and small planes whose windows have many
 * taps along a row.
 */
record TapsPool(Fold fold, Powers powers) implements Implementation<Parallel, Computation> {
  private static final long MOST_ELEMENTS = 1 << 22;
  private static final int MOST_TAPS = 256;

  private static final int SMALL_PLANE = 1 << 13;

  /** Windows of fewer taps along a row are folded faster in bands of rows, channels first. */
  private static final int FEWEST_TAPS = 5;

  /** Folds the cells themselves. */
  TapsPool(Fold fold) {
    this(fold, Powers.FIRST);
  }

  @Override
  public String name() {
    return "taps";
  }

  @Override
  public Verdict accepts(Problem problem, Parallel device) {
    boolean backward = problem.direction() == Direction.BACKWARD;
    boolean indices = problem.has(Role.INDICES);
    if (fold != Fold.SUM && backward) {
      return refuse("a selection's gradient goes to the selected cells only");
    }
    if (!powers.arePlain() && backward) {
      return refuse("the gradient of a norm needs its outputs");
    }
    if (indices && !Selections.has(problem.type())) {
      return refuse("it finds indices of floats only");
    }
    if (problem.pool().regions().isDrawn()) {
      return refuse("the regions are drawn");
    }
    boolean planes = problem.layout() == Layout.NCHW || problem.input().c() == 1;
    if (!indices && planes && !hasEvenRows(problem)) {
      return refuse(
          "neither channels lie side by side, nor are planes small and rows of taps long");
    }
    if (!indices && isLong(problem)) {
      return refuse("a row is so long that its channels would be cut into narrow slabs");
    }
    if (fold == Fold.SUM && isSplit(problem)) {
      return refuse("bands of rows fold windows that share few cells faster");
    }
    long cells = Math.max(problem.input().planeSize(), problem.output().planeSize());
    return cells > MOST_ELEMENTS
        ? refuse("planes of %d cells are above %d".formatted(cells, MOST_ELEMENTS))
        : accepts(problem);
  }

  /**
   * Whether rows of windows may be taken as one, and each tap pays for the copy that this costs.
   */
  private static boolean hasEvenRows(Problem problem) {
    Geometry geometry = problem.pool().geometry(problem.input());
    return geometry.w() instanceof WindowAxis w
        && problem.input().planeSize() <= SMALL_PLANE
        && (w.outputSize() == 1
            ? w.inputSize() >= FEWEST_TAPS
            : w.stride() == 1
                && w.kernel() >= FEWEST_TAPS
                && problem.direction() == Direction.FORWARD);
  }

  private static boolean isLong(Problem problem) {
    return problem.pool().geometry(problem.input()).h().inputSize() == 1
        && TapParts.slabs(problem, footprint(problem)).lanes() < problem.input().c();
  }

  /**
   * Whether windows share few cells: copying what they have at each tap costs more than it saves.
   */
  private static boolean isSplit(Problem problem) {
    Geometry geometry = problem.pool().geometry(problem.input());
    return geometry.w() instanceof WindowAxis w
        && w.stride() > 1
        && w.outputSize() > 1
        && (problem.direction() == Direction.BACKWARD || w.stride() >= w.kernel());
  }

  private Verdict accepts(Problem problem) {
    Footprint footprint = footprint(problem);
    int most = fold == Fold.SUM ? Sums.BLOCK : MOST_TAPS;
    long cells = 1;
    for (Reach reach : List.of(footprint.d(), footprint.h(), footprint.w())) {
      int taps = IntStream.of(reach.end()).max().orElse(0);
      if (taps > most) {
        return refuse("%d taps along an axis are above %d".formatted(taps, most));
      }
      if ((long) taps * reach.targets() > MOST_ELEMENTS) {
        return refuse("an axis has more than %d taps".formatted(MOST_ELEMENTS));
      }
      cells *= Math.max(1, taps);
    }
    if (fold == Fold.SUM && problem.type().isByte() && cells > Bytes.MOST_EXACT_IN_FLOAT) {
      return refuse("float does not hold the sum of %d cells exactly".formatted(cells));
    }
    long elements = TapParts.of(problem, footprint).elements();
    return elements > MOST_ELEMENTS
        ? refuse("parts of %d elements are above %d".formatted(elements, MOST_ELEMENTS))
        : accept("regions, tap by tap");
  }

  private static Footprint footprint(Problem problem) {
    return Footprint.of(problem.pool().geometry(problem.input()), problem.direction());
  }

  @Override
  public Computation plan(Problem problem, Parallel parallel) {
    if (problem.has(Role.INDICES)) {
      return pass(problem, () -> new Selections(problem, fold), parallel);
    }
    Numbers<?> numbers =
        problem.type().isByte() ? new FloatNumbers(problem.type()) : Numbers.of(problem.type());
    return numbers(problem, numbers, parallel);
  }

  private <A> Computation numbers(Problem problem, Numbers<A> numbers, Parallel parallel) {
    return pass(problem, () -> numbers, parallel);
  }

  private <A> Computation pass(Problem problem, Supplier<Elements<A>> elements, Parallel parallel) {
    TapParts parts = TapParts.of(problem, footprint(problem));
    return new TapsPass<>(problem, parts, elements, fold, powers, parallel).computation();
  }
}
