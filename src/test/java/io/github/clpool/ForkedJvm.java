package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program of the tests in a JVM of its own, of the version that runs the tests. */
public final class ForkedJvm {
  private final Process process;

  private ForkedJvm(Process process) {
    this.process = process;
  }

  /** Starts a program on the tests' class path. */
  public static ForkedJvm start(Class<?> program, List<String> options, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-D" + TestDevices.PROPERTY + "=" + TestDevices.openCl());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(arguments));
    return new ForkedJvm(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /** Waits until it ends well, and returns all that it printed. */
  public String printed() throws IOException, InterruptedException {
    String printed = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), printed);
    return printed;
  }
}
