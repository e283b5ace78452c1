package io.github.clpool.parity;

import io.github.clpool.op.Avg;
import io.github.clpool.op.Direction;
import io.github.clpool.op.LogSumExp;
import io.github.clpool.op.Lp;
import io.github.clpool.op.Mix;
import io.github.clpool.op.Mixture;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Reduction;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Window;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What OpenCL programs are compiled for. Random cases share a bounded number of them, since each
 * costs compilations. Immutable.
 *
 * @param name the operator's first word
 * @param operator the only operator that is meant; null for any of the name
 * @param reduction the reduction; null for operators that are none over regions
 * @param regions the word of the regions of all its cases; null for any
 * @param rank the window's number of axes
 * @param window kernel, stride and dilation where the regions are windows
 * @param type the element type
 * @param layout the layout
 * @param indices whether a forward call gives indices, if it can
 * @param accumulate whether a backward call accumulates
 * @param hasLongAxes whether planes with windows may have a long axis
 */
record Template(
    String name,
    Operator operator,
    Reduction reduction,
    String regions,
    int rank,
    Window window,
    DataType type,
    Layout layout,
    boolean indices,
    boolean accumulate,
    boolean hasLongAxes) {
  private static final List<String> REDUCTIONS =
      Operators.names().stream().filter(name -> !RandomOperators.has(name)).toList();

  private static final int[][] KERNELS = {
    {1, 2, 3, 3, 4, 5, 7, 13, 20, 66, 130}, {1, 2, 2, 3, 3, 3, 4, 5, 7, 11}, {1, 2, 2, 3, 3, 4}
  };

  /** Of windows that are worth sharing columns between outputs. */
  private static final int[][] LARGE_KERNELS = {{66, 130}, {6, 7, 7, 8, 9, 13}, {4, 5, 5, 6}};

  /** How much wider than windows padding may be, so that some lie in it altogether. */
  private static final int BEYOND = 3;

  /** Draws a template; an operator over regions of a word takes its reduction from the round. */
  static Template draw(
      SplittableRandom random,
      CaseSpace space,
      CaseSpace.Choice choice,
      int round,
      DataType type,
      Layout layout) {
    String name = name(choice, round);
    int rank = space.dimensions(random.nextInt(6) < 4 ? 2 : 1 + 2 * random.nextInt(2));
    boolean isLarge = random.nextInt(4) == 0;
    int[] kernel = draws(random, rank, (isLarge ? LARGE_KERNELS : KERNELS)[rank - 1]);
    Window window = Regions.window(kernel);
    if (isLarge) {
      window = window.stride(draws(random, rank, 1, 1, 1, 2));
    } else if (random.nextInt(4) > 0) {
      window = window.stride(draws(random, rank, 1, 1, 2, 2, 3, 4));
    }
    if (random.nextInt(4) == 0) {
      window = window.dilation(draws(random, rank, 1, 2, 2, 3));
    }
    int padded = random.nextInt(10);
    if (padded < 2) {
      window = padded == 0 ? window.same() : window.sameLower();
    }
    return new Template(
        name,
        choice.operator(),
        RandomOperators.has(name) ? null : reduction(random, name),
        choice.isOfRegions() ? choice.word() : null,
        rank,
        window,
        type,
        layout,
        random.nextBoolean(),
        random.nextInt(3) == 0,
        random.nextInt(4) == 0);
  }

  /** Whether what is chosen takes a type, forward at least. */
  static boolean takes(CaseSpace.Choice choice, int round, DataType type) {
    if (choice.operator() != null) {
      return choice.operator().takes(type, Direction.FORWARD);
    }
    String name = name(choice, round);
    boolean takesBytes =
        RandomOperators.has(name)
            ? name.equals("max_unpool") || name.equals("s3_pool")
            : reduction(new SplittableRandom(0), name).takesBytes();
    return type.isFloatingPoint() || type.isByte() && takesBytes;
  }

  private static String name(CaseSpace.Choice choice, int round) {
    return choice.isOfRegions() ? REDUCTIONS.get(round % REDUCTIONS.size()) : choice.word();
  }

  /** One number per axis; most often the same one. */
  private static int[] draws(SplittableRandom random, int count, int... choices) {
    int[] drawn = new int[count];
    int all = choices[random.nextInt(choices.length)];
    boolean different = random.nextInt(3) == 0;
    Arrays.setAll(drawn, i -> different ? choices[random.nextInt(choices.length)] : all);
    return drawn;
  }

  static Reduction reduction(SplittableRandom random, String name) {
    return switch (name) {
      case "avg" -> {
        int counts = random.nextInt(3);
        Avg avg = counts == 0 ? Pool.avg() : Pool.avg().countIncludePad(counts == 1);
        List<Integer> divisors = List.of(1, 3, -7, 100, -1);
        yield random.nextInt(5) == 0
            ? avg.divisorOverride(divisors.get(random.nextInt(divisors.size())))
            : avg;
      }
      case "lp" -> {
        double[] powers = {1, 2, 2, 3, 0.5, 1.5, 4, Double.POSITIVE_INFINITY};
        Lp lp = Pool.lp(powers[random.nextInt(powers.length)]);
        lp = random.nextBoolean() ? lp.mean() : lp;
        yield random.nextInt(3) == 0 ? lp.signed() : lp;
      }
      case "gem" -> random.nextBoolean() ? Pool.gem() : Pool.gem().eps(0.25);
      case "soft" -> random.nextInt(3) == 0 ? Pool.soft().paperGradient() : Pool.soft();
      case "log_sum_exp" -> logSumExp(random);
      case "variance" -> random.nextInt(3) == 0 ? Pool.variance().sample() : Pool.variance();
      case "std" -> random.nextInt(3) == 0 ? Pool.std().sample() : Pool.std();
      case "stochastic" ->
          random.nextInt(3) == 0 ? Pool.stochastic().expected() : Pool.stochastic();
      case "mix" -> {
        Mix mix = mix(random);
        yield random.nextInt(3) == 0 ? mix.countIncludePad() : mix;
      }
      default -> ((Pool) Operators.parse(name + " global")).reduction(); // which has no options
    };
  }

  private static LogSumExp logSumExp(SplittableRandom random) {
    double[] sharpness = {1, 1, 0.1, 7, 0x1p-126, 0x1p127};
    LogSumExp exp = Pool.logSumExp().sharpness(sharpness[random.nextInt(sharpness.length)]);
    return random.nextBoolean() ? exp.mean() : exp;
  }

  private static Mix mix(SplittableRandom random) {
    Mix mix = Pool.mix();
    return switch (random.nextInt(8)) {
      case 0 -> mix.add();
      case 1 -> mix.mean();
      case 2 -> Pool.mix(-1.25, 0.3);
      case 3 -> mix.alpha();
      case 4 -> mix.cat(Mixture.Order.AVG_MAX);
      case 5 -> mix.cat(Mixture.Order.MAX_AVG);
      case 6 -> mix.random();
      default -> mix.gated();
    };
  }

  /** Adds what is not compiled in: padding and the rounding of the output size. */
  Window withPadding(SplittableRandom random) {
    if (window.samePadding() != Window.Same.NONE) {
      return window;
    }
    Window padded = window;
    boolean wide = random.nextInt(8) == 0;
    int beyond = wide && random.nextBoolean() ? BEYOND : 0;
    int[] before = new int[rank];
    int[] after = new int[rank];
    boolean perSide = random.nextInt(3) == 0;
    for (int axis = 0; axis < rank; axis++) {
      int kernel = window.kernel().get(axis);
      List<Integer> dilations = window.dilation();
      int dilation = dilations.get(dilations.size() == 1 ? 0 : axis);
      int most = wide ? dilation * (kernel - 1) + beyond : kernel / 2;
      before[axis] = random.nextInt(most + 1);
      after[axis] = perSide ? random.nextInt(most + 1) : before[axis];
    }
    if (random.nextInt(4) > 0) {
      padded = padded.padding(before, after);
    }
    padded = wide ? padded.widePadding() : padded;
    return random.nextInt(3) == 0 ? padded.ceilMode() : padded;
  }
}
