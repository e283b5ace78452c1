package io.github.clpool.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.parity.Case;
import io.github.clpool.parity.Parity;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorsTest {
  private static int[] numbers(SplittableRandom random, int count, int least) {
    int[] numbers = new int[random.nextBoolean() ? 1 : count];
    Arrays.setAll(numbers, i -> least + random.nextInt(6));
    return numbers;
  }

  private static Regions regions(SplittableRandom random) {
    int axes = 1 + random.nextInt(3);
    return switch (random.nextInt(6)) {
      case 4 -> {
        Fractional fractional = Regions.fractional(numbers(random, axes, 1));
        yield random.nextBoolean()
            ? fractional.outputSize(numbers(random, axes, 1))
            : fractional.outputRatio(random.nextDouble(0.01, 1), random.nextDouble(0.01, 1));
      }
      case 5 -> {
        int[] kernel = numbers(random, axes, 1);
        int times = random.nextInt(1, 4);
        yield Regions.sampled(Arrays.stream(kernel).map(k -> k * times).toArray(), kernel);
      }
      case 0 -> Regions.global();
      case 1 -> {
        int[] output = numbers(random, axes, 1);
        output[0] = random.nextInt(3) == 0 ? Adaptive.KEEP : output[0];
        yield Regions.adaptive(output);
      }
      default -> {
        Window window = Regions.window(numbers(random, axes, 7));
        window = random.nextBoolean() ? window.stride(numbers(random, axes, 1)) : window;
        window = random.nextBoolean() ? window.dilation(numbers(random, axes, 1)) : window;
        if (random.nextInt(3) == 0) {
          yield random.nextBoolean() ? window.same() : window.sameLower();
        }
        int[] padding = new int[axes];
        Arrays.setAll(padding, i -> random.nextInt(4));
        window = random.nextBoolean() ? window.padding(padding) : window;
        window = random.nextInt(4) == 0 ? window.padding(padding, new int[] {1}) : window;
        window = random.nextBoolean() ? window.ceilMode() : window;
        yield random.nextBoolean() ? window.widePadding() : window;
      }
    };
  }

  private static Reduction reduction(SplittableRandom random) {
    Avg avg = Pool.avg();
    avg = random.nextInt(3) == 0 ? avg : avg.countIncludePad(random.nextBoolean());
    Lp lp = Pool.lp(random.nextInt(1, 9) / 2.0);
    return switch (random.nextInt(18)) {
      case 17 -> Pool.median();
      case 15 -> random.nextBoolean() ? Pool.variance() : Pool.variance().sample();
      case 16 -> random.nextBoolean() ? Pool.std() : Pool.std().sample();
      case 14 -> logSumExp(random);
      case 5 -> lp;
      case 6 -> lp.mean();
      case 7 -> lp.signed();
      case 8 -> Pool.lp(Double.POSITIVE_INFINITY).mean().signed();
      case 9 -> Pool.gem().eps(random.nextInt(1, 3) * 1e-6);
      case 10 -> Pool.soft();
      case 11 -> Pool.soft().paperGradient();
      case 0 -> Pool.max();
      case 12 -> Pool.importance();
      case 13 -> mix(random);
      case 1 -> Pool.min();
      case 2 -> Pool.sum();
      case 3 -> avg;
      default -> avg.divisorOverride(random.nextInt(1, 9) * (random.nextBoolean() ? 1 : -1));
    };
  }

  private static LogSumExp logSumExp(SplittableRandom random) {
    double[] sharpness = {1, 2, 0.5, 1e30, random.nextDouble(1e-3, 9)};
    LogSumExp exp = Pool.logSumExp().sharpness(sharpness[random.nextInt(sharpness.length)]);
    return random.nextBoolean() ? exp.mean() : exp;
  }

  private static Mix mix(SplittableRandom random) {
    Mix mix = random.nextBoolean() ? Pool.mix().countIncludePad() : Pool.mix();
    return switch (random.nextInt(6)) {
      case 0 -> mix.add();
      case 1 -> mix.mean();
      case 2 -> mix.alpha();
      case 3 -> mix.random();
      case 4 -> mix.cat(Mixture.Order.values()[random.nextInt(2)]);
      default -> Pool.mix(random.nextDouble(-1, 1), random.nextDouble() * 1e-9);
    };
  }

  @Test
  void randomOperatorsReadBack() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 5000; i++) {
      Pool pool = reduction(random).over(regions(random));
      assertEquals(pool, Operators.parse(pool.toString()), pool::toString);
    }
  }

  @Test
  void crfPoolReadsBack() {
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 200; i++) {
      CrfPool pool =
          switch (random.nextInt(3)) {
            case 0 -> CrfPool.allPairs();
            case 1 -> CrfPool.given();
            default -> CrfPool.edges(1 + random.nextInt(20));
          };
      CrfPool.Normalization[] all = CrfPool.Normalization.values();
      pool = pool.normalization(all[random.nextInt(all.length)]).steps(random.nextInt(9));
      pool = random.nextBoolean() ? pool.compatibility() : pool;
      pool = random.nextBoolean() ? pool.hard() : pool;
      assertEquals(pool, Operators.parse(pool.toString()), pool::toString);
    }
    assertEquals("crf_pool", CrfPool.allPairs().toString());
    assertEquals(
        "crf_pool edges=2 normalization=ROW_SUM_ABS steps=0 compatibility hard",
        CrfPool.edges(2)
            .normalization(CrfPool.Normalization.ROW_SUM_ABS)
            .steps(0)
            .compatibility()
            .hard()
            .toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "crf_pool edges=0 | edges is 0, but must be at least 1",
        "crf_pool steps=-1 | steps is -1, but must be at least 0 and at most 1000",
        "crf_pool steps=1001 | steps is 1001, but must be at least 0 and at most 1000",
        "crf_pool edges=1 given | operator 'crf_pool edges=1 given' names two kinds of pairs",
        "crf_pool normalization=SUM | normalization is 'SUM', but must be one of [ROW_SUM,"
            + " ROW_SUM_ABS, NONE]",
        "crf_pool window=2 | ''",
      })
  void wrongCrfPools(String text, String message) {
    Exception wrong = assertThrows(IllegalArgumentException.class, () -> Operators.parse(text));
    assertEquals(message.isEmpty() ? wrong.getMessage() : message, wrong.getMessage());
  }

  @Test
  void s3PoolReadsBack() {
    S3Pool s3 = new S3Pool(Regions.sampled(new int[] {4, 6}, new int[] {2, 3}));
    assertEquals(s3, Operators.parse(s3.toString()));
    assertEquals(s3.training(), Operators.parse("s3_pool grid=4x6 window=2x3"));
    assertEquals(s3.training(), Operators.parse(s3.training().toString()));
  }

  @Test
  void gatedReadsBack() {
    Pool pool = Pool.mix().gated().countIncludePad().over(Regions.window(3).padding(1));
    assertEquals("mix gated countIncludePad window=3 padding=1", pool.toString());
    assertEquals(pool, Operators.parse(pool.toString()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max window=3x3 stride=2 padding=1         | 1x1x7x7   | 1x1x4x4",
        "  min   window=2                          | 2x3x5     | 2x3x2",
        "avg countIncludePad=false adaptive=7xKEEP | 1x1x9x11  | 1x1x7x11",
        "avg divisorOverride=-2 window=2x3 ceilMode| 1x1x3x4   | 1x1x2x2",
        "max fractional=2 outputSize=5x7           | 2x3x11x13 | 2x3x5x7",
        "avg fractional=3x2 outputRatio=0.7        | 2x3x11x13 | 2x3x7x9",
        "max sampled=2 grid=4                      | 2x3x8x12  | 2x3x4x6",
        "min sampled=2x1 grid=4x3                  | 2x3x8x12  | 2x3x4x12",
        "s3_pool grid=4 window=2                   | 2x3x8x12  | 2x3x4x6",
        "s3_pool grid=6x3 window=3 inference       | 2x3x12x9  | 2x3x4x3",
        "sum global                                | 1x2x3x4x5 | 1x2x1x1x1",
        "max window=3 padding=1:0 stride=1         | 1x1x4     | 1x1x3",
        "max window=3 same stride=2                | 1x1x4     | 1x1x2",
        "max ceilMode=true window=2                | 1x1x5     | 1x1x3",
        "max ceilMode=false window=2               | 1x1x5     | 1x1x2",
        "importance window=3 stride=2 padding=1    | 1x1x7     | 1x1x4",
        "mix add window=2                          | 1x1x4     | 1x1x2",
        "mix b=1 a=-1e-3 countIncludePad window=2  | 1x1x4     | 1x1x2",
        "mix cat=max-avg global                    | 2x3x4     | 2x6x1",
        "mix gated window=2x3                      | 2x3x4x6   | 2x3x2x2",
        "soft_gate                                  | 2x3x4     | 2x3x4",
      })
  void texts(String text, String input, String output) {
    assertEquals(Shape.parse(output), Operators.parse(text).outputShape(Shape.parse(input)));
  }

  @ParameterizedTest
  @CsvSource({
    "roi_pool output=7,                  2x3x40x50, 9x3x7x7",
    "roi_align output=2x3 mode=max-onnx, 2x3x40x50, 9x3x2x3"
  })
  void thereAreAsManyOutputsAsRegions(String text, String input, String output) {
    Map<Role, Shape> given =
        Map.of(Role.INPUT, Shape.parse(input), Role.ROIS, Shape.array(9, Roi.NUMBERS));
    assertEquals(Shape.parse(output), Operators.parse(text).shapeOf(Role.OUTPUT, given));
  }

  /** Of the input alone: what a call's output has, or nothing. */
  @ParameterizedTest
  @MethodSource("io.github.clpool.op.Operators#names")
  void outputShapesAreTrueOrNotToBeHad(String name) {
    for (Case drawn : Parity.of(name).types(DataType.FLOAT32).small().cases(20).draw()) {
      Problem problem = drawn.problem();
      Operator operator = problem.operator();
      if (operator instanceof RoiOperator || operator instanceof CrfPool) {
        String message =
            assertThrows(
                    IllegalArgumentException.class, () -> operator.outputShape(problem.input()))
                .getMessage();
        assertTrue(message.startsWith("the output of " + operator + " depends on"), message);
      } else {
        assertEquals(problem.output(), operator.outputShape(problem.input()), problem::toString);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "maxi window=3            | operator is 'maxi', but must be one of max, min, ",
        "max                      | operator 'max' names no regions, but must name one of window,",
        "max window=3 adaptive=2  | operator 'max window=3 adaptive=2' names two kinds of regions",
        "max window=3 strides=2   | option 'strides' does not belong to max with these regions",
        "max window=3 window=2    | option 'window' is given twice",
        "max window=a             | window is 'a', but must be numbers joined by x",
        "max window=99999999999   | window is '99999999999', but must be numbers joined by x, each"
            + " below",
        "max window=              | window is '', but must be numbers joined by x",
        "max window=3x            | window is '3x', but must be numbers joined by x",
        "max window=3 ceilMode=yes| ceilMode is 'yes', but must be true or false",
        "max window=3 countIncludePad=false | option 'countIncludePad' does not belong to max",
        "max adaptive=2 stride=1  | option 'stride' does not belong to max with these regions",
        "avg window=3 divisorOverride=0 | divisorOverride is 0, but must be any other number",
        "lp window=2              | p is missing, but lp needs p=1, p=2, ... or p=inf",
        "lp p=-1 window=2         | p is -1.0, but must be above 0",
        "lp p=NaN window=2        | p is NaN, but must be above 0",
        "gem eps=0 window=2       | eps is 0.0, but must be above 0 and finite",
        "soft mean window=2       | option 'mean' does not belong to soft",
        "log_sum_exp sharpness=0 global | sharpness is 0.0, but must be from 2^-126 to 2^127",
        "log_sum_exp sharpness=-1 global | sharpness is -1.0, but must be from 2^-126 to 2^127",
        "log_sum_exp sharpness=1e39 global | sharpness is 1.0E39, but must be from 2^-126 to",
        "log_sum_exp sharpness=1e-39 global | sharpness is 1.0E-39, but must be from 2^-126 to",
        "log_sum_exp sharpness=inf global | sharpness is Infinity, but must be from 2^-126 to",
        "log_sum_exp sharpness=NaN global | sharpness is NaN, but must be from 2^-126 to 2^127",
        "log_sum_exp sharpness=soft global | sharpness is 'soft', but must be a number",
        "max window=0             | kernel is 0, but must be at least 1",
        "max window=3 padding=2   | padding before is 2, but must be at most half the kernel 3",
        "max window=KEEP          | window is 'KEEP', but must be numbers joined by x",
        "avg window=3 divisorOverride=2x3 | divisorOverride is '2x3', but must be one number",
        "max window=3 padding=1:2:3 | padding is '1:2:3', but must be",
        "max fractional=2         | outputSize is not given and outputRatio is not given, but"
            + " exactly",
        "max fractional=2 outputSize=3 outputRatio=0.5 | outputSize is 3 and outputRatio is 0.5,"
            + " but",
        "max fractional=0 outputSize=3 | kernel is 0, but must be at least 1",
        "max fractional=2 outputSize=0 | outputSize is 0, but must be at least 1",
        "max fractional=2 outputRatio=1 | outputRatio is 1.0, but must be above 0 and below 1",
        "max fractional=2 outputRatio=NaN | outputRatio is NaN, but must be above 0 and below 1",
        "max fractional=2 outputRatio=half | outputRatio is 'half', but must be a number",
        "s3_pool window=2         | grid is missing from operator 's3_pool window=2'",
        "s3_pool grid=3 window=2 inference | grid is 3, but must be a multiple of the kernel 2",
        "max sampled=2            | grid is missing",
        "max sampled=2 grid=3     | grid is 3, but must be a multiple of the kernel 2",
        "max sampled=2x1 grid=2x2x2 | grid is 2x2x2 and kernel is 2x1, but they must have as many",
        "max global=3             | global is '3', but ",
        "mix global               | operator 'mix global' names 0 mixtures, but must name one of a="
            + " ",
        "mix add mean global      | operator 'mix add mean global' names 2 mixtures",
        "mix a=1 global           | b is missing from operator 'mix a=1 global'",
        "mix a=x b=1 global       | a is 'x', but must be a number",
        "mix cat=both global      | cat is 'both', but must be one of [avg-max, max-avg]",
        "mix gated adaptive=2     | regions of mix gated are 'adaptive=2', but must be a window",
        "soft_gate window=2        | option 'window' does not belong to soft_gate",
        "roi_pool                  | output is missing from operator 'roi_pool'",
        "roi_pool output=0         | output height is 0, but must be at least 1",
        "roi_pool output=2x0       | output width is 0, but must be at least 1",
        "roi_pool output=1x2x3     | output is '1x2x3', but must be one or two numbers",
        "roi_pool output=2 spatialScale=0    | spatialScale is 0.0, but must be finite and above 0",
        "roi_pool output=2 spatialScale=inf  | spatialScale is Infinity, but must be finite and",
        "roi_pool output=2 spatialScale=NaN  | spatialScale is NaN, but must be finite and above 0",
        "roi_pool output=2 aligned           | option 'aligned' does not belong to roi_pool",
        "roi_align output=2 samplingRatio=-1 | samplingRatio is -1, but must be at least 0",
        "roi_align output=2 mode=min         | mode is 'min', but must be one of [avg, max,"
            + " max-onnx",
      })
  void wrongTexts(String text, String message) {
    String thrown =
        assertThrows(IllegalArgumentException.class, () -> Operators.parse(text)).getMessage();
    assertEquals(message, thrown.substring(0, Math.min(message.length(), thrown.length())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "roi_pool output=7x7",
        "roi_pool output=3x1 spatialScale=0.0625 avg",
        "roi_align output=7x7",
        "roi_align output=14x7 spatialScale=0.25 samplingRatio=2 aligned",
        "roi_align output=1x1 spatialScale=1.0E-4 mode=max",
        "roi_align output=2x3 aligned mode=max-onnx",
      })
  void textsOfRegionsOfInterest(String text) {
    assertEquals(text, Operators.parse(text).toString());
    assertEquals(Operators.parse(text), Operators.parse(text.replace("7x7", "7")));
  }

  /** Whatever is listed is read, and the parser itself refuses to read what is not. */
  @Test
  void everyWordThatIsListedIsRead() {
    List<String> words = new ArrayList<>();
    for (Syntax syntax : Operators.syntax()) {
      words.add(syntax.word());
      Operators.parse(syntax.example());
      for (String option : syntax.options()) {
        assertTrue(isRead(syntax, option), syntax.word() + " with " + option);
      }
    }
    List<String> known = new ArrayList<>(Operators.names());
    known.addAll(Operators.regions());
    assertEquals(new TreeSet<>(known), new TreeSet<>(words));
    assertEquals(known.size(), words.size());
  }

  /** With the example's options, with another one, or with another in place of the example's. */
  private static boolean isRead(Syntax syntax, String option) {
    List<String> texts = new ArrayList<>();
    String name = option.replaceAll("=.*", "");
    String without = syntax.example().replaceAll(" " + name + "(=\\S+)?(?= |$)", "");
    texts.add(without + " " + option);
    String regions = syntax.kind() == Syntax.Kind.REDUCTION ? " window=2" : "";
    String first = syntax.kind() == Syntax.Kind.REGIONS ? "max " : syntax.word() + " ";
    texts.add(first + option + regions);
    for (String other : syntax.options()) {
      texts.add(first + option + " " + other + regions);
    }
    for (String text : texts) {
      try {
        Operators.parse(text);
        return true;
      } catch (IllegalArgumentException wrong) {
        // another text may do
      }
    }
    return false;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "maxx window=3                 | ; did you mean 'max'?",
        "Max window=3                  | ; did you mean 'max'?",
        "max windows=3                 | ; did you mean 'window'?",
        "max window=3 strides=2        | ; did you mean 'stride'?",
        "max window=3 ceilmode         | ; did you mean 'ceilMode'?",
        "avg window=3 countIncludePads | ; did you mean 'countIncludePad'?",
        "roi_align output=2 align      | ; did you mean 'aligned'?",
      })
  void nearWordsAreAskedFor(String text, String question) {
    String thrown =
        assertThrows(IllegalArgumentException.class, () -> Operators.parse(text)).getMessage();
    assertTrue(thrown.endsWith(question), thrown);
  }

  @Test
  void farWordsAreNotAskedFor() {
    for (String text : List.of("zzzzzz window=3", "max window=3 nonsense", "x".repeat(5000))) {
      String thrown =
          assertThrows(IllegalArgumentException.class, () -> Operators.parse(text)).getMessage();
      assertFalse(thrown.contains("did you mean"), thrown);
    }
  }
}
