package io.github.clpool.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** The level of the library's log. */
final class Logging {
  private static final String LIBRARY = "io.github.clpool";
  private static final String CALLS = LIBRARY + ".cache.CallLog";

  private Logging() {}

  /** Shows what is done, or only warnings. */
  static void verbose(boolean verbose) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(LIBRARY).setLevel(verbose ? Level.INFO : null);
      context.getLogger(CALLS).setLevel(Level.INFO); // logs where somebody wants it to
    }
  }
}
