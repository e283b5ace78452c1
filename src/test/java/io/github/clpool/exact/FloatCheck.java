package io.github.clpool.exact;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A function checked on any number of floats, be it a sample or all of them: how far Java's results
 * are off, and whether they have the same bits elsewhere. Not thread-safe.
 */
public final class FloatCheck {
  /** What computes the function, too. */
  @FunctionalInterface
  public interface Way {
    /** The results, from one array for each argument. */
    float[] of(float[]... arguments);
  }

  /** Where Java's results are off most. */
  public record Worst(double error, float x, float y) {
    private Worst or(Worst other) {
      return other.error > error ? other : this;
    }
  }

  private static final int BLOCK = 1 << 14;

  private final FloatFunction function;
  private final boolean flushes;
  private final Map<String, Way> ways;
  private final Map<String, Long> differences = new LinkedHashMap<>();
  private final List<String> examples = new ArrayList<>();
  private Worst worst = new Worst(0, 0, 0);
  private long count;

  /**
   * Nothing is checked yet.
   *
   * @param function the function
   * @param ways what computes it elsewhere, by a name for each
   * @param flushes whether some take subnormal numbers for zeros, which are not compared then
   */
  public FloatCheck(FloatFunction function, Map<String, ? extends Way> ways, boolean flushes) {
    this.function = function;
    this.ways = new LinkedHashMap<>(ways);
    this.flushes = flushes;
    ways.keySet().forEach(way -> differences.put(way, 0L));
  }

  /** Checks the function's results for some numbers, one array for each argument. */
  public void check(float[]... arguments) {
    float[] x = arguments[0];
    float[] y = arguments[arguments.length - 1];
    float[] results = new float[x.length];
    worst =
        IntStream.range(0, (x.length + BLOCK - 1) / BLOCK)
            .parallel()
            .mapToObj(block -> compute(x, y, results, block * BLOCK))
            .reduce(worst, Worst::or);
    count += x.length;
    ways.forEach((name, way) -> compare(name, x, y, results, way.of(arguments)));
  }

  private Worst compute(float[] x, float[] y, float[] results, int from) {
    Worst found = new Worst(0, 0, 0);
    for (int i = from; i < Math.min(from + BLOCK, results.length); i++) {
      results[i] = function.of(x[i], y[i]);
      double error = function.error(x[i], y[i], results[i]);
      if (error > found.error) {
        found = new Worst(error, x[i], y[i]);
      }
    }
    return found;
  }

  private void compare(String way, float[] x, float[] y, float[] expected, float[] actual) {
    int[] different =
        IntStream.range(0, x.length)
            .parallel()
            .filter(i -> Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i]))
            .filter(
                i -> !flushes || !isFlushed(x[i]) && !isFlushed(y[i]) && !isFlushed(expected[i]))
            .toArray();
    if (different.length > 0 && differences.get(way) == 0) {
      int first = different[0];
      examples.add(
          "%s of %s is %a in Java, but %a by %s"
              .formatted(name(), inputs(x[first], y[first]), expected[first], actual[first], way));
    }
    differences.merge(way, (long) different.length, Long::sum);
  }

  private static boolean isFlushed(float number) {
    return number != 0 && Math.abs(number) < Float.MIN_NORMAL;
  }

  /** The function's name. */
  public String name() {
    return function.name().toLowerCase(Locale.ROOT);
  }

  private String inputs(float x, float y) {
    return function.arguments() == 1 ? "%a".formatted(x) : "%a, %a".formatted(x, y);
  }

  /** How many numbers, or pairs of them, were checked. */
  public long count() {
    return count;
  }

  /** Java's greatest error. */
  public Worst worst() {
    return worst;
  }

  /** How many results were different elsewhere, by the names of the ways. */
  public Map<String, Long> differences() {
    return Collections.unmodifiableMap(differences);
  }

  /** What was wrong; nothing if the list is empty. */
  public List<String> failures() {
    List<String> failures = new ArrayList<>(examples);
    if (worst.error > function.tolerance()) {
      failures.add(
          "%s of %s is %s ulp off, but at most %s are allowed"
              .formatted(name(), inputs(worst.x, worst.y), worst.error, function.tolerance()));
    }
    return failures;
  }
}
