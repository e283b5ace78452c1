package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
