package io.github.clpool.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the sources of some neighbouring targets along an axis lie, tap by tap, as runs of equal
 * steps. The arrays are not written once made.
 *
 * @param firstTarget the first target
 * @param targets how many
 * @param firstSource the first source that one of them has
 * @param sources how many from there to the last one
 * @param step the distance between the sources of neighbouring taps
 * @param origins for each target the source of tap 0; may not exist
 * @param runs for each tap the targets that have it, with their sources; both count from the first
 * @param full for each tap whether all targets have it
 */
record AxisTaps(
    int firstTarget,
    int targets,
    int firstSource,
    int sources,
    int step,
    int[] origins,
    Run[][] runs,
    boolean[] full) {
  /**
   * Targets at equal distances whose sources are, too.
   *
   * @param target the first target
   * @param targetStep the distance to the next
   * @param source the first source
   * @param sourceStep the distance to the next
   * @param count how many
   */
  record Run(int target, int targetStep, int source, int sourceStep, int count) {
    boolean isDense() {
      return targetStep == 1 && sourceStep == 1;
    }
  }

  /** Those of an axis, with all its sources. */
  static AxisTaps whole(Reach reach) {
    return of(reach, 0, reach.targets(), 0, reach.sources());
  }

  private static AxisTaps of(Reach reach, int firstTarget, int targets) {
    int first = Integer.MAX_VALUE;
    int last = -1;
    for (int t = firstTarget; t < firstTarget + targets; t++) {
      if (!reach.isEmpty(t)) {
        first = Math.min(first, reach.firstSource(t));
        last = Math.max(last, reach.firstSource(t) + reach.span(t));
      }
    }
    first = Math.min(first, last + 1);
    return of(reach, firstTarget, targets, first, last + 1 - first);
  }

  private static AxisTaps of(Reach reach, int firstTarget, int targets, int first, int sources) {
    int end = firstTarget + targets;
    int[] origins = Arrays.copyOfRange(reach.origin(), firstTarget, end);
    int taps = Arrays.stream(reach.end(), firstTarget, end).max().orElse(0);
    Run[][] runs = new Run[taps][];
    boolean[] full = new boolean[taps];
    for (int tap = 0; tap < taps; tap++) {
      List<Run> found = new ArrayList<>();
      full[tap] = find(reach, tap, firstTarget, targets, first, found) == targets;
      runs[tap] = found.toArray(Run[]::new);
    }
    return new AxisTaps(firstTarget, targets, first, sources, reach.step(), origins, runs, full);
  }

  /** Cuts the targets of an axis into parts of at most {@code most}. */
  static List<AxisTaps> parts(Reach reach, int most) {
    int all = reach.targets();
    int count = (all - 1) / most + 1;
    List<AxisTaps> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int from = (int) ((long) i * all / count);
      int to = (int) ((i + 1L) * all / count);
      parts.add(of(reach, from, to - from));
    }
    return parts;
  }

  /** Finds the runs of a tap; returns how many targets have it. */
  private static int find(
      Reach reach, int tap, int firstTarget, int targets, int firstSource, List<Run> found) {
    int having = 0;
    Run run = null;
    for (int t = 0; t < targets; t++) {
      int target = firstTarget + t;
      if (tap < reach.first()[target] || tap >= reach.end()[target]) {
        continue;
      }
      having++;
      int source = reach.source(target, tap) - firstSource;
      Run longer = run == null ? null : extended(run, t, source);
      if (longer == null) {
        if (run != null) {
          found.add(run);
        }
        longer = new Run(t, 1, source, 1, 1);
      }
      run = longer;
    }
    if (run != null) {
      found.add(run);
    }
    return having;
  }

  /** The run with one more target, or null if that does not continue it. */
  private static Run extended(Run run, int target, int source) {
    int targetStep = run.count == 1 ? target - run.target : run.targetStep;
    int sourceStep = run.count == 1 ? source - run.source : run.sourceStep;
    boolean continues =
        target == run.target + run.count * targetStep
            && source == run.source + run.count * sourceStep;
    return continues
        ? new Run(run.target, targetStep, run.source, sourceStep, run.count + 1)
        : null;
  }

  /** Whether each target is the source in its place. */
  boolean isIdentity() {
    return runs.length == 1 && full[0] && sources == targets && runs[0][0].isDense();
  }
}
