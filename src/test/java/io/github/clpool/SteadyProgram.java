package io.github.clpool;

import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What {@link SteadyTest} starts in a JVM of its own: does the same again and again. */
public final class SteadyProgram {
  private static final Shape SHAPE = Shape.of(1, 2, 16, 16);
  private static final Pool MAX = (Pool) Operators.parse("max window=3 stride=2");

  private SteadyProgram() {}

  /** Given a device, {@code open} or {@code call}, and how often before and while it is watched. */
  public static void main(String[] args) throws IOException {
    int first = Integer.parseInt(args[2]);
    int more = Integer.parseInt(args[3]);
    if (args[1].equals("open")) {
      openings(args[0], first);
      print("before");
      openings(args[0], more);
      print("after");
    } else {
      try (Pooling pooling = TestDevices.open(args[0])) {
        calls(pooling, first);
        print("before");
        calls(pooling, more);
        print("after");
      }
    }
  }

  private static void openings(String device, int count) {
    for (int i = 0; i < count; i++) {
      try (Pooling pooling = TestDevices.open(device)) {
        calls(pooling, 1);
      }
    }
  }

  private static void calls(Pooling pooling, int count) {
    for (int i = 0; i < count; i++) {
      try (Tensor x = pooling.tensor(SHAPE, new float[(int) SHAPE.elements()]);
          Pass pass = pooling.forward(MAX, x);
          Tensor dx = pass.backward(pass.output())) {
        dx.toFloats();
      }
    }
  }

  /** What the process holds: memory in KiB, open files, temporary files. */
  private static void print(String when) throws IOException {
    System.gc();
    String resident =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS"))
            .findFirst()
            .orElseThrow();
    System.out.printf(
        "%s: %s %d %d%n",
        when,
        resident.replaceAll("\\D", ""),
        count(Path.of("/proc/self/fd")),
        count(Path.of(System.getProperty("java.io.tmpdir"))));
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      for (Path file : files.toList()) {
        if (Files.exists(file)) { // else it was the listing itself
          System.out.println("  " + Files.readSymbolicLink(file));
        }
      }
    }
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }
}
