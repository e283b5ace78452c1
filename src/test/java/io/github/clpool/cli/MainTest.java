package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class MainTest {
  @Test
  void everyCommandsHelpHasAnExample() {
    for (String command : Main.prepared(new Main()).getSubcommands().keySet()) {
      String help = Cli.ok(command, "--help");
      assertTrue(help.contains("Example:\n  clpool " + command), help);
    }
  }

  @Test
  void saysVersionAndJava() {
    String version = Cli.ok("--version");
    assertTrue(version.startsWith("clpool "), version);
    assertTrue(version.contains("Java " + System.getProperty("java.version")), version);
  }

  @Test
  void wrongUsageIsCode2AndOneLine() {
    Cli.fails(2, "a command is missing");
    Cli.fails(2, "Unmatched argument", "nonsense");
    Cli.fails(2, "Unknown option: '--nonsense'", "devices", "--nonsense");
    Cli.fails(
        2, "operator is 'mx', but must be one of max", "explain", "mx global", "--shape", "1x1x3");
    Cli.fails(2, "shape is '3', but must", "explain", "max global", "--shape", "3");
    Cli.fails(2, "device is ' '", "devices", "--device", " ");
  }

  /** A full disk behind standard output is a failure, of every command. */
  @Test
  void outputThatCannotBeWrittenIsAFailure() throws IOException {
    for (List<String> command :
        List.of(
            List.of("--help"),
            List.of("devices", "--device", "jvm"),
            List.of("explain", "max global", "--shape", "1x1x2", "--device", "jvm"),
            List.of("plan", "max global", "--shape", "1x1x2"),
            List.of("parity", "--case", "max global on 1x1x2", "--device", "jvm"))) {
      StringWriter err = new StringWriter();
      try (PrintStream full = new PrintStream("/dev/full")) {
        int code =
            Main.run(
                new PrintWriter(full, true), new PrintWriter(err), command.toArray(String[]::new));
        assertEquals(1, code, command.toString());
      }
      assertEquals("clpool: standard output cannot be written\n", err.toString());
    }
  }

  @Test
  void verboseShowsTheStack() {
    Cli cli =
        Cli.run("explain", "max window=9", "--shape", "1x1x3", "--device", "jvm", "--verbose");
    assertEquals(1, cli.code());
    assertTrue(cli.err().startsWith("clpool explain: output size is"), cli.err());
    assertTrue(cli.err().contains("\tat io.github.clpool"), cli.err());
    assertFalse(Cli.run("explain", "max window=9", "--shape", "1x1x3").err().contains("\tat "));
  }
}
