package io.github.clpool.backend;

import io.github.clpool.op.Problem;
import io.github.clpool.tensor.Require;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Walks ordered implementations; the first that accepts wins. Stateless.
 *
 * @param <D> what a decision needs to know of the device
 * @param <I> the implementations
 * @param device the device
 * @param implementations the implementations of the problem's operator, the preferred first
 */
public record Chooser<D, I extends Implementation<D, ?>>(D device, List<I> implementations) {
  /**
   * Checks that there is a list.
   *
   * @param device the device
   * @param implementations the implementations of the problem's operator, the preferred first
   */
  public Chooser {
    Require.present("implementations", implementations);
  }

  /**
   * Asks every implementation.
   *
   * @param problem the problem
   * @return one verdict for each
   */
  public List<Verdict> explain(Problem problem) {
    Require.present("problem", problem);
    return implementations.stream().map(each -> each.accepts(problem, device)).toList();
  }

  /**
   * Chooses.
   *
   * @param problem the problem
   * @param preference the caller's wishes
   * @return the first implementation that accepts and has the wished name
   * @throws RefusedException if there is none, with the reasons
   */
  public I choose(Problem problem, Preference preference) {
    Require.present("problem", problem);
    Require.present("preference", preference);
    for (I each : implementations) {
      boolean wished = preference.implementation().map(each.name()::equals).orElse(true);
      if (wished && each.accepts(problem, device).accepted()) {
        return each;
      }
    }
    throw new RefusedException(
        preference
                .implementation()
                .map(name -> "implementation '" + name + "' cannot compute ")
                .orElse("nothing can compute ")
            + problem
            + explain(problem).stream()
                .map(verdict -> "\n  " + verdict)
                .collect(Collectors.joining()));
  }
}
