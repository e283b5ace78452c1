package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.op.Operators;
import io.github.clpool.op.Syntax;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MainTest {
  /** Commands of picocli's own. */
  private static final Set<String> PICOCLIS = Set.of("help", "generate-completion");

  @Test
  void everyCommandsHelpHasAnExample() {
    for (String command : Main.prepared(new Main()).getSubcommands().keySet()) {
      String help = Cli.ok(command, "--help");
      assertTrue(help.contains("Exit codes:\n"), help);
      assertTrue(
          PICOCLIS.contains(command) || help.contains("Example:\n  clpool " + command), help);
    }
    assertTrue(Cli.ok("help").contains("Exit codes:\n  0   It is done"), Cli.ok("help"));
    assertEquals(Cli.ok("run", "--help"), Cli.ok("help", "run"));
  }

  @Test
  void completesWords() {
    String script = Cli.ok("generate-completion");
    assertTrue(script.startsWith("#!/usr/bin/env bash"), script);
    assertTrue(script.contains("--dimensions"), script);
  }

  /** Each exit code as the help says. */
  @Test
  void exitCodes() {
    assertEquals(0, Cli.run("operators").code());
    assertEquals(1, Cli.run("devices", "--device", "no such device").code());
    assertEquals(2, Cli.run("operators", "--nonsense").code());
  }

  @Test
  void unknownWordsHaveAQuestion() {
    Cli.fails(2, "; did you mean 'explain'?", "explian");
    Cli.fails(2, "; did you mean 'max'?", "explain", "mx global", "--shape", "1x1x3");
    Cli.fails(2, "; did you mean 'stride'?", "explain", "max window=2 strid=1", "--shape", "1x1x3");
  }

  @Test
  void operatorsListsEveryWordOfTheParser() {
    String out = Cli.ok("operators");
    for (Syntax each : Operators.syntax()) {
      assertTrue(out.contains("\n" + each.word() + " "), each + "\n" + out);
      assertTrue(out.contains("  " + each.example()), each + "\n" + out);
    }
    String json = Cli.ok("operators", "--json");
    assertTrue(json.contains("{\"word\": \"gem\", \"kind\": \"reduction\", "), json);
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
