package io.github.clpool.reference;

import io.github.clpool.exact.Philox;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** A reduction that selects a cell of each region, which gets the output's whole gradient. */
public interface SelectingFormula extends Formula {
  /** What {@link #select} gives where there is nothing to select. */
  int NONE = -1;

  /**
   * Selects.
   *
   * @param region the cells
   * @param u the output's random number in [0, 1), if the formula {@link #draws}
   * @return the flat index of the selected cell, or {@link #NONE}
   */
  int select(RegionCells region, double u);

  /**
   * What a selected cell makes the output.
   *
   * @param x the cell's value
   * @return the output
   */
  default double output(double x) {
    return x;
  }

  /**
   * The output where no cell is selected.
   *
   * @return the output
   */
  double outputOfNone();

  /**
   * What the output's gradient is multiplied with for the selected cell.
   *
   * @param x the cell's value
   * @return 1 unless the formula {@link #readsInput}
   */
  default double slope(double x) {
    return 1;
  }

  /**
   * Whether gradients depend on the input.
   *
   * @return true if calls of gradients are given it
   */
  default boolean readsInput() {
    return false;
  }

  /**
   * Whether each output needs a random number.
   *
   * @return false unless the formula says otherwise
   */
  default boolean draws() {
    return false;
  }

  @Override
  default void forward(Plane plane) {
    IntToDoubleFunction x = plane.numbers(Role.INPUT);
    IntToDoubleFunction u = draws() ? uniforms(plane) : output -> 0;
    RegionCells cells = new RegionCells();
    double[] y = new double[plane.outputs()];
    double[] where = new double[plane.outputs()];
    plane.forEachOutput(
        (output, region) -> {
          int[] indices = region.indices();
          cells.become(indices.length, indices, Arrays.stream(indices).mapToDouble(x).toArray());
          int selected = select(cells, u.applyAsDouble(output));
          where[output] = selected;
          y[output] = selected == NONE ? outputOfNone() : output(x.applyAsDouble(selected));
        });
    plane.store(Role.OUTPUT, plane.c(), y);
    plane.store(Role.INDICES, plane.c(), where);
  }

  private static IntToDoubleFunction uniforms(Plane plane) {
    long each = plane.problem().input().c() * plane.outputs();
    RandomKey key = plane.arguments().randomKey();
    Philox draws = new Philox(key.seed(), key.call(), Philox.Stream.OUTPUTS, key.skipped(each));
    long first = (long) plane.number() * plane.outputs();
    return output -> draws.uniform(first + output);
  }

  @Override
  default void backward(Plane plane) {
    IntToDoubleFunction g = plane.numbers(Role.GRAD_OUTPUT);
    IntToDoubleFunction selected = plane.numbers(Role.INDICES);
    IntToDoubleFunction x = readsInput() ? plane.numbers(Role.INPUT) : cell -> 0;
    plane.storeGradient(
        Role.GRAD_INPUT,
        (cell, covers) -> {
          double slope = slope(x.applyAsDouble(cell));
          return covers.chain(
              output -> g.applyAsDouble(output) * slope,
              output -> (int) selected.applyAsDouble(output) == cell,
              plane.precision());
        });
  }
}
