package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;

/** One region, the whole plane. Immutable. */
public record Global() implements Regions {
  @Override
  public void validate() {
    // nothing to check
  }

  @Override
  public Geometry geometry(Shape input) {
    Require.present("input", input);
    return Geometry.of(
        input,
        axis -> {
          int size = input.spatial(axis);
          return new WindowAxis(size, 1, size, 1, 0, 0, 1);
        });
  }

  @Override
  public String toString() {
    return "global";
  }
}
