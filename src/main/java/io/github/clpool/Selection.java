package io.github.clpool;

import io.github.clpool.backend.Candidate;
import io.github.clpool.tensor.Require;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which device was chosen, and why the others were not. Immutable.
 *
 * @param policy the policy in force, overrides applied
 * @param backend the chosen backend: {@code opencl}, {@code jvm} or {@code reference}
 * @param device the chosen device's name
 * @param candidates everything that was considered, the chosen one among it
 */
public record Selection(
    DevicePolicy policy, String backend, String device, List<Candidate> candidates) {
  /**
   * Copies the list.
   *
   * @param policy the policy in force, overrides applied
   * @param backend the chosen backend: {@code opencl}, {@code jvm} or {@code reference}
   * @param device the chosen device's name
   * @param candidates everything that was considered, the chosen one among it
   */
  public Selection {
    Require.present("policy", policy);
    Require.present("backend", backend);
    Require.present("device", device);
    candidates = List.copyOf(Require.present("candidates", candidates));
  }

  /** One line: the choice, then every candidate with its reason. */
  @Override
  public String toString() {
    return "policy "
        + policy
        + " chose "
        + backend
        + " on "
        + device
        + "; "
        + candidates.stream().map(Candidate::toString).collect(Collectors.joining("; "));
  }
}
