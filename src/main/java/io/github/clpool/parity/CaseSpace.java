package io.github.clpool.parity;

import io.github.clpool.op.Direction;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.List;
import java.util.Set;

/**
 * What random cases are drawn from, and shrunk within. Immutable.
 *
 * @param choices the operators, at least one
 * @param shapes the shapes; empty for random ones
 * @param dimensions the numbers of spatial axes
 * @param types the element types; FLOAT32 is drawn most often
 * @param layouts the layouts
 * @param directions which ways the operators run
 * @param specials which special numbers the data may hold
 * @param limits how large it all is
 */
record CaseSpace(
    List<Choice> choices,
    List<Shape> shapes,
    List<Integer> dimensions,
    List<DataType> types,
    List<Layout> layouts,
    List<Direction> directions,
    Set<Special> specials,
    RandomCases.Limits limits) {
  /** The numbers of spatial axes that there are. */
  static final List<Integer> DIMENSIONS = List.of(1, 2, 3);

  /**
   * An operator, or the word of many.
   *
   * @param word the first word of operators, or a word of regions for every reduction over such
   * @param operator the only operator that is meant; null for any of that word
   */
  record Choice(String word, Operator operator) {
    static Choice of(Operator operator) {
      return new Choice(Require.present("operator", operator).name(), operator);
    }

    /** Reads a word or an operator. */
    static Choice of(String text) {
      return isWord(Require.present("operator", text))
          ? new Choice(text, null)
          : of(Operators.parse(text));
    }

    private static boolean isWord(String text) {
      return Operators.names().contains(text) || Operators.regions().contains(text);
    }

    boolean isOfRegions() {
      return operator == null && Operators.regions().contains(word);
    }

    boolean has(Operator other) {
      return operator != null ? operator.equals(other) : isOfRegions() || word.equals(other.name());
    }

    @Override
    public String toString() {
      return operator == null ? word : operator.toString();
    }
  }

  /** Every operator there is, of any size, type, layout and direction. */
  static CaseSpace of(List<String> words, List<DataType> types, RandomCases.Limits limits) {
    return new CaseSpace(
        words.stream().map(Choice::of).toList(),
        List.of(),
        DIMENSIONS,
        types,
        List.of(Layout.values()),
        List.of(Direction.values()),
        Set.of(Special.values()),
        limits);
  }

  CaseSpace {
    Require.that(!choices.isEmpty(), "operators are [], but there must be one at least");
    choices = List.copyOf(choices);
    shapes = List.copyOf(shapes);
    dimensions = known("dimensions", dimensions, DIMENSIONS);
    types = known("types", types, List.of(DataType.values()));
    layouts = known("layouts", layouts, List.of(Layout.values()));
    directions = known("directions", directions, List.of(Direction.values()));
    specials = Set.copyOf(specials);
  }

  /** Some of those there are, at least one. */
  private static <T> List<T> known(String what, List<T> given, List<T> all) {
    Require.that(
        !given.isEmpty() && all.containsAll(given),
        "%s are %s, but must be some of %s",
        what,
        given,
        all);
    return List.copyOf(given);
  }

  CaseSpace ofChoices(List<Choice> others) {
    return new CaseSpace(others, shapes, dimensions, types, layouts, directions, specials, limits);
  }

  CaseSpace ofShapes(List<Shape> others, List<Integer> axes) {
    return new CaseSpace(choices, others, axes, types, layouts, directions, specials, limits);
  }

  /** The same of only those types that are among others. */
  CaseSpace ofTypes(List<DataType> others) {
    List<DataType> both = types.stream().filter(others::contains).toList();
    Require.that(!both.isEmpty(), "types are %s, but only %s can be computed", types, others);
    return new CaseSpace(choices, shapes, dimensions, both, layouts, directions, specials, limits);
  }

  CaseSpace ofLayouts(List<Layout> others) {
    return new CaseSpace(choices, shapes, dimensions, types, others, directions, specials, limits);
  }

  CaseSpace ofDirections(List<Direction> others) {
    return new CaseSpace(choices, shapes, dimensions, types, layouts, others, specials, limits);
  }

  CaseSpace ofSpecials(Set<Special> others) {
    return new CaseSpace(choices, shapes, dimensions, types, layouts, directions, others, limits);
  }

  CaseSpace ofLimits(RandomCases.Limits others) {
    return new CaseSpace(choices, shapes, dimensions, types, layouts, directions, specials, others);
  }

  /** Whether a case could be drawn but for its sizes. */
  boolean has(Case subject) {
    Shape shape = subject.shape();
    return choices.stream().anyMatch(choice -> choice.has(subject.operator()))
        && (shapes.isEmpty() || shapes.contains(shape))
        && (!shape.hasPlanes() || dimensions.contains(shape.axes()))
        && types.contains(subject.type())
        && layouts.contains(subject.layout())
        && directions.contains(subject.direction());
  }

  /** A number of spatial axes that was drawn, or else another of those that there may be. */
  int dimensions(int drawn) {
    return dimensions.contains(drawn) ? drawn : dimensions.get(drawn % dimensions.size());
  }

  Layout layout(Layout drawn) {
    return near(drawn, layouts);
  }

  Direction direction(Direction drawn) {
    return near(drawn, directions);
  }

  private static <T> T near(T drawn, List<T> wanted) {
    return wanted.contains(drawn) ? drawn : wanted.get(0);
  }
}
