package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads operators from text: a reduction with its options, then regions with theirs, words
 * separated by blanks, such as {@code max window=3x3 stride=2 padding=1} or {@code avg
 * countIncludePad=false adaptive=7xKEEP}. Stateless.
 */
public final class Operators {
  /** How a word is written, and how it is read with what stands beside it. */
  private record Word<T>(Syntax syntax, Function<OperatorText, T> reader) {}

  private static final Map<String, Word<Reduction>> REDUCTIONS = new LinkedHashMap<>();
  private static final Map<String, Word<Regions>> REGIONS = new LinkedHashMap<>();

  /** Operators that are not a reduction over regions. */
  private static final Map<String, Word<Operator>> OTHERS = new LinkedHashMap<>();

  static {
    reduction("max window=3x3 stride=2 padding=1", options -> Pool.max());
    reduction("min window=3 same", options -> Pool.min());
    reduction("sum window=2", options -> Pool.sum());
    reduction("avg adaptive=7", ReductionTexts::avg, "countIncludePad=false", "divisorOverride=4");
    reduction("lp p=2 window=2", ReductionTexts::lp, "p=2", "mean", "signed");
    reduction("gem global", ReductionTexts::gem, "eps=1e-3");
    reduction("soft window=2", ReductionTexts::soft, "paperGradient");
    reduction("median window=3 padding=1", options -> Pool.median());
    reduction(
        "variance global", options -> ReductionTexts.sample(Pool.variance(), options), "sample");
    reduction("std global", options -> ReductionTexts.sample(Pool.std(), options), "sample");
    reduction("log_sum_exp global", ReductionTexts::logSumExp, "sharpness=2", "mean");
    reduction("importance window=2", options -> Pool.importance());
    reduction("stochastic window=2", ReductionTexts::stochastic, "expected");
    reduction(
        "mix mean window=2",
        ReductionTexts::mix,
        "a=0.3",
        "b=0.7",
        "add",
        "mean",
        "alpha",
        "gated",
        "random",
        "cat=avg-max",
        "countIncludePad");
    regions(
        "window",
        "max window=3x3 stride=2 padding=1",
        RegionTexts::window,
        "window=3",
        "stride=2",
        "padding=1",
        "dilation=2",
        "ceilMode",
        "widePadding",
        "same",
        "sameLower");
    regions("global", "avg global", RegionTexts::global, "global");
    regions(
        "fractional",
        "max fractional=2 outputRatio=0.7",
        RegionTexts::fractional,
        "fractional=2",
        "outputSize=7",
        "outputRatio=0.7");
    regions(
        "sampled",
        "max sampled=2 grid=8",
        options -> Regions.sampled(options.numbers("grid"), options.numbers("sampled")),
        "sampled=2",
        "grid=8");
    regions(
        "adaptive",
        "avg adaptive=7xKEEP",
        options -> Regions.adaptive(options.numbers("adaptive")),
        "adaptive=7");
    operator(
        "crf_pool edges=1",
        CrfPool::parse,
        "edges=2",
        "given",
        "normalization=ROW_SUM_ABS",
        "steps=3",
        "compatibility",
        "hard");
    operator(
        "max_unpool window=2",
        Operators::maxUnpool,
        "output=7x9",
        "window=2",
        "stride=2",
        "padding=1",
        "widePadding",
        "distinct");
    operator("s3_pool grid=8 window=2", Operators::s3Pool, "grid=8", "window=2", "inference");
    operator("roi_pool output=7", RoiTexts::roiPool, "output=7x7", "spatialScale=0.0625", "avg");
    operator(
        "roi_align output=7 aligned",
        RoiTexts::roiAlign,
        "output=7x7",
        "spatialScale=0.0625",
        "samplingRatio=2",
        "aligned",
        "mode=max");
    operator("soft_gate", options -> new SoftGate());
  }

  private static void reduction(
      String example, Function<OperatorText, Reduction> reader, String... options) {
    add(REDUCTIONS, first(example), Syntax.Kind.REDUCTION, example, reader, options);
  }

  private static void regions(
      String word, String example, Function<OperatorText, Regions> reader, String... options) {
    add(REGIONS, word, Syntax.Kind.REGIONS, example, reader, options);
  }

  private static void operator(
      String example, Function<OperatorText, Operator> reader, String... options) {
    add(OTHERS, first(example), Syntax.Kind.OPERATOR, example, reader, options);
  }

  private static <T> void add(
      Map<String, Word<T>> words,
      String word,
      Syntax.Kind kind,
      String example,
      Function<OperatorText, T> reader,
      String... options) {
    words.put(word, new Word<>(new Syntax(word, kind, List.of(options), example), reader));
  }

  private static String first(String example) {
    return example.split(" ", 2)[0];
  }

  private Operators() {}

  /**
   * The words that an operator's text can begin with.
   *
   * @return the words, the classics first
   */
  public static List<String> names() {
    List<String> names = new ArrayList<>(REDUCTIONS.keySet());
    names.addAll(OTHERS.keySet());
    return names;
  }

  /**
   * The words that name regions in an operator's text.
   *
   * @return the words, the classics first
   */
  public static List<String> regions() {
    return List.copyOf(REGIONS.keySet());
  }

  /**
   * Every word with its options and an example: what {@link #parse} reads, and nothing else.
   *
   * @return the words, of reductions, of regions, and of other operators
   */
  public static List<Syntax> syntax() {
    List<Syntax> all = new ArrayList<>();
    REDUCTIONS.values().forEach(word -> all.add(word.syntax()));
    REGIONS.values().forEach(word -> all.add(word.syntax()));
    OTHERS.values().forEach(word -> all.add(word.syntax()));
    return all;
  }

  /**
   * Reads an operator.
   *
   * @param text the text, as {@code toString()} of the operator prints it
   * @return the operator
   * @throws IllegalArgumentException naming the word that is wrong and what could stand there
   */
  public static Operator parse(String text) {
    Require.present("text", text);
    OperatorText options = new OperatorText(text);
    Require.that(
        names().contains(options.name),
        "operator is '%s', but must be one of %s%s",
        options.name,
        String.join(", ", names()),
        Nearest.question(options.name, names()));
    Word<Operator> other = OTHERS.get(options.name);
    Operator operator = other != null ? read(other, options) : pool(options);
    options.checkAllUsed();
    return operator;
  }

  /**
   * Makes the operator of a node of an ONNX model; {@link OnnxNode} says more of such nodes.
   *
   * @param opType the node's type, such as MaxPool
   * @param opset the version of ONNX's operators that the model imports
   * @param attributes the node's attributes by name: numbers, texts, and arrays or lists of numbers
   * @return the operator
   * @throws IllegalArgumentException as {@link OnnxNode#of}
   */
  public static Operator fromOnnx(String opType, int opset, Map<String, ?> attributes) {
    return OnnxNode.of(opType, opset, attributes).operator();
  }

  private static Pool pool(OperatorText options) {
    Word<Reduction> reduction = REDUCTIONS.get(options.name);
    options.know(reduction.syntax().names());
    options.know(REGIONS.keySet());
    Word<Regions> regions = null;
    for (Map.Entry<String, Word<Regions>> entry : REGIONS.entrySet()) {
      if (options.has(entry.getKey())) {
        Require.that(regions == null, "operator '%s' names two kinds of regions", options);
        regions = entry.getValue();
      }
    }
    Require.that(
        regions != null,
        "operator '%s' names no regions, but must name one of %s%s",
        options,
        String.join(", ", REGIONS.keySet()),
        options.questionOfUnknown());
    return reduction.reader().apply(options).over(read(regions, options));
  }

  private static <T> T read(Word<T> word, OperatorText options) {
    options.know(word.syntax().names());
    return word.reader().apply(options);
  }

  private static Operator maxUnpool(OperatorText options) {
    options.know(REGIONS.get("window").syntax().names()); // some of them to be refused in words
    Require.that(
        options.has("window") != options.has("output"),
        "operator '%s' must have either window or output",
        options);
    MaxUnpool unpool =
        options.has("window")
            ? MaxUnpool.of(RegionTexts.window(options))
            : MaxUnpool.to(options.numbers("output"));
    return options.flag("distinct") ? unpool.distinct() : unpool;
  }

  private static Operator s3Pool(OperatorText options) {
    S3Pool s3 = new S3Pool(Regions.sampled(options.numbers("grid"), options.numbers("window")));
    return options.flag("inference") ? s3 : s3.training();
  }
}
