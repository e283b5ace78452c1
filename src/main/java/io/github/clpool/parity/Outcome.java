package io.github.clpool.parity;

import io.github.clpool.backend.Preference;
import io.github.clpool.op.Direction;
import io.github.clpool.tensor.Producer;
import io.github.clpool.tensor.Require;
import java.util.List;

/**
 * What a parity check found. Immutable.
 *
 * @param subject the call that was computed twice
 * @param producer what computed it besides the reference
 * @param preference what that was asked to use
 * @param compared the number of elements compared
 * @param mismatches the number of elements that differ
 * @param differences the first of them, in words; or why nothing could be computed
 */
public record Outcome(
    Case subject,
    Producer producer,
    Preference preference,
    long compared,
    long mismatches,
    List<String> differences) {
  /**
   * Copies the list.
   *
   * @param subject the call that was computed twice
   * @param producer what computed it besides the reference
   * @param preference what that was asked to use
   * @param compared the number of elements compared
   * @param mismatches the number of elements that differ
   * @param differences the first of them, in words; or why nothing could be computed
   */
  public Outcome {
    Require.present("subject", subject);
    Require.present("producer", producer);
    Require.present("preference", preference);
    differences = List.copyOf(Require.present("differences", differences));
  }

  /**
   * Whether every bit was the same.
   *
   * @return true if nothing differs
   */
  public boolean matches() {
    return differences.isEmpty();
  }

  /** The operator's word, with the direction. */
  String operator() {
    boolean backward = subject.direction() == Direction.BACKWARD;
    return subject.operator().name() + (backward ? " gradient" : "");
  }

  /** The device by a name that finds it again. */
  String device() {
    return producer.backend().equals("opencl") ? producer.device() : producer.backend();
  }

  /**
   * What repeats the check: a command line, or for what no command knows a line of Java.
   *
   * @return the words
   */
  public String command() {
    return switch (producer.backend()) {
      case "opencl", "jvm", "reference" -> commandLine();
      default -> "Parity.repeat(\"" + subject + "\").check(...)";
    };
  }

  private String commandLine() {
    String words = "clpool parity --case \"" + subject + "\" --device \"" + device() + "\"";
    if (preference.implementation().isPresent()) {
      words += " --implementation " + preference.implementation().get();
    }
    if (preference.workGroupSize().isPresent()) {
      words += " --work-group " + preference.workGroupSize().getAsInt();
    }
    return words;
  }

  @Override
  public String toString() {
    return subject
        + " by "
        + producer
        + (matches()
            ? ": " + compared + " elements, the same bits"
            : ": "
                + mismatches
                + " of "
                + compared
                + " elements differ\n  "
                + String.join("\n  ", differences));
  }
}
