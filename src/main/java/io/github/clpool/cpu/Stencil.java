package io.github.clpool.cpu;

import io.github.clpool.op.Direction;
import io.github.clpool.op.WindowAxis;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Windows along one axis, arranged so that every tap is a shift of a whole array: target {@code q *
 * targetPhases + t - targetLead} folds, for each tap of phase {@code t} in order, source {@code (q
 * + offset) * sourcePhases + residue - sourceLead}. Forward, sources are cells in as many phases as
 * the stride; backward, targets are. The arrays are not written once made.
 *
 * @param sources the number of sources
 * @param sourcePhases the distance between sources of neighbouring {@code q}
 * @param sourceLead how far source 0 is behind position 0
 * @param residues the source phases that a tap uses, ascending
 * @param targets the number of targets
 * @param targetPhases the distance between targets of neighbouring {@code q}
 * @param targetLead how far target 0 is behind position 0
 * @param first the first {@code q}
 * @param end one after the last {@code q}
 * @param least the smallest offset
 * @param span the largest offset minus the smallest
 * @param taps for each target phase its taps in the order of folding
 */
record Stencil(
    int sources,
    int sourcePhases,
    int sourceLead,
    int[] residues,
    int targets,
    int targetPhases,
    int targetLead,
    int first,
    int end,
    int least,
    int span,
    Tap[][] taps) {
  /**
   * One source of a target.
   *
   * @param phase the position of its residue among {@link #residues}
   * @param shift its offset minus the smallest one
   */
  record Tap(int phase, int shift) {}

  static Stencil of(WindowAxis axis, Direction direction) {
    return direction == Direction.FORWARD ? taps(axis) : covers(axis);
  }

  private static Stencil taps(WindowAxis axis) {
    int stride = axis.stride();
    int kernel = axis.kernel();
    int dilation = axis.dilation();
    int[] residues =
        IntStream.range(0, kernel).map(j -> j * dilation % stride).sorted().distinct().toArray();
    Tap[] taps = new Tap[kernel];
    for (int j = 0; j < kernel; j++) {
      int distance = j * dilation;
      taps[j] = new Tap(Arrays.binarySearch(residues, distance % stride), distance / stride);
    }
    return new Stencil(
        axis.inputSize(),
        stride,
        axis.before(),
        residues,
        axis.outputSize(),
        1,
        0,
        0,
        axis.outputSize(),
        0,
        taps[kernel - 1].shift,
        new Tap[][] {taps});
  }

  private static Stencil covers(WindowAxis axis) {
    int stride = axis.stride();
    int before = axis.before();
    int reach = (axis.kernel() - 1) * axis.dilation();
    int least = Math.floorDiv(-reach, stride);
    Tap[][] taps = new Tap[stride][];
    for (int t = 0; t < stride; t++) {
      int phase = t;
      // Tap j of output o is position o * stride + j * dilation: the last tap is the first output.
      taps[t] =
          IntStream.iterate(
                  reach, distance -> distance >= 0, distance -> distance - axis.dilation())
              .filter(distance -> (phase - distance) % stride == 0)
              .mapToObj(distance -> new Tap(0, (phase - distance) / stride - least))
              .toArray(Tap[]::new);
    }
    return new Stencil(
        axis.outputSize(),
        1,
        0,
        new int[] {0},
        axis.inputSize(),
        stride,
        before,
        before / stride,
        (before + axis.inputSize() - 1) / stride + 1,
        least,
        -least,
        taps);
  }

  /** Whether every target is one source, the one in its place. */
  boolean isIdentity() {
    return targetPhases == 1 && taps[0].length == 1 && span == 0;
  }

  /** The number of sources of one phase that {@code count} neighbouring {@code q} need. */
  int sourceCount(int count) {
    return count + span;
  }

  /** The source that is {@code i}-th of a residue, for targets from {@code q} on; may not exist. */
  int source(int q, int residue, int i) {
    return (q + least + i) * sourcePhases + residue - sourceLead;
  }

  /** The target of a phase; may not exist. */
  int target(int q, int phase) {
    return q * targetPhases + phase - targetLead;
  }
}
