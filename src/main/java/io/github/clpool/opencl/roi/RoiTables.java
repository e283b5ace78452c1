package io.github.clpool.opencl.roi;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.CallRois;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Roi;
import io.github.clpool.op.RoiAlign;
import io.github.clpool.op.RoiBins;
import io.github.clpool.op.RoiCovers;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.op.RoiPool;
import io.github.clpool.op.RoiTiles;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Require;
import java.util.Arrays;
import java.util.List;

/**
 * The regions of a call as {@code lib/rois.clh} reads them. Immutable.
 *
 * @param problem the call
 * @param tileHeight the rows of a tile
 * @param tileWidth the columns of a tile
 * @param mostSamples the most samples of a bin that the kernel can go through
 */
record RoiTables(Problem problem, int tileHeight, int tileWidth, long mostSamples)
    implements KernelArgument.Drawn.Source {
  private static final int SECTIONS = 11;
  private static final int COVERS = 4; // sections of gradients only
  private static final int HEADER = SECTIONS + 5; // even, so that doubles are aligned

  @Override
  public int[] draw(Arguments arguments) {
    List<Roi> rois = CallRois.of(problem, arguments);
    for (int k = 0; k < rois.size() && problem.operator() instanceof RoiAlign align; k++) {
      Require.that(
          align.samples(rois.get(k)) <= mostSamples,
          "rois[%d] has %d samples in a bin, but before more than %d the device would end a"
              + " work-item's loops",
          k,
          align.samples(rois.get(k)),
          mostSamples);
    }
    return tables(rois);
  }

  /** Boxes as large as the input. */
  @Override
  public int[] example() {
    RoiOperator operator = (RoiOperator) problem.operator();
    int count = (int) problem.arguments().get(Role.ROIS).sizes()[0];
    double[] rows = new double[count * Roi.NUMBERS];
    for (int k = 0; k < count; k++) {
      rows[k * Roi.NUMBERS] = k % problem.input().n();
      rows[k * Roi.NUMBERS + 3] = problem.input().w() / operator.spatialScale();
      rows[k * Roi.NUMBERS + 4] = problem.input().h() / operator.spatialScale();
    }
    return tables(operator.rois(problem.input(), problem.type(), rows));
  }

  private int[] tables(List<Roi> rois) {
    int height = problem.input().h();
    int width = problem.input().w();
    boolean backward = problem.direction() == Direction.BACKWARD;
    Writer writer = new Writer(problem.type() == DataType.FLOAT64);
    writer.add(rois.stream().mapToInt(Roi::image).toArray());
    RoiBins cells;
    RoiBins read;
    if (problem.operator() instanceof RoiAlign align) {
      writer.add(rois.stream().mapToDouble(roi -> Math.max(align.samples(roi), 1)).toArray());
      boolean maximum = align.mode() != RoiAlign.Mode.AVG;
      cells = backward || !maximum ? RoiBins.weights(align, rois, height, width) : null;
      read = maximum ? RoiBins.samples(align, rois, height, width) : cells;
    } else {
      writer.add(new double[0]);
      cells = RoiBins.cells((RoiPool) problem.operator(), rois, height, width);
      read = cells;
    }
    int entries = read.entries();
    writer.add(read.begins);
    writer.add(Arrays.copyOf(read.positions, entries));
    writer.add(Arrays.copyOf(read.numbers, entries));
    if (backward) {
      RoiCovers covers = new RoiCovers(cells);
      int images = (int) problem.input().n();
      RoiTiles tiles =
          new RoiTiles(rois, covers.boxes, images, height, width, tileHeight, tileWidth);
      writer.add(covers.boxes).add(covers.begins).add(covers.bins);
      writer.add(covers.numbers);
      writer.add(tiles.begins).add(tiles.rois);
      writer.end(tileHeight, tileWidth, tiles.down, tiles.across);
    } else {
      RoiTiles images = RoiTiles.images(rois, (int) problem.input().n());
      for (int i = 0; i < COVERS; i++) {
        writer.add(new int[0]);
      }
      writer.add(images.begins).add(images.rois);
      writer.end(height, width, 1, 1);
    }
    return writer.ints();
  }

  /** Puts the sections behind each other. */
  private static final class Writer {
    private static final int MOST = Integer.MAX_VALUE - 8; // an array has no more

    private final boolean isDouble;
    private int[] ints = new int[1 << 10];
    private int size = HEADER;
    private int sections;

    Writer(boolean isDouble) {
      this.isDouble = isDouble;
    }

    private void begin(long count) {
      size += size & 1;
      ints[sections++] = size;
      long needed = size + count;
      Require.that(
          needed <= MOST,
          "rois of one call need tables of %d numbers for the device, but must need at most %d",
          needed,
          MOST);
      if (needed >= ints.length) {
        ints = Arrays.copyOf(ints, (int) Math.min(2 * needed, MOST));
      }
    }

    Writer add(int... section) {
      begin(section.length);
      System.arraycopy(section, 0, ints, size, section.length);
      size += section.length;
      return this;
    }

    /** Adds numbers of the computing type by their bits. */
    void add(double... section) {
      begin(section.length * (isDouble ? 2L : 1L));
      for (double number : section) {
        if (isDouble) {
          long bits = Double.doubleToRawLongBits(number);
          ints[size++] = (int) bits;
          ints[size++] = (int) (bits >>> 32);
        } else {
          ints[size++] = Float.floatToRawIntBits((float) number);
        }
      }
    }

    void end(int... numbers) {
      System.arraycopy(numbers, 0, ints, SECTIONS, numbers.length);
    }

    int[] ints() {
      return Arrays.copyOf(ints, size);
    }
  }
}
