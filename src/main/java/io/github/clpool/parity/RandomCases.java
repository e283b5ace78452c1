package io.github.clpool.parity;

import io.github.clpool.op.Adaptive;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Fractional;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Reduction;
import io.github.clpool.op.Regions;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.op.Window;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Draws cases; the same seed and limits give the same ones. Not thread-safe. */
public final class RandomCases {
  /**
   * How much the cases may ask for.
   *
   * @param work roughly how many additions or comparisons one case may need
   * @param templates how many combinations of operator, kernel, stride, dilation, type, layout and
   *     results there are, since each must be compiled; more if that is less than two of each
   *     operator
   */
  public record Limits(int work, int templates) {
    /** For devices that run at full speed. */
    public static final Limits FULL = new Limits(150_000, 24);

    /** For simulators. */
    public static final Limits SMALL = new Limits(2_000, 12);
  }

  private static final List<String> REDUCTIONS =
      Operators.names().stream().filter(name -> !RandomOperators.has(name)).toList();

  /** Regions, as often as they are drawn. */
  private static final List<String> REGIONS =
      List.of(
          "window window window window window window adaptive adaptive global fractional sampled"
              .split(" "));

  private static final int MOST_TRIES = 200;
  private static final int[] CHANNELS = {1, 1, 2, 3, 4, 5, 8, 13, 16, 17, 32, 35};

  private final SplittableRandom random;
  private final int work;
  private final List<Template> templates = new ArrayList<>();

  /**
   * Prepares a sequence.
   *
   * @param seed its seed
   * @param operators the first words of the operators to draw, at least one; a word of regions
   *     stands for every reduction over them
   * @param types the element types to draw where the operator takes them, one that all take among
   *     them; FLOAT32 is drawn most often
   * @param limits the size of it all
   */
  public RandomCases(long seed, List<String> operators, List<DataType> types, Limits limits) {
    Require.that(
        !operators.isEmpty() && !types.isEmpty(),
        "operators are %s and types %s, but there must be one of each",
        operators,
        types);
    this.random = new SplittableRandom(seed);
    this.work = limits.work();
    int count = Math.max(limits.templates(), 2 * operators.size());
    for (int i = 0; i < count; i++) {
      String name = operators.get(i % operators.size());
      int round = i / operators.size();
      boolean common = (i + round) % 2 == 0 && types.contains(DataType.FLOAT32);
      boolean ofRegions = Operators.regions().contains(name);
      String operator = ofRegions ? REDUCTIONS.get(round % REDUCTIONS.size()) : name;
      List<DataType> taken = types.stream().filter(type -> Template.takes(operator, type)).toList();
      DataType type = common ? DataType.FLOAT32 : taken.get(random.nextInt(taken.size()));
      boolean last = round < 2 ? round == 1 : random.nextInt(5) < 2; // each has both layouts
      Layout layout = last ? Layout.NHWC : Layout.NCHW;
      templates.add(Template.draw(random, operator, ofRegions ? name : null, type, layout));
    }
  }

  /**
   * Draws the next case.
   *
   * @return a case whose operator fits its shape
   */
  public Case next() {
    Case drawn = null;
    while (drawn == null) {
      Template template = templates.get(random.nextInt(templates.size()));
      drawn = template.reduction() == null ? otherOperator(template) : reduction(template);
    }
    return drawn;
  }

  private Case otherOperator(Template template) {
    if (template.name().equals("crf_pool")) {
      int[] array = RandomGraphs.sizes(random, work);
      Operator operator = RandomOperators.draw(template.name(), random, array);
      return withShape(operator, Shape.array(array[0], array[1]), template);
    }
    int[] sizes = sizes(1 + random.nextInt(3), random.nextInt(3) == 0);
    Operator operator = RandomOperators.draw(template.name(), random, sizes);
    return operator == null ? null : withSizes(operator, sizes, template);
  }

  private Case reduction(Template template) {
    String regions =
        template.regions() != null
            ? template.regions()
            : REGIONS.get(random.nextInt(REGIONS.size()));
    return switch (regions) {
      case "window" -> windowCase(template);
      case "adaptive" -> otherCase(template, this::adaptive);
      case "global" -> otherCase(template, this::global);
      case "fractional" -> otherCase(template, this::fractional);
      case "sampled" -> otherCase(template, this::sampled);
      default -> throw new IllegalArgumentException("regions are '" + regions + "'");
    };
  }

  private Case windowCase(Template template) {
    Window window = template.withPadding(random);
    Pool pool = template.reduction().over(window);
    for (int i = 0; i < MOST_TRIES; i++) {
      int[] sizes = sizes(template.rank(), template.hasLongAxes() && random.nextInt(3) < 2);
      if (fits(window, sizes)) {
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

  /** Makes regions for a plane of given sizes. */
  private interface RegionsForSizes {
    Regions draw(int... sizes);
  }

  private Case otherCase(Template template, RegionsForSizes regions) {
    int[] sizes = sizes(1 + random.nextInt(3), random.nextInt(3) == 0);
    Regions drawn = regions.draw(sizes);
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

  private Regions global(int... sizes) {
    return Regions.global();
  }

  private Regions adaptive(int... sizes) {
    int[] output = new int[random.nextInt(4) == 0 ? 1 : sizes.length];
    for (int i = 0; i < output.length; i++) {
      int choice = random.nextInt(8);
      if (choice == 0) {
        output[i] = Adaptive.KEEP;
      } else if (choice == 1) {
        output[i] = sizes[i] + 1 + random.nextInt(sizes[i] + 3);
      } else {
        output[i] = 1 + random.nextInt(Math.min(sizes[i], 12));
      }
    }
    return Regions.adaptive(output);
  }

  private Regions fractional(int... sizes) {
    int[] kernel = new int[sizes.length];
    int[] output = new int[sizes.length];
    double[] ratio = new double[sizes.length];
    boolean ratios = true;
    boolean large = random.nextInt(6) == 0;
    for (int i = 0; i < sizes.length; i++) {
      kernel[i] = 1 + random.nextInt(large ? sizes[i] : Math.min(sizes[i], 5));
      output[i] = 1 + random.nextInt(sizes[i] - kernel[i] + 1);
      ratio[i] = (output[i] + 0.5) / sizes[i];
      ratios &= ratio[i] < 1;
    }
    Fractional regions = Regions.fractional(kernel);
    return ratios && random.nextBoolean() ? regions.outputRatio(ratio) : regions.outputSize(output);
  }

  private Regions sampled(int... sizes) {
    return RandomOperators.sampled(random, sizes);
  }

  /**
   * Sizes 1 to 67, half of them small, fewer with more axes; one may be longer than a block of
   * sums.
   */
  private int[] sizes(int rank, boolean hasLongAxis) {
    int[] sizes = new int[rank];
    int most = rank == 3 ? 19 : 67;
    for (int i = 0; i < rank; i++) {
      sizes[i] = 1 + random.nextInt(random.nextBoolean() ? 12 : most);
    }
    if (hasLongAxis) {
      sizes[random.nextInt(rank)] = 1 + random.nextInt(rank == 1 ? 5000 : 200);
    }
    return sizes;
  }

  /** Adds batch and channels as far as the work allows, and all that costs nothing. */
  private Case withSizes(Operator operator, int[] sizes, Template template) {
    long plane = workOfPlane(operator, sizes);
    if (plane > work) {
      return null;
    }
    long planes = work / plane;
    long c = Math.min(planes, CHANNELS[random.nextInt(CHANNELS.length)]);
    long n = random.nextInt(40) == 0 ? 0 : Math.min(planes / c, 1 + random.nextInt(3));
    Shape shape = random.nextInt(6) == 0 ? Shape.unbatched(c, sizes) : Shape.of(n, c, sizes);
    return withShape(operator, shape, template);
  }

  private Case withShape(Operator operator, Shape shape, Template template) {
    Recipe[] recipes = Recipe.values();
    Recipe recipe = random.nextBoolean() ? Recipe.UNIFORM : recipes[random.nextInt(recipes.length)];
    boolean backward = random.nextInt(5) < 2 && operator.takes(template.type(), Direction.BACKWARD);
    return new Case(
        operator,
        shape,
        template.layout(),
        template.type(),
        backward ? Direction.BACKWARD : Direction.FORWARD,
        !backward && operator.hasIndices() && template.indices(),
        backward && template.accumulate(),
        recipe,
        random.nextInt(1_000_000));
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
