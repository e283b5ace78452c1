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
    Require.present(parameter, values);
    return checked(parameter, minimum, Arrays.stream(values).boxed().toList());
  }

  /** A copy of a list that is one or more numbers, each at least a minimum. */
  static List<Integer> checked(String parameter, int minimum, List<Integer> values) {
    List<Integer> copy = counted(parameter, values);
    copy.forEach(value -> Require.atLeast(parameter, value, minimum));
    return copy;
  }

  /** The same for a list that may be empty, where the parameter is not given. */
  static List<Integer> checkedIfGiven(String parameter, int minimum, List<Integer> values) {
    return Require.present(parameter, values).isEmpty()
        ? List.of()
        : checked(parameter, minimum, values);
  }

  /** A copy of a list that is one number or more, but not more than there can be axes. */
  static <N extends Number> List<N> counted(String parameter, List<N> values) {
    Require.present(parameter, values);
    Require.that(
        values.size() >= 1 && values.size() <= 3,
        "%s is %s, but must have 1 to 3 numbers",
        parameter,
        values);
    values.forEach(value -> Require.present(parameter, value));
    return List.copyOf(values);
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
