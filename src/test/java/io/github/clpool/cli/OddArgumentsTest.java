package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.WithoutDevice;
import io.github.clpool.io.Npy;
import io.github.clpool.io.NpyArray;
import io.github.clpool.io.NpyType;
import io.github.clpool.tensor.Shape;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** A user's mistake gives one line of words, whatever it is. */
@WithoutDevice
class OddArgumentsTest {
  private static final List<String> ODD =
      List.of("", " ", "-1", "2147483648", "99999999999999999999", "=", "\0", "y".repeat(1 << 16));

  /** What may stand for an operator, a shape or a case. */
  private static final List<String> TEXTS =
      List.of(
          "0",
          "NaN",
          "1x",
          "1x1x2147483647x2147483647x2147483647",
          "[",
          "[]",
          "max",
          "max window=2147483647 stride=2147483647 dilation=2147483647",
          "max adaptive=2147483647",
          "max fractional=2 outputRatio=nan",
          "on",
          "max on",
          "max global on 1x1x2 data",
          "max global on 1x1x2 data=",
          "max global on 1x1x2 seed",
          "max global on 1x1x2 seed=one",
          "max global on 1x1x2 NCHW=1",
          "max global on 1x1x2 backward=",
          "max global on 2x3x2147483647",
          "'''");

  @TempDir Path folder;
  private Path x;

  @BeforeEach
  void anArray() throws IOException {
    x = folder.resolve("x.npy");
    FloatBuffer elements = FloatBuffer.wrap(new float[] {1, 2, 3, 4});
    Npy.write(x, NpyArray.of(NpyType.FLOAT32, elements, List.of(1L, 1L, 2L, 2L)));
  }

  /** A command that works, but for bench, which would take long. */
  private List<Object> working(String command) {
    return switch (command) {
      case "run" -> List.of("max global", "--input", x, "--output", y(), "--device", "jvm");
      case "explain" -> List.of("max global", "--shape", "1x1x2", "--device", "jvm");
      case "plan" -> List.of("max global", "--shape", "1x1x2");
      case "parity" -> List.of("--case", "max global on 1x1x2", "--device", "jvm");
      case "demo" -> List.of("--size", "16", "--gallery", folder.resolve("g"), "--device", "jvm");
      case "bench" -> List.of("--quick", "--only", "nothing");
      case "operators", "help", "generate-completion" -> List.of();
      default -> List.of("--device", "jvm");
    };
  }

  private Path y() {
    return folder.resolve("y.npy");
  }

  @Test
  void everyOptionBroken() throws IOException {
    CommandLine main = Main.prepared(new Main());
    int tried = 0;
    for (var command : main.getSubcommands().entrySet()) {
      for (OptionSpec option : command.getValue().getCommandSpec().options()) {
        for (String odd : oddFor(option)) {
          if (computesMuch(command.getKey(), option, odd)) {
            continue;
          }
          List<Object> words = new ArrayList<>(List.of(command.getKey()));
          words.addAll(working(command.getKey()));
          words.add(option.longestName());
          words.add(odd);
          words(words);
          tried++;
        }
        if (option.arity().min() > 0) {
          words(List.of(command.getKey(), option.longestName()));
        }
      }
      for (String odd : ODD) {
        words(List.of(command.getKey(), odd));
      }
      for (String odd : command.getKey().equals("explain") ? TEXTS : List.<String>of()) {
        words(List.of("explain", odd, "--shape", "1x1x3", "--device", "jvm"));
      }
    }
    assertTrue(tried > 300, "tried only " + tried);
  }

  private List<String> oddFor(OptionSpec option) throws IOException {
    if (option.arity().max() == 0) {
      return List.of("x");
    } else if (option.type() == Path.class) {
      return paths();
    } else if (option.longestName().equals("--device")) { // most others are names of none
      return List.of("", " ", "\0");
    }
    List<String> odd = new ArrayList<>(ODD);
    if (option.type() == Shape.class || option.longestName().equals("--case")) {
      odd.addAll(TEXTS);
    }
    return odd;
  }

  /** What is no mistake there: a part of a figure's name, or how much a picture may have. */
  private static boolean computesMuch(String command, OptionSpec option, String odd) {
    return command.equals("bench") && option.longestName().equals("--only")
        || command.equals("demo")
            && (option.longestName().equals("--most-cells") && odd.equals("2147483648")
                || option.longestName().equals("--verbose"));
  }

  /** None that even the owner of the machine can write, but what is in the folder. */
  private List<String> paths() throws IOException {
    Path loop = folder.resolve("loop.npy");
    if (!Files.isSymbolicLink(loop)) {
      Files.createSymbolicLink(loop, loop);
    }
    return List.of("", " ", "\0", x + "/x", x.toString(), "/dev/full", loop.toString());
  }

  @Test
  void picturesThatAreNone() throws IOException {
    for (String odd : paths()) {
      words(List.of("demo", odd, "--gallery", folder.resolve("g"), "--device", "jvm"));
    }
    Cli.fails(1, folder + ": is a folder", "demo", folder);
    Cli.fails(1, "/: is a folder", "demo", "/");
    Cli.fails(2, "Unmatched argument at index 1: ''", "demo", "");
    Cli.fails(2, "name of a file is ''", "demo", "--gallery", "");
    Cli.fails(1, x + ": is no folder", "demo", "--gallery", x, "--device", "jvm");
  }

  @Test
  void casesThatAreNone() {
    Cli.fails(
        2,
        "case option is 'data', but must be",
        "parity",
        "--case",
        "max global on 1x1x2 data",
        "--device",
        "jvm");
    Cli.fails(
        2,
        "seed is 'one', but must be a number below 2^63",
        "parity",
        "--case",
        "max global on 1x1x2 seed=one",
        "--device",
        "jvm");
  }

  private static void words(List<Object> command) {
    Cli cli = Cli.run(command.toArray());
    String shown = Arrays.toString(command.toArray());
    String what = shown.substring(0, Math.min(300, shown.length())) + " -> " + cli.err();
    assertTrue(cli.code() >= 0 && cli.code() <= 2, what);
    assertEquals(cli.code() == 0 || cli.out().contains(" differ") ? 0 : 1, lines(cli.err()), what);
    assertFalse(cli.err().contains("Exception"), what);
    assertFalse(cli.err().contains("Error"), what);
    assertTrue(cli.err().length() < 5000, what);
  }

  private static long lines(String text) {
    return text.lines().count();
  }
}
