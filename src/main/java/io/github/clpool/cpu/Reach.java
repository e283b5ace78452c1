package io.github.clpool.cpu;

import io.github.clpool.op.AxisRegions;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * What each position along an axis draws from: the taps of an output, or, the other way round, the
 * outputs that cover a cell. Draw {@code i} of target {@code t} is source {@code origin[t] + i *
 * step}; the draws from {@code first[t]} to {@code end[t] - 1} exist, those before the first keep
 * their place in the order of summation. The arrays are not written once made.
 *
 * @param sources the number of sources
 * @param step the distance between neighbouring draws
 * @param origin the source of draw 0 of each target
 * @param first the first draw that exists
 * @param end one after the last draw that exists; at least {@code first}
 */
record Reach(int sources, int step, int[] origin, int[] first, int[] end) {
  static Reach taps(AxisRegions axis) {
    int outputs = axis.outputSize();
    return new Reach(
        axis.inputSize(),
        axis.step(),
        table(outputs, axis::origin),
        table(outputs, axis::firstTap),
        table(outputs, o -> Math.max(axis.firstTap(o), axis.endTap(o))));
  }

  static Reach covers(AxisRegions axis) {
    int cells = axis.inputSize();
    return new Reach(
        axis.outputSize(),
        axis.coverStep(),
        table(cells, axis::firstCover),
        new int[cells],
        table(cells, axis::covers));
  }

  /** One target that draws from every source. */
  static Reach all(int sources) {
    return new Reach(sources, 1, new int[1], new int[1], new int[] {sources});
  }

  private static int[] table(int size, IntUnaryOperator value) {
    return IntStream.range(0, size).map(value).toArray();
  }

  int targets() {
    return origin.length;
  }

  int source(int target, int draw) {
    return origin[target] + draw * step;
  }

  /** The number of draws that exist. */
  int draws(int target) {
    return end[target] - first[target];
  }

  boolean isEmpty(int target) {
    return first[target] == end[target];
  }

  /** The first source that exists; the one behind the last if there is none. */
  int firstSource(int target) {
    return source(target, first[target]);
  }

  /** The distance from the first source that exists to the last, negative if there is none. */
  int span(int target) {
    return (end[target] - 1 - first[target]) * step;
  }

  /** The most sources that a target has from its first one to its last; at least 1. */
  int longest() {
    return IntStream.range(0, targets()).map(target -> span(target) + 1).reduce(1, Math::max);
  }

  /** Whether a source at some distance from the first is drawn from. */
  boolean isOn(int distance, int span) {
    return distance >= 0 && distance <= span && (step == 1 || distance % step == 0);
  }
}
