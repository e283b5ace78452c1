package io.github.clpool.parity;

import io.github.clpool.op.Direction;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Reduction;
import io.github.clpool.op.Regions;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.op.Window;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Excerpt;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Draws cases; the same seed and limits give the same ones. Not thread-safe. */
final class RandomCases {
  /**
   * How much the cases may ask for.
   *
   * @param work roughly how many additions or comparisons one case may need
   * @param templates how many combinations of operator, kernel, stride, dilation, type, layout and
   *     results there are, since each must be compiled; more if that is less than two of each
   *     operator
   */
  record Limits(int work, int templates) {
    /** For devices that run at full speed. */
    static final Limits FULL = new Limits(150_000, 24);

    /** For simulators. */
    static final Limits SMALL = new Limits(2_000, 12);
  }

  /** Regions, as often as they are drawn. */
  private static final List<String> REGIONS =
      List.of(
          "window window window window window window adaptive adaptive global fractional sampled"
              .split(" "));

  private static final int MOST_TRIES = 200;
  private static final int MOST_DRAWS = 20_000;

  private final SplittableRandom random;
  private final CaseSpace space;
  private final List<Recipe> recipes;
  private final RandomShapes shapes;
  private final List<Template> templates = new ArrayList<>();
  private int turn; // in turn, so that few cases are of all operators

  /** Prepares a sequence; the same seed and space give the same one. */
  RandomCases(long seed, CaseSpace space) {
    this.random = new SplittableRandom(seed);
    this.space = space;
    this.recipes =
        Arrays.stream(Recipe.values()).filter(each -> each.isOf(space.specials())).toList();
    this.shapes = new RandomShapes(random, space);
    List<CaseSpace.Choice> choices = space.choices();
    List<DataType> types = space.types();
    int count = Math.max(space.limits().templates(), 2 * choices.size());
    for (int i = 0; i < count; i++) {
      int round = i / choices.size();
      boolean common = (i % choices.size() + round) % 2 == 0 && types.contains(DataType.FLOAT32);
      CaseSpace.Choice choice = choices.get(i % choices.size());
      List<DataType> taken =
          types.stream().filter(type -> Template.takes(choice, round, type)).toList();
      if (taken.isEmpty()) {
        continue;
      }
      DataType type = common ? DataType.FLOAT32 : taken.get(random.nextInt(taken.size()));
      boolean last = round < 2 ? round == 1 : random.nextInt(5) < 2; // each has both layouts
      Layout layout = space.layout(last ? Layout.NHWC : Layout.NCHW);
      templates.add(Template.draw(random, space, choice, round, type, layout));
    }
    Require.that(!templates.isEmpty(), "types are %s, but %s take none of them", types, choices);
  }

  /**
   * Draws the next case.
   *
   * @return a case whose operator fits its shape
   * @throws IllegalArgumentException if there seems to be none
   */
  Case next() {
    for (int i = 0; i < MOST_DRAWS; i++) {
      Case drawn = draw(templates.get((turn + i / MOST_TRIES) % templates.size()));
      if (drawn != null) {
        turn = (turn + i / MOST_TRIES + 1) % templates.size();
        return drawn;
      }
    }
    throw new IllegalArgumentException(
        "no random shape fits: operators are %s, shapes %s, dimensions %s, but must fit each other"
            .formatted(Excerpt.of(space.choices()), space.shapes(), space.dimensions()));
  }

  /** A case of a template, or null if the random numbers do not fit each other. */
  private Case draw(Template template) {
    if (template.operator() != null) {
      return givenOperator(template);
    }
    return template.reduction() == null ? otherOperator(template, null) : reduction(template);
  }

  private Case givenOperator(Template template) {
    try {
      Case drawn = otherOperator(template, template.operator());
      if (drawn != null) {
        drawn.problem();
      }
      return drawn;
    } catch (IllegalArgumentException doesNotFit) {
      return null;
    }
  }

  private Case otherOperator(Template template, Operator given) {
    if (template.name().equals("crf_pool")) {
      Shape nodes = shapes.nodes();
      return nodes == null ? null : withShape(operator(template, given), nodes, template);
    }
    int[] sizes = shapes.sizes(shapes.rank(), random.nextInt(3) == 0);
    Operator operator = sizes == null ? null : operator(template, given, sizes);
    return operator == null ? null : withSizes(operator, sizes, template);
  }

  private Operator operator(Template template, Operator given, int... sizes) {
    return given != null ? given : RandomOperators.draw(template.name(), random, sizes);
  }

  private Case reduction(Template template) {
    String regions =
        template.regions() != null
            ? template.regions()
            : REGIONS.get(random.nextInt(REGIONS.size()));
    return regions.equals("window") ? windowCase(template) : otherCase(template, regions);
  }

  private Case windowCase(Template template) {
    Window window = template.withPadding(random);
    Pool pool = template.reduction().over(window);
    for (int i = 0; i < MOST_TRIES; i++) {
      int[] sizes = shapes.sizes(template.rank(), template.hasLongAxes() && random.nextInt(3) < 2);
      if (sizes != null && fits(window, sizes)) {
        return withSizes(pool, sizes, template);
      }
    }
    return null;
  }

  private static boolean fits(Window window, int[] sizes) {
    try {
      window.geometry(Shape.of(1, 1, sizes));
      return true;
    } catch (IllegalArgumentException tooSmall) {
      return false;
    }
  }

  private Case otherCase(Template template, String word) {
    int[] sizes = shapes.sizes(shapes.rank(), random.nextInt(3) == 0);
    if (sizes == null) {
      return null;
    }
    Regions drawn = RandomRegions.draw(word, random, sizes);
    return canBeOver(template.reduction(), drawn)
        ? withSizes(template.reduction().over(drawn), sizes, template)
        : null;
  }

  private static boolean canBeOver(Reduction reduction, Regions regions) {
    try {
      reduction.checkRegions(regions);
      return true;
    } catch (IllegalArgumentException windowsOnly) {
      return false;
    }
  }

  /** Adds batch and channels, and all that costs nothing. */
  private Case withSizes(Operator operator, int[] sizes, Template template) {
    Shape shape = shapes.withPlanes(workOfPlane(operator, sizes), sizes);
    return shape == null ? null : withShape(operator, shape, template);
  }

  private Case withShape(Operator operator, Shape shape, Template template) {
    Recipe recipe =
        random.nextBoolean() ? Recipe.UNIFORM : recipes.get(random.nextInt(recipes.size()));
    boolean wanted = random.nextInt(5) < 2 && operator.takes(template.type(), Direction.BACKWARD);
    Direction way = space.direction(wanted ? Direction.BACKWARD : Direction.FORWARD);
    if (!operator.takes(template.type(), way)) {
      return null;
    }
    boolean backward = way == Direction.BACKWARD;
    return new Case(
        operator,
        shape,
        template.layout(),
        template.type(),
        way,
        !backward && operator.hasIndices() && template.indices(),
        backward && template.accumulate(),
        recipe,
        random.nextInt(1_000_000),
        space.specials());
  }

  private static long workOfPlane(Operator operator, int... sizes) {
    Shape shape = Shape.of(1, 1, sizes);
    if (operator instanceof RoiOperator roi) {
      return 8L * (shape.planeSize() + (long) roi.outputHeight() * roi.outputWidth());
    }
    if (!(operator instanceof Pool pool)) {
      return Arrays.stream(sizes).asLongStream().reduce(8, (a, b) -> a * b);
    }
    var geometry = pool.geometry(shape);
    long taps = 1;
    for (int axis = 0; axis < 3; axis++) {
      taps *= Math.max(1, geometry.axis(axis).maxTaps());
    }
    return Math.max(taps * geometry.outputShape(shape).planeSize(), shape.planeSize());
  }
}
