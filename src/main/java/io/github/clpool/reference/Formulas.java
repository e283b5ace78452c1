package io.github.clpool.reference;

import static java.util.Map.entry;

import io.github.clpool.op.Problem;
import io.github.clpool.tensor.Require;
import java.util.Map;
import java.util.function.Function;

/** The formulas of all reductions. Stateless. */
final class Formulas {
  /** What makes the formula of a call, by its reduction's word. */
  static final Map<String, Function<Problem, Formula>> TABLE =
      Map.ofEntries(
          entry("max", problem -> MaxFormula.MAX),
          entry("min", problem -> MaxFormula.MIN),
          entry("sum", AvgFormula::of),
          entry("avg", AvgFormula::of),
          entry("lp", LpFormula::of),
          entry("gem", GemFormula::of),
          entry("soft", SoftFormula::of),
          entry("median", problem -> new MedianFormula()),
          entry("variance", VarianceFormula::of),
          entry("std", VarianceFormula::of),
          entry("log_sum_exp", LogSumExpFormula::of),
          entry("importance", problem -> new ImportanceFormula()),
          entry("stochastic", StochasticFormula::of),
          entry("mix", MixFormula::of));

  private Formulas() {}

  static Formula of(Problem problem) {
    Function<Problem, Formula> formula = TABLE.get(problem.operator().name());
    Require.that(formula != null, "reduction %s has no formula", problem.operator().name());
    return formula.apply(problem);
  }
}
