package io.github.clpool.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The sizes of a tensor in logical order: batch, channels, then 1 to 3 spatial axes, outermost
 * first; or the plain sizes of an array that is not pooled (samples, weights, boxes). Immutable.
 *
 * <p>A batch of 0 is legal. Every other size is at least 1, a plane has less than 2^31 cells, and a
 * tensor less than 2^62 elements.
 */
public final class Shape {
  private enum Kind {
    BATCHED,
    UNBATCHED,
    ARRAY
  }

  private static final long MAX_ELEMENTS = 1L << 62;

  private final Kind kind;
  private final long[] sizes;

  private Shape(Kind kind, long[] sizes) {
    this.kind = kind;
    this.sizes = sizes;
  }

  /**
   * The shape of a batched tensor.
   *
   * @param n the batch size, at least 0
   * @param c the number of channels, at least 1
   * @param spatial 1 to 3 spatial sizes, outermost first, each at least 1
   * @return the shape
   * @throws IllegalArgumentException if a size breaks its rule
   */
  public static Shape of(long n, long c, int... spatial) {
    return pooled(Kind.BATCHED, n, c, spatial);
  }

  /**
   * The shape of a tensor without a batch axis.
   *
   * @param c the number of channels, at least 1
   * @param spatial 1 to 3 spatial sizes, outermost first, each at least 1
   * @return the shape
   * @throws IllegalArgumentException if a size breaks its rule
   */
  public static Shape unbatched(long c, int... spatial) {
    return pooled(Kind.UNBATCHED, 1, c, spatial);
  }

  /**
   * The shape of an array that has no planes, such as weights, samples or boxes; row-major.
   *
   * @param sizes the sizes, outermost first, each at least 0
   * @return the shape
   * @throws IllegalArgumentException if a size is negative or the product too large
   */
  public static Shape array(long... sizes) {
    for (long size : Require.present("sizes", sizes)) {
      Require.atLeast("size", size, 0);
    }
    checkElements(sizes);
    return new Shape(Kind.ARRAY, sizes.clone());
  }

  private static Shape pooled(Kind kind, long n, long c, int[] spatial) {
    Require.present("spatial", spatial);
    Require.atLeast("batch size", n, 0);
    Require.atLeast("number of channels", c, 1);
    Require.that(
        spatial.length >= 1 && spatial.length <= 3,
        "spatial sizes are %s, but there must be 1 to 3 of them",
        Arrays.toString(spatial));
    long plane = 1;
    for (int size : spatial) {
      Require.atLeast("spatial size", size, 1);
      plane *= size;
      Require.that(
          plane <= Integer.MAX_VALUE,
          "spatial sizes are %s, but a plane must have less than 2^31 cells",
          Arrays.toString(spatial));
    }
    long[] sizes = new long[2 + spatial.length];
    sizes[0] = n;
    sizes[1] = c;
    Arrays.setAll(sizes, i -> i < 2 ? sizes[i] : spatial[i - 2]);
    checkElements(sizes);
    return new Shape(kind, sizes);
  }

  private static void checkElements(long[] sizes) {
    long product = 1;
    for (long size : sizes) {
      Require.that(
          size == 0 || product <= MAX_ELEMENTS / size,
          "sizes are %s, but a tensor must have less than 2^62 elements",
          Arrays.toString(sizes));
      product *= size;
    }
  }

  /**
   * Reads a shape as {@link #toString} prints it.
   *
   * @param text sizes joined by {@code x}: batch, channels, 1 to 3 spatial sizes; with brackets
   *     around the first size left out, {@code [c x ...]} is unbatched; two sizes are an array
   * @return the shape
   * @throws IllegalArgumentException if the text is no shape
   */
  public static Shape parse(String text) {
    Require.present("text", text);
    boolean unbatched = text.startsWith("[") && text.endsWith("]");
    String[] parts = (unbatched ? text.substring(1, text.length() - 1) : text).split("x", -1);
    long[] sizes = new long[parts.length];
    try {
      Arrays.setAll(sizes, i -> Long.parseLong(parts[i].trim()));
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException(
          "shape is '"
              + Excerpt.of(text)
              + "', but must be sizes joined by x, such as 32x64x112x112",
          notANumber);
    }
    if (!unbatched && sizes.length == 2) {
      return array(sizes);
    }
    int lead = unbatched ? 1 : 2;
    Require.that(
        sizes.length > lead && sizes.length <= lead + 3,
        "shape is '%s', but must have %d to %d sizes",
        text,
        lead + 1,
        lead + 3);
    int[] spatial = new int[sizes.length - lead];
    for (int i = 0; i < spatial.length; i++) {
      Require.that(
          sizes[lead + i] <= Integer.MAX_VALUE,
          "spatial size is %d, but must be below 2^31",
          sizes[lead + i]);
      spatial[i] = (int) sizes[lead + i];
    }
    return unbatched ? unbatched(sizes[0], spatial) : of(sizes[0], sizes[1], spatial);
  }

  /**
   * Whether the tensor has planes, so that it can be pooled.
   *
   * @return false for shapes made by {@link #array}
   */
  public boolean hasPlanes() {
    return kind != Kind.ARRAY;
  }

  /**
   * Whether the batch axis was given.
   *
   * @return true for shapes made by {@link #of}
   */
  public boolean isBatched() {
    return kind == Kind.BATCHED;
  }

  /**
   * The batch size.
   *
   * @return the batch size, 1 for an unbatched tensor
   */
  public long n() {
    return planes()[0];
  }

  /**
   * The number of channels.
   *
   * @return the number of channels
   */
  public long c() {
    return planes()[1];
  }

  /**
   * The number of spatial axes.
   *
   * @return 1, 2 or 3
   */
  public int axes() {
    return planes().length - 2;
  }

  /**
   * The size of one spatial axis.
   *
   * @param axis the axis, 0 the outermost
   * @return its size
   */
  public int spatial(int axis) {
    return (int) planes()[2 + axis];
  }

  /**
   * All spatial sizes.
   *
   * @return a new array of 1 to 3 sizes, outermost first
   */
  public int[] spatial() {
    int[] spatial = new int[axes()];
    Arrays.setAll(spatial, this::spatial);
    return spatial;
  }

  /**
   * The depth: the outermost of three spatial axes.
   *
   * @return the depth, 1 with fewer axes
   */
  public int d() {
    return axes() == 3 ? spatial(0) : 1;
  }

  /**
   * The height: the last but one spatial axis.
   *
   * @return the height, 1 with one axis
   */
  public int h() {
    return axes() >= 2 ? spatial(axes() - 2) : 1;
  }

  /**
   * The width: the last spatial axis.
   *
   * @return the width
   */
  public int w() {
    return spatial(axes() - 1);
  }

  /**
   * The number of cells of one plane.
   *
   * @return the product of the spatial sizes
   */
  public int planeSize() {
    return d() * h() * w();
  }

  /**
   * The number of planes.
   *
   * @return batch size times channels
   */
  public long planeCount() {
    return n() * c();
  }

  /**
   * The number of elements.
   *
   * @return the product of all sizes
   */
  public long elements() {
    return Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
  }

  /**
   * All sizes.
   *
   * @return a new array: n, c and the spatial sizes; c and the spatial sizes when unbatched; the
   *     sizes of an array
   */
  public long[] sizes() {
    return kind == Kind.UNBATCHED ? Arrays.copyOfRange(sizes, 1, sizes.length) : sizes.clone();
  }

  /**
   * This shape with other spatial sizes.
   *
   * @param spatial the new sizes, as many as there are axes
   * @return the shape
   * @throws IllegalArgumentException if a size breaks its rule
   */
  public Shape withSpatial(int... spatial) {
    Require.present("spatial", spatial);
    return pooled(kind, n(), c(), spatial);
  }

  /**
   * This shape with another batch size, or an array's with another outermost size.
   *
   * @param n the new size
   * @return the shape
   * @throws IllegalArgumentException if there is no batch axis, or the size breaks its rule
   */
  public Shape withBatch(long n) {
    Require.that(kind != Kind.UNBATCHED, "shape is %s, but must have a batch axis", this);
    if (kind == Kind.BATCHED) {
      return pooled(kind, n, c(), spatial());
    }
    Require.that(sizes.length > 0, "shape has no sizes, but must have one at least");
    long[] others = sizes.clone();
    others[0] = n;
    return array(others);
  }

  /**
   * This shape with another number of channels.
   *
   * @param c the new number
   * @return the shape
   * @throws IllegalArgumentException if the number is below 1
   */
  public Shape withChannels(long c) {
    return pooled(kind, n(), c, spatial());
  }

  private long[] planes() {
    if (!hasPlanes()) {
      throw new IllegalStateException("shape " + this + " has no planes");
    }
    return sizes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && kind == shape.kind && Arrays.equals(sizes, shape.sizes);
  }

  @Override
  public int hashCode() {
    return 31 * kind.hashCode() + Arrays.hashCode(sizes);
  }

  /** The sizes joined by {@code x}, in brackets when there is no batch axis. */
  @Override
  public String toString() {
    String joined =
        Arrays.stream(sizes()).mapToObj(Long::toString).collect(Collectors.joining("x"));
    return kind == Kind.UNBATCHED ? "[" + joined + "]" : joined;
  }
}
