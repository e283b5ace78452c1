package io.github.clpool.parity;

import io.github.clpool.op.Operators;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a failing case small: tries simpler cases as long as one of them fails too. An operator is
 * simplified through its text, by dropping options and decreasing numbers, so that every operator
 * can be. Stateless.
 */
final class Shrinker {
  private static final int MOST_ATTEMPTS = 500;

  /** Other data may be needed: what failed may have been far from the corner that is left. */
  private static final int SEEDS = 3;

  private static final List<Recipe> NEARLY_ALL_SPECIAL =
      List.of(Recipe.NANS, Recipe.POSITIVE_INFINITY, Recipe.NEGATIVE_INFINITY);

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private Shrinker() {}

  /**
   * Shrinks a case.
   *
   * @param failing a case that fails
   * @param fails whether a case fails; asked a few hundred times at most
   * @return a case that fails
   */
  public static Case shrink(Case failing, Predicate<Case> fails) {
    Case smallest = failing;
    int attempts = 0;
    boolean shrunk = true;
    while (shrunk) {
      shrunk = false;
      for (Case simpler : simplifications(smallest)) {
        for (int i = 0; i < SEEDS && !shrunk && attempts < MOST_ATTEMPTS; i++, attempts++) {
          Case candidate = simpler.withData(simpler.recipe(), i == 0 ? simpler.seed() : i);
          if (fails.test(candidate)) {
            smallest = candidate;
            shrunk = true;
          }
        }
        if (shrunk) {
          break;
        }
      }
    }
    return smallest;
  }

  /** All legal cases that are one step simpler, the boldest steps first. */
  static List<Case> simplifications(Case big) {
    List<Case> simpler = new ArrayList<>();
    addWithoutAxis(simpler, big);
    for (String text : simplerTexts(big.operator().toString())) {
      addParsed(simpler, big, text);
    }
    for (Shape shape : smallerShapes(big.shape())) {
      add(simpler, big.withShape(shape));
    }
    if (big.layout() != Layout.NCHW) {
      add(simpler, big.withLayout(Layout.NCHW));
    }
    if (big.type() != DataType.FLOAT32) {
      add(simpler, big.withType(DataType.FLOAT32));
    }
    if (big.indices() || big.accumulate()) {
      add(simpler, big.withDirection(big.direction(), false, false));
    }
    if (big.recipe() != Recipe.INTEGERS) {
      add(simpler, big.withData(Recipe.INTEGERS, big.seed()));
    }
    if (big.recipe() == Recipe.SPECIAL) { // so that the one that matters is in every corner
      for (Recipe nearlyAll : NEARLY_ALL_SPECIAL) {
        add(simpler, big.withData(nearlyAll, big.seed()));
      }
    }
    return simpler;
  }

  private static void add(List<Case> cases, Case simpler) {
    try {
      simpler.problem();
      cases.add(simpler);
    } catch (IllegalArgumentException illegal) {
      // a step too far
    }
  }

  private static void addParsed(List<Case> cases, Case big, String operator) {
    try {
      add(cases, big.withOperator(Operators.parse(operator)));
    } catch (IllegalArgumentException illegal) {
      // a step too far
    }
  }

  private static List<Shape> smallerShapes(Shape shape) {
    List<Shape> smaller = new ArrayList<>();
    if (!shape.hasPlanes()) {
      for (int axis = 0; axis < shape.sizes().length; axis++) {
        for (long size : smaller(shape.sizes()[axis], 1)) {
          long[] sizes = shape.sizes();
          sizes[axis] = size;
          smaller.add(Shape.array(sizes));
        }
      }
      return smaller;
    }
    if (!shape.isBatched()) {
      smaller.add(Shape.of(1, shape.c(), shape.spatial()));
    }
    for (long n : smaller(shape.n(), 1)) {
      smaller.add(Shape.of(n, shape.c(), shape.spatial()));
    }
    for (long c : smaller(shape.c(), 1)) {
      smaller.add(shape.withChannels(c));
    }
    for (int axis = 0; axis < shape.axes(); axis++) {
      for (long size : smaller(shape.spatial(axis), 1)) {
        int[] sizes = shape.spatial();
        sizes[axis] = (int) size;
        smaller.add(shape.withSpatial(sizes));
      }
    }
    return smaller;
  }

  /** Numbers to try instead of one, the smallest first. */
  private static List<Long> smaller(long number, long least) {
    List<Long> numbers = new ArrayList<>();
    for (long candidate : new long[] {least, least + 1, number / 2, number - 1}) {
      if (candidate >= least && candidate < number && !numbers.contains(candidate)) {
        numbers.add(candidate);
      }
    }
    return numbers;
  }

  private static List<String> simplerTexts(String operator) {
    List<String> simpler = new ArrayList<>();
    List<String> words = Arrays.asList(operator.split(" "));
    for (int i = 1; i < words.size(); i++) {
      List<String> rest = new ArrayList<>(words);
      rest.remove(i);
      simpler.add(String.join(" ", rest));
    }
    Matcher matcher = NUMBER.matcher(operator);
    while (matcher.find()) {
      for (long number : smaller(Long.parseLong(matcher.group()), 0)) {
        simpler.add(
            operator.substring(0, matcher.start()) + number + operator.substring(matcher.end()));
      }
    }
    return simpler;
  }

  /** Drops the outermost axis, and its number from every list that has one. */
  private static void addWithoutAxis(List<Case> cases, Case big) {
    Shape old = big.shape();
    if (!old.hasPlanes()) {
      return;
    }
    int[] sizes = old.spatial();
    if (sizes.length > 1) {
      int[] rest = Arrays.copyOfRange(sizes, 1, sizes.length);
      Shape shape =
          old.isBatched() ? Shape.of(old.n(), old.c(), rest) : Shape.unbatched(old.c(), rest);
      String fewer = big.operator().toString().replaceAll("(?<=[=:])(?:\\d+|KEEP)x", "");
      addParsed(cases, big.withShape(shape), fewer);
    }
  }
}
