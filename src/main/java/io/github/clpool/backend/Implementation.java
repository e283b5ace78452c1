package io.github.clpool.backend;

import io.github.clpool.op.Problem;

/**
 * One way to compute some problems on some devices. All implementations of an operator give the
 * same bits. Stateless.
 *
 * @param <D> what a decision needs to know of the device
 * @param <P> the plan that comes out
 */
public interface Implementation<D, P> {
  /**
   * The name, unique among the implementations of an operator.
   *
   * @return the name
   */
  String name();

  /**
   * Says whether this implementation takes a problem.
   *
   * @param problem the problem
   * @param device the device
   * @return the verdict with its reason
   */
  Verdict accepts(Problem problem, D device);

  /**
   * Makes the plan, a pure function of its arguments.
   *
   * @param problem a problem that was accepted
   * @param device the device
   * @return the plan
   */
  P plan(Problem problem, D device);

  /**
   * A verdict that accepts.
   *
   * @param reason why
   * @return the verdict
   */
  default Verdict accept(String reason) {
    return new Verdict(name(), true, reason);
  }

  /**
   * A verdict that refuses.
   *
   * @param reason why
   * @return the verdict
   */
  default Verdict refuse(String reason) {
    return new Verdict(name(), false, reason);
  }
}
