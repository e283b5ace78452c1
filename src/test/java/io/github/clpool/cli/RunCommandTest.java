package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.ForkedJvm;
import io.github.clpool.io.Npy;
import io.github.clpool.io.NpyArray;
import io.github.clpool.io.NpyType;
import io.github.clpool.tensor.BFloat16;
import io.github.clpool.tensor.Half;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
  @TempDir Path folder;
  private Path x;
  private Path y;
  private Path i;

  @BeforeEach
  void twoChannelsOfThreeByThree() throws IOException {
    x = file("x");
    y = file("y");
    i = file("i");
    write(x, List.of(1L, 2L, 3L, 3L), 1, 2, 3, 4, 9, 6, 7, 8, 5, 9, 1, 1, 1, 1, 1, 1, 1, 2);
  }

  @Test
  void poolsForwardWithIndicesAndBackward() throws IOException {
    Path gy = file("gy");
    Path gx = file("gx");
    write(gy, List.of(1L, 2L, 2L, 2L), 1, 2, 3, 4, 5, 6, 7, 8);
    String line =
        Cli.ok(
            "run",
            "max window=2 stride=1",
            "--input",
            x,
            "--output",
            y,
            "--indices",
            i,
            "--grad-output",
            gy,
            "--grad-input",
            gx,
            "--device",
            "jvm");
    assertTrue(
        line.startsWith("max window=2 stride=1: FLOAT32 1x2x3x3 NCHW -> 1x2x2x2 by jvm/"), line);
    assertArrayEquals(new float[] {9, 9, 9, 9, 9, 1, 1, 2}, floats(y));
    assertArrayEquals(new int[] {4, 4, 4, 4, 0, 1, 3, 8}, ints(i));
    assertArrayEquals(
        new float[] {0, 0, 0, 0, 10, 0, 0, 0, 0, 5, 6, 0, 7, 0, 0, 0, 0, 8}, floats(gx));
  }

  @Test
  void bytesStayBytes() throws IOException {
    byte[] picture = {(byte) 200, 3, 0, (byte) 255, 100, 4};
    Npy.write(x, NpyArray.of(NpyType.UINT8, ByteBuffer.wrap(picture), List.of(1L, 1L, 2L, 3L)));
    String line =
        Cli.ok("run", "avg window=2 stride=1", "--input", x, "--output", y, "--device", "jvm");
    assertTrue(line.startsWith("avg window=2 stride=1: UINT8 1x1x2x3 NCHW -> 1x1x1x2"), line);
    NpyArray result = Npy.read(y);
    assertEquals(NpyType.UINT8, result.type());
    assertEquals(ByteBuffer.wrap(new byte[] {(byte) 140, 27}), result.buffer()); // 139.5, 26.75
    Cli.ok(
        "run", "max global", "--input", x, "--output", y, "--type", "FLOAT32", "--device", "jvm");
    assertArrayEquals(new float[] {255}, floats(y));
    Cli.fails(
        1,
        "type of the input is UINT8, but sum window=2 takes only floating-point types forward",
        "run",
        "sum window=2",
        "--input",
        x,
        "--output",
        y,
        "--device",
        "jvm");
    write(x, List.of(1L, 1L, 2L), 1, 2);
    Cli.fails(
        1,
        "elements are <f4, but must be |u1 for type UINT8",
        "run",
        "max window=2",
        "--input",
        x,
        "--output",
        y,
        "--type",
        "UINT8",
        "--device",
        "jvm");
  }

  @Test
  void drawsTakeSamplesOrASeed() throws IOException {
    write(x, List.of(1L, 2L, 7L), 0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6);
    Path samples = file("samples.npy");
    write(samples, List.of(1L, 2L, 1L), 0.5f, 0);
    String fractional = "max fractional=2 outputSize=4";
    Cli.ok(
        "run",
        fractional,
        "--input",
        x,
        "--samples",
        samples,
        "--output",
        y,
        "--indices",
        i,
        "--device",
        "jvm");
    assertArrayEquals(new float[] {1, 3, 5, 6, 1, 2, 4, 6}, floats(y));
    assertArrayEquals(new int[] {1, 3, 5, 6, 1, 2, 4, 6}, ints(i));
    for (String operator : List.of(fractional, "max sampled=1 grid=7", "stochastic window=2")) {
      Cli.ok("run", operator, "--input", x, "--output", y, "--seed", "5", "--device", "jvm");
      Cli.ok("run", operator, "--input", x, "--output", i, "--seed", "5", "--device", "reference");
      assertEquals(-1, Files.mismatch(y, i), operator);
    }
    Cli.fails(
        2,
        "option --seed or --samples is missing, but max fractional=2 outputSize=4 draws",
        "run",
        fractional,
        "--input",
        x,
        "--output",
        y);
    for (String operator :
        List.of(
            "stochastic window=2",
            "stochastic fractional=2 outputSize=4",
            "s3_pool grid=7 window=1")) {
      Cli.fails(2, "option --seed is missing, but ", "run", operator, "--input", x, "--output", y);
    }
  }

  @Test
  void indicesCanCountInTheTensor() throws IOException {
    Cli.ok(
        "run",
        "max global",
        "--input",
        x,
        "--indices",
        i,
        "--index-base",
        "tensor",
        "--device",
        "reference");
    NpyArray array = Npy.read(i);
    assertEquals(NpyType.INT64, array.type());
    assertEquals(List.of(1L, 2L, 1L, 1L), array.sizes());
    LongBuffer longs = (LongBuffer) array.buffer();
    assertEquals(4, longs.get(0));
    assertEquals(9, longs.get(1));
  }

  @Test
  void theLayoutSaysWhereTheChannelsAre() throws IOException {
    // As one batch of height 2, width 3, 3 channels.
    write(x, List.of(2L, 3L, 3L), 1, 2, 3, 4, 9, 6, 7, 8, 5, 9, 1, 1, 1, 1, 1, 1, 1, 2);
    String line =
        Cli.ok(
            "run",
            "max global",
            "--input",
            x,
            "--output",
            y,
            "--layout",
            "nhwc",
            "--unbatched",
            "--device",
            "jvm");
    assertTrue(line.contains("FLOAT32 [3x2x3] NHWC -> [3x1x1]"), line);
    assertArrayEquals(new float[] {9, 9, 6}, floats(y));
    assertEquals(List.of(1L, 1L, 3L), Npy.read(y).sizes());
  }

  @Test
  void theTypeRoundsOnce() throws IOException {
    float value = 1 + 0x1p-9f; // exact in FLOAT16, rounded in BFLOAT16
    write(x, List.of(1L, 1L, 1L), value);
    Cli.ok(
        "run", "max global", "--input", x, "--output", y, "--type", "float16", "--device", "jvm");
    assertEquals(NpyType.FLOAT16, Npy.read(y).type());
    assertEquals(Half.fromFloat(value), ((ShortBuffer) Npy.read(y).buffer()).get(0));
    Cli.ok(
        "run", "max global", "--input", x, "--output", y, "--type", "bfloat16", "--device", "jvm");
    assertEquals(NpyType.BITS16, Npy.read(y).type());
    assertEquals(BFloat16.fromFloat(1), ((ShortBuffer) Npy.read(y).buffer()).get(0));
    Cli.ok(
        "run", "max global", "--input", y, "--output", i, "--type", "bfloat16", "--device", "jvm");
    assertEquals(-1, Files.mismatch(y, i));
    Cli.fails(
        1,
        "type BFLOAT16 takes them as its bits",
        "run",
        "max global",
        "--input",
        y,
        "--output",
        i,
        "--device",
        "jvm");
    Cli.ok(
        "run", "max global", "--input", x, "--output", y, "--type", "float64", "--device", "jvm");
    assertEquals(NpyType.FLOAT64, Npy.read(y).type());
    Cli.fails(
        1,
        "elements are <f8, but must be <f4 or <f2 for type FLOAT16",
        "run",
        "max global",
        "--input",
        y,
        "--output",
        i,
        "--type",
        "float16",
        "--device",
        "jvm");
  }

  @Test
  void refusesBeforeAnythingIsWritten() {
    String max = "max window=2";
    Cli.fails(2, "OPERATOR is missing", "run", "--input", x, "--output", y);
    Cli.fails(2, "option --input is missing", "run", max, "--output", y);
    Cli.fails(2, "there is nothing to write", "run", max, "--input", x);
    Cli.fails(2, "must be given together", "run", max, "--input", x, "--grad-input", y);
    Cli.fails(2, "selects no cells", "run", "avg global", "--input", x, "--indices", i);
    Cli.fails(2, "same file", "run", max, "--input", x, "--output", y, "--indices", y);
    Cli.fails(2, "Invalid value for option '--layout'", "run", max, "--layout", "NWHC");
    Cli.fails(
        1,
        "none.npy: no such file",
        "run",
        max,
        "--input",
        file("none"),
        "--output",
        y,
        "--device",
        "jvm");
    Cli.fails(
        1,
        "a batched tensor must have 3 to 5 of them",
        "run",
        max,
        "--input",
        scalar(),
        "--output",
        y,
        "--device",
        "jvm");
    Cli.fails(
        1,
        "output size is 0",
        "run",
        "max window=4",
        "--input",
        x,
        "--output",
        y,
        "--indices",
        i,
        "--device",
        "jvm");
    Cli.fails(
        1,
        "grad output has shape 1x2x3x3",
        "run",
        max,
        "--input",
        x,
        "--output",
        y,
        "--grad-output",
        x,
        "--grad-input",
        i,
        "--device",
        "jvm");
    assertFalse(Files.exists(y));
    assertFalse(Files.exists(i));
  }

  @Test
  void runsTheJobsOfAFile() throws IOException {
    Path quoted = folder.resolve("with blank.npy");
    Path jobs =
        Files.write(
            folder.resolve("jobs.txt"),
            List.of(
                "# two that work, three that do not",
                "",
                "run \"max global\" --input '" + x + "' --output '" + quoted + "'",
                "'max window=9' --input '" + x + "' --output '" + i + "'",
                "'max windw=9' --input '" + x + "' --output '" + i + "'",
                "'max global --input",
                "'sum global' --input '" + x + "' --output '" + y + "' --device reference"));
    Cli cli = Cli.run("run", "--jobs", jobs, "--device", "jvm");
    assertEquals(1, cli.code());
    List<String> errors = cli.err().lines().toList();
    assertEquals(3, errors.size(), cli.err());
    assertTrue(errors.get(0).contains("jobs.txt line 4: output size is"), cli.err());
    assertTrue(errors.get(1).contains("jobs.txt line 5: "), cli.err());
    assertTrue(errors.get(2).contains("jobs.txt line 6: quote ' is not closed"), cli.err());
    assertArrayEquals(new float[] {9, 9}, floats(quoted));
    assertArrayEquals(new float[] {45, 18}, floats(y));
    assertFalse(Files.exists(i));
    assertTrue(cli.out().contains("by jvm/") && cli.out().contains("by reference/"), cli.out());
    Cli.fails(2, "--jobs stands alone", "run", "max global", "--jobs", jobs);
    Cli.fails(1, "none.npy: no such file", "run", "--jobs", file("none"));
  }

  @Test
  void resultsHaveFilesOfTheirOwn() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
    Path hard = Files.createLink(folder.resolve("hard.npy"), x);
    byte[] before = Files.readAllBytes(x);
    String max = "max window=2";
    for (Path same : List.of(y, folder.resolve(".").resolve("y.npy"), link.resolve("y.npy"))) {
      Cli.fails(
          2, "name the same file", "run", max, "--input", x, "--output", y, "--indices", same);
    }
    Path soft = Files.createSymbolicLink(folder.resolve("soft.npy"), y);
    Cli.fails(2, "name the same file", "run", max, "--input", x, "--output", y, "--indices", soft);
    for (Path same : List.of(x, link.resolve("x.npy"), hard)) {
      Cli.fails(2, "options --output and --input name", "run", max, "--input", x, "--output", same);
    }
    assertArrayEquals(before, Files.readAllBytes(x));
    assertFalse(Files.exists(y));
    Path none = Path.of("/dev/null");
    Cli.ok("run", max, "--input", x, "--output", none, "--indices", none, "--device", "jvm");
  }

  /** In a JVM of little memory: a file that claims much, a result that is large, a small one. */
  @Test
  void aJobThatHasNoMemoryDoesNotStopTheOthers() throws Exception {
    write(x, List.of(1L, 1L, 1L), 3);
    Path claims = file("claims");
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 536870911), }\n";
    String start = "\u0093NUMPY\1\0" + (char) header.length() + "\0";
    Files.writeString(claims, start + header, StandardCharsets.ISO_8859_1);
    Path jobs =
        Files.write(
            folder.resolve("jobs.txt"),
            List.of(
                "'max global' --input '" + claims + "' --output '" + i + "'",
                "'max adaptive=16777216' --input '" + x + "' --output '" + i + "'",
                "'max adaptive=16777217' --input '" + x + "' --output '" + i + "'",
                "'max global' --input '" + x + "' --output '" + y + "'"));
    String[] arguments = {"run", "--jobs", jobs.toString(), "--device", "jvm"};
    String all = ForkedJvm.start(Main.class, List.of("-Xmx48m"), arguments).printed(1);
    List<String> errors = all.lines().filter(line -> line.startsWith("clpool run: ")).toList();
    assertEquals(3, errors.size(), all);
    assertTrue(errors.get(0).contains("needs 2147483644 bytes, but only 0 are there"), all);
    assertTrue(errors.get(1).contains("line 2: out of memory: "), all);
    assertTrue(errors.get(2).contains("output size is 16777217, but must be at most 2^24"), all);
    assertArrayEquals(new float[] {3}, floats(y));
    assertFalse(Files.exists(i));
  }

  private Path file(String name) {
    return folder.resolve(name + ".npy");
  }

  private Path scalar() {
    Path file = file("scalar");
    write(file, List.of(), 1);
    return file;
  }

  private static void write(Path file, List<Long> sizes, float... elements) {
    try {
      Npy.write(file, NpyArray.of(NpyType.FLOAT32, FloatBuffer.wrap(elements), sizes));
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }

  private static float[] floats(Path file) throws IOException {
    FloatBuffer buffer = (FloatBuffer) Npy.read(file).buffer();
    float[] floats = new float[buffer.remaining()];
    buffer.get(floats);
    return floats;
  }

  private static int[] ints(Path file) throws IOException {
    IntBuffer buffer = (IntBuffer) Npy.read(file).buffer();
    int[] ints = new int[buffer.remaining()];
    buffer.get(ints);
    return ints;
  }
}
