package io.github.clpool.op;

import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An operator that pools regions of interest, boxes given as a tensor, each to a grid of bins. The
 * planes have two axes. docs/semantics.md, section 6.
 */
public sealed interface RoiOperator extends Operator permits RoiPool, RoiAlign {
  /**
   * The number of rows of bins.
   *
   * @return at least 1
   */
  int outputHeight();

  /**
   * The number of columns of bins.
   *
   * @return at least 1
   */
  int outputWidth();

  /**
   * What coordinates are multiplied with: cells of the input for each unit of a box.
   *
   * @return a finite number above 0
   */
  double spatialScale();

  /**
   * Whether bins are averaged.
   *
   * @return false if their maximum is taken
   */
  boolean averages();

  /**
   * Whether bins are made of interpolated samples.
   *
   * @return false if they are made of cells
   */
  default boolean interpolates() {
    return false;
  }

  /**
   * How many samples a bin has along each axis.
   *
   * @return the number; 0 if the boxes say it, and where there are none
   */
  default int samplingRatio() {
    return 0;
  }

  /**
   * Reads the regions of a call, scales and checks them.
   *
   * @param input the shape of the input
   * @param type its element type
   * @param rows for each region batch index, x1, y1, x2, y2
   * @return the regions
   * @throws IllegalArgumentException naming the first region that is wrong, and the rule
   */
  default List<Roi> rois(Shape input, DataType type, double... rows) {
    Require.present("input", input);
    Require.present("type", type);
    Require.present("rows", rows);
    return Roi.read(this, input, type, rows);
  }

  /**
   * Checks what only this operator needs of a region.
   *
   * @param index the region's row
   * @param roi the region
   * @throws IllegalArgumentException naming the region and the rule
   */
  default void check(int index, Roi roi) {
    // any box will do
  }

  /**
   * Checks what does not depend on tensors.
   *
   * @param outputHeight the number of rows of bins
   * @param outputWidth the number of columns of bins
   * @param spatialScale what coordinates are multiplied with
   */
  static void check(int outputHeight, int outputWidth, double spatialScale) {
    Require.atLeast("output height", outputHeight, 1);
    Require.atLeast("output width", outputWidth, 1);
    Require.that(
        spatialScale > 0 && spatialScale < Double.POSITIVE_INFINITY,
        "spatialScale is %s, but must be finite and above 0",
        spatialScale);
  }

  /**
   * The words that every operator's text begins with.
   *
   * @param operator the operator
   * @return its name and numbers
   */
  static String text(RoiOperator operator) {
    Require.present("operator", operator);
    return operator.name()
        + " output="
        + operator.outputHeight()
        + "x"
        + operator.outputWidth()
        + (operator.spatialScale() == 1 ? "" : " spatialScale=" + operator.spatialScale());
  }

  @Override
  default Set<Role> parameters() {
    return EnumSet.of(Role.ROIS);
  }

  /** With them the regions are rows of four coordinates, as in ONNX. */
  @Override
  default Set<Role> optionalParameters() {
    return EnumSet.of(Role.BATCH_INDICES);
  }

  /** Not to be had: there are as many outputs as regions. */
  @Override
  default Shape outputShape(Shape input) {
    Require.present("input", input);
    throw new IllegalArgumentException(
        "the output of " + this + " depends on its rois, not on its input alone");
  }

  @Override
  default Shape shapeOf(Role role, Map<Role, Shape> given) {
    Require.present("role", role);
    Require.present("given", given);
    Shape input = given.get(Role.INPUT);
    return switch (role) {
      case INPUT, GRAD_INPUT -> input;
      case OUTPUT, INDICES, GRAD_OUTPUT -> {
        Require.that(
            input.hasPlanes() && input.axes() == 2,
            "input has shape %s, but %s needs planes of two axes",
            input,
            this);
        Shape rois = given.get(Role.ROIS);
        Require.that(rois != null, "rois is missing, but %s needs it (Inputs.rois)", this);
        yield Shape.of(rois.sizes()[0], input.c(), outputHeight(), outputWidth());
      }
      default ->
          throw new IllegalArgumentException(
              role == Role.ROIS
                  ? "the number of rois is the caller's choice"
                  : "operator " + this + " has no tensor in role " + role);
    };
  }

  @Override
  default void checkShape(Role role, Map<Role, Shape> given) {
    Require.present("given", given);
    if (role == Role.BATCH_INDICES) {
      checkBatchIndices(given.get(role), given.get(Role.ROIS));
      return;
    } else if (role != Role.ROIS) {
      Operator.super.checkShape(role, given);
      return;
    }
    Shape rois = given.get(role);
    long[] sizes = rois.sizes();
    boolean apart = given.containsKey(Role.BATCH_INDICES);
    Require.that(
        !rois.hasPlanes() && sizes.length == 2 && sizes[1] == (apart ? 4 : 5),
        "rois has shape %s, but %s needs %s",
        rois,
        this,
        apart ? "Kx4 with batch indices: x1, y1, x2, y2" : "Kx5: batch index, x1, y1, x2, y2");
    Shape input = given.get(Role.INPUT);
    Require.that(
        sizes[0] == 0 || input.n() > 0,
        "rois has shape %s, but an empty batch %s has no regions",
        rois,
        input);
  }

  private static void checkBatchIndices(Shape indices, Shape rois) {
    Require.that(rois != null, "batch indices are given, but rois are missing");
    Shape needed = Shape.array(rois.sizes()[0]);
    Require.that(
        indices.equals(needed),
        "batch indices has shape %s, but rois of %s need %s",
        indices,
        rois,
        needed);
  }
}
