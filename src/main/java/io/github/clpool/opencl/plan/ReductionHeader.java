package io.github.clpool.opencl.plan;

import io.github.clpool.op.Divisor;
import io.github.clpool.op.Gem;
import io.github.clpool.op.LogSumExp;
import io.github.clpool.op.Lp;
import io.github.clpool.op.Mix;
import io.github.clpool.op.Mixture;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Soft;
import io.github.clpool.op.Stochastic;
import io.github.clpool.op.Variance;
import io.github.clpool.tensor.DataType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * A reduction as kernels see it: the header of {@code opencl/reductions} that computes it, and what
 * that needs. Immutable.
 *
 * @param name the header's name, such as {@code max} for maximum and minimum
 * @param macros its options
 * @param given how many numbers of the computing type an output gives to the gradients of its
 *     cells; 0 if it selects one of them
 * @param sums whether it sums, so that the order of summation matters
 * @param divides whether it divides numbers of the computing type
 * @param inOrder whether it must see the cells one after the other
 */
public record ReductionHeader(
    String name,
    SortedMap<String, String> macros,
    int given,
    boolean sums,
    boolean divides,
    boolean inOrder) {
  /** The headers by the word of the operator. */
  private static final Map<String, BiFunction<Pool, DataType, ReductionHeader>> BY_WORD =
      Map.ofEntries(
          Map.entry("max", (pool, type) -> selecting("max")),
          Map.entry("min", (pool, type) -> selecting("max").with("MINIMUM", "1")),
          Map.entry("sum", (pool, type) -> average(pool.divisor())),
          Map.entry("avg", (pool, type) -> average(pool.divisor())),
          Map.entry("lp", (pool, type) -> lp((Lp) pool.reduction(), type)),
          Map.entry("gem", (pool, type) -> gem((Gem) pool.reduction(), type)),
          Map.entry("soft", (pool, type) -> soft((Soft) pool.reduction())),
          Map.entry("median", (pool, type) -> selecting("median")),
          Map.entry("variance", (pool, type) -> variance((Variance) pool.reduction())),
          Map.entry("std", (pool, type) -> variance((Variance) pool.reduction())),
          Map.entry("log_sum_exp", (pool, type) -> logSumExp((LogSumExp) pool.reduction(), type)),
          Map.entry("importance", (pool, type) -> smooth("importance", 4)),
          Map.entry("stochastic", (pool, type) -> stochastic((Stochastic) pool.reduction())),
          Map.entry("mix", (pool, type) -> mix((Mix) pool.reduction(), pool, type)));

  /** Those to which cells count for something else in each region; they go through columns. */
  private static final Set<String> SEVERAL_AT_ONCE =
      Set.of("expected", "importance", "log_sum_exp", "median", "soft", "variance");

  /** The words of the reductions that have one. */
  public static Set<String> words() {
    return BY_WORD.keySet();
  }

  /**
   * Finds the header of a pooling.
   *
   * @throws IllegalArgumentException if the reduction has none
   */
  public static ReductionHeader of(Pool pool, DataType type) {
    BiFunction<Pool, DataType, ReductionHeader> found = BY_WORD.get(pool.reduction().word());
    if (found == null) {
      throw new IllegalArgumentException(
          "reduction " + pool.reduction().word() + " has no kernels");
    }
    return found.apply(pool, type);
  }

  /** The file, to be included by a skeleton. */
  public String file() {
    return "reductions/" + name + ".clh";
  }

  public boolean selects() {
    return given == 0;
  }

  /** How the files of kernels that were written for it alone begin. */
  public String word() {
    return name + "_pool";
  }

  /** Whether it is a maximum, a minimum or a greatest magnitude. */
  public boolean isMaximum() {
    return name.equals("max");
  }

  public boolean isMedian() {
    return name.equals("median");
  }

  /** Whether cells count as their magnitudes. */
  public boolean takesMagnitudes() {
    return macros.containsKey("MAGNITUDES");
  }

  /** Whether it mixes by weights of a window's taps. */
  public boolean isGated() {
    return macros.containsValue("MIX_GATED");
  }

  /** How many times its kernels go through a region at most. */
  public int passes(DataType type) {
    if (isAverage()) {
      return 1;
    }
    int keyBytes = type.isByte() ? 1 : type.computingType().bytes();
    return name.equals("median") ? 8 * keyBytes + 2 : 4;
  }

  /** Whether what a cell counts for is the same in all regions, so that these can share columns. */
  public boolean sharesColumns() {
    boolean gated = "MIX_GATED".equals(macros.get("MIXTURE"));
    return isMaximum() || isAverage() || List.of("lp", "gem", "mix").contains(name) && !gated;
  }

  /** Whether it goes through several regions at once, for which it loads the cells once. */
  public boolean takesSeveral() {
    return SEVERAL_AT_ONCE.contains(name);
  }

  /** Whether it asks for no greatest cell. */
  public boolean onlySums() {
    return isAverage() || List.of("expected", "gem", "lp", "variance").contains(name);
  }

  /** Whether it takes square roots. */
  public boolean takesRoots() {
    return name.equals("lp") || macros.containsKey("ROOT");
  }

  /** Whether its powers, and roots of their sums, are those of any exponent. */
  public boolean takesAnyPowers() {
    return name.equals("gem") || "0".equals(macros.get("POWER"));
  }

  /** Whether it is an average or a sum. */
  public boolean isAverage() {
    return name.equals("avg");
  }

  private ReductionHeader with(String macro, String value) {
    SortedMap<String, String> more = new TreeMap<>(macros);
    more.put(macro, value);
    return new ReductionHeader(name, more, given, sums, divides, inOrder);
  }

  private static ReductionHeader selecting(String name) {
    return new ReductionHeader(name, new TreeMap<>(), 0, false, false, false);
  }

  /** One that sums and divides. */
  private static ReductionHeader smooth(String name, int given) {
    return new ReductionHeader(name, new TreeMap<>(), given, true, true, false);
  }

  private static ReductionHeader average(Divisor divisor) {
    boolean divides = divisor.kind() != Divisor.Kind.NONE;
    return new ReductionHeader("avg", new TreeMap<>(), 1, true, divides, false)
        .with("DIVISOR", divides ? divisor.kind().name() : "NO_DIVISOR");
  }

  private static ReductionHeader lp(Lp lp, DataType type) {
    if (lp.isSelecting()) {
      return selecting("max").with("MAGNITUDES", "1");
    }
    double p = lp.p();
    ReductionHeader header =
        smooth("lp", 2)
            .with("POWER", p == 1 || p == 2 || p == 3 ? Integer.toString((int) p) : "0")
            .with("DIVISOR", lp.averages() ? "CELLS" : "NO_DIVISOR");
    if (p != 1 && p != 2) {
      header =
          header
              .with("EXPONENT", Macros.literal(p, type))
              .with("RECIPROCAL", Macros.literal(1 / p, type))
              .with("BELOW", Macros.literal(p - 1, type));
    }
    return lp.keepsSigns() ? header.with("SIGNED", "1") : header;
  }

  private static ReductionHeader gem(Gem gem, DataType type) {
    return smooth("gem", 2).with("LEAST", Macros.literal(gem.eps(), type));
  }

  private static ReductionHeader soft(Soft soft) {
    ReductionHeader header = smooth("soft", 5);
    return soft.exact() ? header : header.with("PAPER_GRADIENT", "1");
  }

  private static ReductionHeader variance(Variance variance) {
    ReductionHeader header = smooth("variance", 4);
    header = variance.root() ? header.with("ROOT", "1") : header;
    return variance.ofSample() ? header.with("SAMPLE", "1") : header;
  }

  private static ReductionHeader logSumExp(LogSumExp reduction, DataType type) {
    ReductionHeader header =
        smooth("log_sum_exp", 4).with("SHARPNESS", Macros.literal(reduction.sharpness(), type));
    return reduction.averages() ? header.with("MEAN", "1") : header;
  }

  private static ReductionHeader stochastic(Stochastic stochastic) {
    return stochastic.expects()
        ? smooth("expected", 3)
        : new ReductionHeader("stochastic", new TreeMap<>(), 0, false, false, true);
  }

  private static ReductionHeader mix(Mix mix, Pool pool, DataType type) {
    Mixture mixture = mix.mixture();
    ReductionHeader header =
        smooth("mix", 4)
            .with("DIVISOR", pool.divisor().kind().name())
            .with("MIXTURE", "MIX_" + mixture.name().toUpperCase(Locale.ROOT));
    if (mixture instanceof Mixture.Weighted weighted) {
      return header
          .with("SHARE_OF_MAX", Macros.literal(weighted.a(), type))
          .with("SHARE_OF_AVG", Macros.literal(weighted.b(), type));
    }
    return mixture instanceof Mixture.Cat cat && cat.order() == Mixture.Order.MAX_AVG
        ? header.with("MAX_FIRST", "1")
        : header;
  }
}
