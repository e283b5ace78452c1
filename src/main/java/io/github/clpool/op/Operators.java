package io.github.clpool.op;

import io.github.clpool.tensor.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
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
  private static final Map<String, Function<Options, Reduction>> REDUCTIONS = new LinkedHashMap<>();
  private static final Map<String, Function<Options, Regions>> REGIONS = new LinkedHashMap<>();

  static {
    REDUCTIONS.put("max", options -> Pool.max());
    REDUCTIONS.put("min", options -> Pool.min());
    REDUCTIONS.put("sum", options -> Pool.sum());
    REDUCTIONS.put("avg", Operators::avg);
    REGIONS.put("window", Operators::window);
    REGIONS.put("global", Operators::global);
    REGIONS.put("adaptive", options -> Regions.adaptive(options.numbers("adaptive")));
  }

  private Operators() {}

  /**
   * The words that an operator's text can begin with.
   *
   * @return the words, the classics first
   */
  public static List<String> names() {
    return List.copyOf(REDUCTIONS.keySet());
  }

  /**
   * Reads an operator.
   *
   * @param text the text, as {@code toString()} of the operator prints it
   * @return the operator
   * @throws IllegalArgumentException naming the word that is wrong and what could stand there
   */
  public static Operator parse(String text) {
    Options options = new Options(text);
    Function<Options, Reduction> reduction = REDUCTIONS.get(options.name);
    Require.that(
        reduction != null,
        "operator is '%s', but must be one of %s",
        options.name,
        String.join(", ", REDUCTIONS.keySet()));
    Function<Options, Regions> regions = null;
    for (Map.Entry<String, Function<Options, Regions>> entry : REGIONS.entrySet()) {
      if (options.values.containsKey(entry.getKey())) {
        Require.that(regions == null, "operator '%s' names two kinds of regions", text);
        regions = entry.getValue();
      }
    }
    Require.that(
        regions != null,
        "operator '%s' names no regions, but must name one of %s",
        text,
        String.join(", ", REGIONS.keySet()));
    Pool pool = reduction.apply(options).over(regions.apply(options));
    options.checkAllUsed();
    return pool;
  }

  private static Regions global(Options options) {
    String value = options.text("global");
    Require.that(value.isEmpty(), "global is '%s', but must stand alone", value);
    return Regions.global();
  }

  private static Reduction avg(Options options) {
    Reduction.Avg avg = Pool.avg();
    if (options.has("countIncludePad")) {
      avg = avg.countIncludePad(options.truth("countIncludePad"));
    }
    if (options.has("divisorOverride")) {
      avg = avg.divisorOverride(options.number("divisorOverride"));
    }
    return avg;
  }

  private static Regions window(Options options) {
    Window window = Regions.window(options.numbers("window"));
    if (options.has("stride")) {
      window = window.stride(options.numbers("stride"));
    }
    if (options.has("padding")) {
      String[] sides = options.text("padding").split(":", -1);
      window =
          sides.length == 2
              ? window.padding(
                  Options.numbers("padding", sides[0]), Options.numbers("padding", sides[1]))
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

  /** The words of an operator's text: a name, then {@code key=value} or {@code key}. */
  private static final class Options {
    final String name;
    final Map<String, String> values = new LinkedHashMap<>();
    private final List<String> used = new ArrayList<>();

    Options(String text) {
      Iterator<String> words = Arrays.asList(text.trim().split("\\s+")).iterator();
      name = words.next();
      while (words.hasNext()) {
        String[] pair = words.next().split("=", 2);
        String old = values.put(pair[0], pair.length == 2 ? pair[1] : "");
        Require.that(old == null, "option '%s' is given twice", pair[0]);
      }
    }

    boolean has(String key) {
      return values.containsKey(key);
    }

    String text(String key) {
      used.add(key);
      return values.get(key);
    }

    boolean flag(String key) {
      return has(key) && truth(key);
    }

    boolean truth(String key) {
      String value = text(key);
      Require.that(
          value.isEmpty() || value.equals("true") || value.equals("false"),
          "%s is '%s', but must be true or false",
          key,
          value);
      return !value.equals("false");
    }

    int number(String key) {
      int[] numbers = numbers(key);
      Require.that(numbers.length == 1, "%s is '%s', but must be one number", key, values.get(key));
      return numbers[0];
    }

    int[] numbers(String key) {
      return numbers(key, text(key));
    }

    static int[] numbers(String key, String value) {
      String[] parts = value.split("x", -1);
      int[] numbers = new int[parts.length];
      for (int i = 0; i < parts.length; i++) {
        try {
          boolean kept = key.equals("adaptive") && parts[i].equals("KEEP");
          numbers[i] = kept ? Adaptive.KEEP : Integer.parseInt(parts[i]);
        } catch (NumberFormatException notANumber) {
          throw new IllegalArgumentException(
              key + " is '" + value + "', but must be numbers joined by x", notANumber);
        }
      }
      return numbers;
    }

    void checkAllUsed() {
      for (String key : values.keySet()) {
        Require.that(
            used.contains(key), "option '%s' does not belong to %s with these regions", key, name);
      }
    }
  }
}
