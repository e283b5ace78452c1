package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A program of the tests in a JVM of its own, of the version that runs the tests. */
public final class ForkedJvm {
  private final Process process;

  private ForkedJvm(Process process) {
    this.process = process;
  }

  /** Starts a program on the tests' class path. */
  public static ForkedJvm start(Class<?> program, List<String> options, String... arguments)
      throws IOException {
    return start(Map.of(), program, options, arguments);
  }

  /**
   * Starts a program with more in its environment, where nothing else is said to this library; an
   * empty text takes a variable out of it. An option {@code -cp} takes the place of the tests'
   * class path.
   */
  public static ForkedJvm start(
      Map<String, String> environment, Class<?> program, List<String> options, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-D" + TestDevices.PROPERTY + "=" + TestDevices.openCl());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(options);
    command.add(program.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("CLPOOL_"));
    builder.environment().putAll(environment);
    builder.environment().values().removeIf(String::isEmpty);
    Process process = builder.start();
    process.getOutputStream().close();
    return new ForkedJvm(process);
  }

  /** Waits until it ends well, and returns all that it printed. */
  public String printed() throws IOException, InterruptedException {
    return printed(0);
  }

  /** Waits until it ends with an exit status, and returns all that it printed. */
  public String printed(int status) throws IOException, InterruptedException {
    String printed = new String(process.getInputStream().readAllBytes());
    assertEquals(status, process.waitFor(), printed);
    return printed;
  }
}
