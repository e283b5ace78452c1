package io.github.clpool.parity;

/** Hears about the progress of a parity check, on the thread that checks. */
@FunctionalInterface
public interface ParityProgress {
  /**
   * A case is done.
   *
   * @param done how many are done
   * @param total how many there are of one seed, each counted once for each device
   */
  void done(long done, long total);

  /**
   * A check failed; it is shrunk after this, as far as there is time.
   *
   * @param outcome what was found
   */
  default void differs(Outcome outcome) {
    // the report has it
  }

  /**
   * The cases of a seed are done.
   *
   * @param drawn the seed
   * @param soFar what all seeds found, on all devices
   */
  default void seedDone(long drawn, ParityReport soFar) {
    // the report has it
  }
}
