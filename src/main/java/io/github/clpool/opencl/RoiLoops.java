package io.github.clpool.opencl;

import io.github.clpool.op.RoiBins;
import io.github.clpool.op.RoiCovers;
import io.github.clpool.op.RoiTiles;
import java.util.stream.IntStream;

/**
 * How often the loops of work-items over regions of interest go round at most, which only the
 * values of a call say; counted as {@link Loops} does. Stateless.
 */
final class RoiLoops {
  private RoiLoops() {}

  /** How often loops over the rows and columns of a bin go round at most. */
  static long ofOutputs(RoiBins bins) {
    return IntStream.range(0, (bins.begins.length - 1) / bins.perRoi)
        .mapToLong(
            k ->
                Loops.nest(
                    longest(bins.begins, bins.row(k, 0), bins.column(k, 0)),
                    longest(bins.begins, bins.column(k, 0), bins.row(k + 1, 0))))
        .max()
        .orElse(0);
  }

  /** How often loops over the regions of a tile and the bins of a cell go round at most. */
  static long ofCells(RoiCovers covers, RoiTiles tiles) {
    long most = 0;
    for (int tile = 0; tile < tiles.begins.length - 1; tile++) {
      long loops = 0;
      for (int i = tiles.begins[tile]; i < tiles.begins[tile + 1]; i++) {
        int box = tiles.rois[i] * RoiCovers.BOX;
        int rows = covers.boxes[box + 4];
        int columns = rows + covers.boxes[box + 1];
        int end = columns + covers.boxes[box + 3];
        loops +=
            1
                + Loops.nest(
                    longest(covers.begins, rows, columns), longest(covers.begins, columns, end));
      }
      most = Math.max(most, loops);
    }
    return most;
  }

  private static long longest(int[] begins, int first, int end) {
    return IntStream.range(first, end).map(i -> begins[i + 1] - begins[i]).max().orElse(0);
  }
}
