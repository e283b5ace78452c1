package io.github.clpool.op;

import io.github.clpool.tensor.Require;

/**
 * What an average divides by. Immutable.
 *
 * @param kind how the divisor is found
 * @param fixed the divisor of kind {@link Kind#FIXED}
 */
public record Divisor(Kind kind, int fixed) {
  /**
   * Checks the kind and the number.
   *
   * @param kind how the divisor is found
   * @param fixed the divisor of kind {@link Kind#FIXED}, never 0
   */
  public Divisor {
    Require.present("kind", kind);
    Require.that(fixed != 0, "fixed is 0, but must be any other number");
  }

  /** How the divisor is found. */
  public enum Kind {
    /** The sum is not divided. */
    NONE,
    /** The number of cells of the region. */
    CELLS,
    /** The number of cells, the padding of windows counted. */
    PADDED_CELLS,
    /** A given number. */
    FIXED
  }

  /** Divides by nothing: a sum. */
  public static final Divisor NONE = new Divisor(Kind.NONE, 1);

  /**
   * What a reduction divides by.
   *
   * @param avg the reduction
   * @param regions its regions; only padding of windows is ever counted
   * @return the divisor
   */
  public static Divisor of(Avg avg, Regions regions) {
    Require.present("avg", avg);
    Require.present("regions", regions);
    if (avg.divisor().isPresent()) {
      return new Divisor(Kind.FIXED, avg.divisor().getAsInt());
    }
    return counting(avg.countIncludePad().orElseGet(regions::countsPadding), regions);
  }

  /**
   * Divides by the number of cells.
   *
   * @param padding whether padding of windows counts
   * @param regions the regions
   * @return the divisor
   */
  public static Divisor counting(boolean padding, Regions regions) {
    Require.present("regions", regions);
    return new Divisor(padding && regions.hasPadding() ? Kind.PADDED_CELLS : Kind.CELLS, 1);
  }

  /**
   * The divisor of one output.
   *
   * @param geometry the regions
   * @param od the output's depth
   * @param oh its height
   * @param ow its width
   * @return the divisor, 1 for kind {@link Kind#NONE}; 0 for an empty region of kind CELLS
   */
  public long of(Geometry geometry, int od, int oh, int ow) {
    Require.present("geometry", geometry);
    return switch (kind) {
      case NONE, FIXED -> fixed;
      case CELLS -> geometry.cells(od, oh, ow);
      case PADDED_CELLS -> geometry.paddedCells(od, oh, ow);
    };
  }
}
