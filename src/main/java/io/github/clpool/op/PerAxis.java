package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A parameter with one number for every spatial axis, or a single one for all. */
final class PerAxis {
  private PerAxis() {}

  static List<Integer> of(String parameter, int minimum, int... values) {
    Require.that(
        values.length >= 1 && values.length <= 3,
        "%s is %s, but must have 1 to 3 numbers",
        parameter,
        Arrays.toString(values));
    for (int value : values) {
      Require.atLeast(parameter, value, minimum);
    }
    return Arrays.stream(values).boxed().toList();
  }

  static void checkCount(String parameter, List<? extends Number> values, Shape input) {
    if (values.size() != 1 && values.size() != input.axes()) {
      throw new IllegalArgumentException(
          "%s is %s with %d numbers, but the input %s has %d spatial axes"
              .formatted(parameter, text(values), values.size(), input, input.axes()));
    }
  }

  static <N extends Number> N at(List<N> values, int axis) {
    return values.size() == 1 ? values.get(0) : values.get(axis);
  }

  static String text(List<? extends Number> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining("x"));
  }
}
