package io.github.clpool.opencl.plan;

import io.github.clpool.tensor.DataType;

/**
 * How the slices of planes are cut into blocks, one for each work-item or work-group; twin of the
 * struct Tiles of {@code lib/unrolled.clh}. Immutable.
 *
 * @param slices the slices of a plane
 * @param down the blocks of a slice, one under the other
 * @param across and side by side
 */
public record Cuts(long slices, long down, long across) {
  /** What a work-item loads or stores at once at most. */
  private static final int VECTOR_BYTES = 16;

  /** The blocks of so many cells, at least one. */
  public static long blocks(long cells, long each) {
    return (cells - 1) / each + 1;
  }

  /** Of a block at most so many, such that all blocks have nearly as many of the cells. */
  public static int even(long cells, long most) {
    return (int) blocks(cells, blocks(cells, most));
  }

  /** The longest vector that all of these numbers of cells are multiples of. */
  public static int vector(DataType type, long... cells) {
    int vector = VECTOR_BYTES / type.bytes();
    for (long each : cells) {
      while (each % vector != 0) {
        vector /= 2;
      }
    }
    return vector;
  }

  public long perPlane() {
    return slices * down * across;
  }

  /** The kernel's argument. */
  public KernelArgument argument() {
    return Grid.divisors(across, down);
  }
}
