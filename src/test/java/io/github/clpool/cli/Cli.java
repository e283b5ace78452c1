package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What a command did.
 *
 * @param code the exit code
 * @param out what it printed
 * @param err its errors
 */
record Cli(int code, String out, String err) {
  /** Runs a command; paths may be given as such. */
  static Cli run(Object... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] args =
        Arrays.stream(words)
            .map(word -> word instanceof Path path ? path.toString() : String.valueOf(word))
            .toArray(String[]::new);
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Cli(code, out.toString(), err.toString());
  }

  /** Runs a command that must succeed silently on stderr. */
  static String ok(Object... words) {
    Cli cli = run(words);
    assertEquals("", cli.err);
    assertEquals(0, cli.code, cli.out);
    return cli.out;
  }

  /** Runs a command that must fail with one line on stderr. */
  static void fails(int code, String message, Object... words) {
    Cli cli = run(words);
    assertEquals(code, cli.code, cli.err);
    assertTrue(cli.err.contains(message), cli.err);
    assertEquals(1, cli.err.lines().count(), cli.err);
  }
}
