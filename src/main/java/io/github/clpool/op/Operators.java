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
  private static final Map<String, Function<OperatorText, Reduction>> REDUCTIONS =
      new LinkedHashMap<>();
  private static final Map<String, Function<OperatorText, Regions>> REGIONS = new LinkedHashMap<>();

  /** Operators that are not a reduction over regions. */
  private static final Map<String, Function<OperatorText, Operator>> OTHERS = new LinkedHashMap<>();

  static {
    REDUCTIONS.put("max", options -> Pool.max());
    REDUCTIONS.put("min", options -> Pool.min());
    REDUCTIONS.put("sum", options -> Pool.sum());
    REDUCTIONS.put("avg", Operators::avg);
    REDUCTIONS.put("lp", Operators::lp);
    REDUCTIONS.put("gem", Operators::gem);
    REDUCTIONS.put("soft", Operators::soft);
    REDUCTIONS.put("median", options -> Pool.median());
    REDUCTIONS.put("variance", options -> sample(Pool.variance(), options));
    REDUCTIONS.put("std", options -> sample(Pool.std(), options));
    REDUCTIONS.put("log_sum_exp", Operators::logSumExp);
    REDUCTIONS.put("importance", options -> Pool.importance());
    REDUCTIONS.put("stochastic", Operators::stochastic);
    REDUCTIONS.put("mix", Operators::mix);
    OTHERS.put(CrfPool.NAME, CrfPool::parse);
    REGIONS.put("window", Operators::window);
    REGIONS.put("global", Operators::global);
    REGIONS.put("fractional", Operators::fractional);
    REGIONS.put(
        "sampled", options -> Regions.sampled(options.numbers("grid"), options.numbers("sampled")));
    REGIONS.put("adaptive", options -> Regions.adaptive(options.numbers("adaptive")));
    OTHERS.put("max_unpool", Operators::maxUnpool);
    OTHERS.put("s3_pool", Operators::s3Pool);
    OTHERS.put("roi_pool", RoiTexts::roiPool);
    OTHERS.put("roi_align", RoiTexts::roiAlign);
    OTHERS.put("soft_gate", options -> new SoftGate());
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
        "operator is '%s', but must be one of %s",
        options.name,
        String.join(", ", names()));
    Function<OperatorText, Operator> other = OTHERS.get(options.name);
    Operator operator = other != null ? other.apply(options) : pool(options);
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
    Function<OperatorText, Regions> regions = null;
    for (Map.Entry<String, Function<OperatorText, Regions>> entry : REGIONS.entrySet()) {
      if (options.has(entry.getKey())) {
        Require.that(regions == null, "operator '%s' names two kinds of regions", options);
        regions = entry.getValue();
      }
    }
    Require.that(
        regions != null,
        "operator '%s' names no regions, but must name one of %s",
        options,
        String.join(", ", REGIONS.keySet()));
    return REDUCTIONS.get(options.name).apply(options).over(regions.apply(options));
  }

  private static Regions global(OperatorText options) {
    String value = options.text("global");
    Require.that(value.isEmpty(), "global is '%s', but must stand alone", value);
    return Regions.global();
  }

  private static Reduction avg(OperatorText options) {
    Reduction.Avg avg = Pool.avg();
    if (options.has("countIncludePad")) {
      avg = avg.countIncludePad(options.truth("countIncludePad"));
    }
    if (options.has("divisorOverride")) {
      avg = avg.divisorOverride(options.number("divisorOverride"));
    }
    return avg;
  }

  private static Operator maxUnpool(OperatorText options) {
    Require.that(
        options.has("window") != options.has("output"),
        "operator '%s' must have either window or output",
        options);
    MaxUnpool unpool =
        options.has("window")
            ? MaxUnpool.of(window(options))
            : MaxUnpool.to(options.numbers("output"));
    return options.flag("distinct") ? unpool.distinct() : unpool;
  }

  private static Operator s3Pool(OperatorText options) {
    S3Pool s3 = new S3Pool(Regions.sampled(options.numbers("grid"), options.numbers("window")));
    return options.flag("inference") ? s3 : s3.training();
  }

  private static Regions fractional(OperatorText options) {
    Fractional fractional = Regions.fractional(options.numbers("fractional"));
    if (options.has("outputSize")) {
      fractional = fractional.outputSize(options.numbers("outputSize"));
    }
    return options.has("outputRatio")
        ? fractional.outputRatio(options.decimals("outputRatio"))
        : fractional;
  }

  private static Reduction lp(OperatorText options) {
    Require.that(options.has("p"), "p is missing, but lp needs p=1, p=2, ... or p=inf");
    Reduction.Lp lp = Pool.lp(options.decimal("p"));
    lp = options.flag("mean") ? lp.mean() : lp;
    return options.flag("signed") ? lp.signed() : lp;
  }

  private static Reduction gem(OperatorText options) {
    return options.has("eps") ? Pool.gem().eps(options.decimal("eps")) : Pool.gem();
  }

  private static Reduction soft(OperatorText options) {
    return options.flag("paperGradient") ? Pool.soft().paperGradient() : Pool.soft();
  }

  private static Reduction logSumExp(OperatorText options) {
    LogSumExp exp = Pool.logSumExp();
    exp = options.has("sharpness") ? exp.sharpness(options.decimal("sharpness")) : exp;
    return options.flag("mean") ? exp.mean() : exp;
  }

  private static Reduction sample(Variance variance, OperatorText options) {
    return options.flag("sample") ? variance.sample() : variance;
  }

  private static Reduction stochastic(OperatorText options) {
    return options.flag("expected") ? Pool.stochastic().expected() : Pool.stochastic();
  }

  private static Reduction mix(OperatorText options) {
    Mix mix = Pool.mix();
    List<Mix> mixes = new ArrayList<>();
    if (options.has("a") || options.has("b")) {
      mixes.add(Pool.mix(options.decimal("a"), options.decimal("b")));
    }
    options.ifFlag("add", mix.add(), mixes);
    options.ifFlag("mean", mix.mean(), mixes);
    options.ifFlag("alpha", mix.alpha(), mixes);
    options.ifFlag("gated", mix.gated(), mixes);
    options.ifFlag("random", mix.random(), mixes);
    if (options.has("cat")) {
      mixes.add(mix.cat(options.oneOf("cat", Mixture.Order.values())));
    }
    Require.that(
        mixes.size() == 1,
        "operator '%s' names %d mixtures, but must name one of a= with b=, add, mean, alpha, gated,"
            + " cat=, random",
        options,
        mixes.size());
    return options.flag("countIncludePad") ? mixes.get(0).countIncludePad() : mixes.get(0);
  }

  private static Window window(OperatorText options) {
    Window window = Regions.window(options.numbers("window"));
    if (options.has("stride")) {
      window = window.stride(options.numbers("stride"));
    }
    if (options.has("padding")) {
      String[] sides = options.text("padding").split(":", -1);
      window =
          sides.length == 2
              ? window.padding(
                  OperatorText.numbers("padding", sides[0]),
                  OperatorText.numbers("padding", sides[1]))
              : window.padding(options.numbers("padding"));
    }
    if (options.has("dilation")) {
      window = window.dilation(options.numbers("dilation"));
    }
    window = options.flag("ceilMode") ? window.ceilMode() : window;
    window = options.flag("widePadding") ? window.widePadding() : window;
    window = options.flag("same") ? window.same() : window;
    return options.flag("sameLower") ? window.sameLower() : window;
  }
}
