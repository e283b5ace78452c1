package io.github.clpool.builds;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Times calls in two builds of clpool by turns, in one process, so that whatever else the machine
 * does is the same for both. Arguments: the folders of both builds' classes, that of {@link
 * BuildCall}, a device, the seconds for each call, and a file of calls.
 */
public final class TwoBuilds {
  private static final int WARM_UP = 20;
  private static final int LEAST_ROUNDS = 7;

  /** By less than this, a build loses. */
  private static final double LOST = 0.95;

  private TwoBuilds() {}

  public static void main(String[] arguments) throws Exception {
    List<Function<String, Runnable>> builds =
        List.of(
            build(arguments[0], arguments[2], arguments[3]),
            build(arguments[1], arguments[2], arguments[3]));
    long nanos = (long) (Double.parseDouble(arguments[4]) * 1e9);
    System.out.println(
        "| call | rounds | old ms | new ms | old / new | |\n|---|--:|--:|--:|--:|---|");
    for (String call : Files.readAllLines(Path.of(arguments[5]))) {
      Runnable old;
      try {
        old = builds.get(0).apply(call);
      } catch (IllegalArgumentException unknown) { // what came later
        System.out.println("| %s | | | | | new |".formatted(name(call)));
        continue;
      }
      System.out.println(row(call, old, builds.get(1).apply(call), nanos));
    }
    System.exit(0); // PoCL's threads go on
  }

  @SuppressWarnings("unchecked") // it is a BuildCall
  private static Function<String, Runnable> build(String classes, String calls, String device)
      throws Exception {
    URL[] folders = {folder(classes), folder(calls)};
    // Not closed: its classes load others when they are run.
    ClassLoader loader = new URLClassLoader(folders, TwoBuilds.class.getClassLoader());
    Class<?> type = loader.loadClass("io.github.clpool.builds.BuildCall");
    Function<String, Runnable> build =
        (Function<String, Runnable>) type.getDeclaredConstructor().newInstance();
    build.apply(device);
    return build;
  }

  private static URL folder(String path) throws Exception {
    return Path.of(path).toUri().toURL();
  }

  /** The median of a round's ratio tells: the same for both is what disturbs a round. */
  private static String row(String call, Runnable old, Runnable now, long nanos) {
    for (int i = 0; i < WARM_UP; i++) {
      old.run();
      now.run();
    }
    double[] ratios = new double[1 << 16];
    double[] least = {Double.MAX_VALUE, Double.MAX_VALUE};
    int rounds = 0;
    long end = System.nanoTime() + nanos;
    while (rounds < ratios.length && (rounds < LEAST_ROUNDS || System.nanoTime() < end)) {
      boolean oldFirst = rounds % 2 == 0;
      double first = milliseconds(oldFirst ? old : now);
      double second = milliseconds(oldFirst ? now : old);
      double ofOld = oldFirst ? first : second;
      double ofNow = oldFirst ? second : first;
      ratios[rounds++] = ofOld / ofNow;
      least[0] = Math.min(least[0], ofOld);
      least[1] = Math.min(least[1], ofNow);
    }
    Arrays.sort(ratios, 0, rounds);
    double ratio = ratios[rounds / 2];
    return "| %s | %d | %.3f | %.3f | %.2f | %s |"
        .formatted(
            call.replace("|", "of"),
            rounds,
            least[0],
            least[1],
            ratio,
            ratio < LOST ? "slower" : "");
  }

  private static String name(String call) {
    return call.replace("|", "of");
  }

  private static double milliseconds(Runnable call) {
    long start = System.nanoTime();
    call.run();
    return (System.nanoTime() - start) * 1e-6;
  }
}
