package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.clpool.io.Npy;
import io.github.clpool.io.NpyArray;
import io.github.clpool.io.NpyType;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The run command with operators that take and give more than one array. */
class RunParametersTest {
  @TempDir Path folder;

  private Path write(String name, List<Long> shape, float... values) throws IOException {
    Path file = folder.resolve(name + ".npy");
    Npy.write(file, NpyArray.of(NpyType.FLOAT32, FloatBuffer.wrap(values), shape));
    return file;
  }

  private static float[] floats(Path file) throws IOException {
    FloatBuffer buffer = (FloatBuffer) Npy.read(file).buffer();
    float[] floats = new float[buffer.remaining()];
    buffer.get(floats);
    return floats;
  }

  private void run(String operator, Object... options) {
    List<Object> arguments = new ArrayList<>(List.of("run", operator, "--device", "jvm"));
    arguments.addAll(List.of(options));
    Cli.ok(arguments.toArray());
  }

  @Test
  void importanceTakesLogitsAndGivesTheirGradient() throws IOException {
    Path x = write("x", List.of(1L, 1L, 4L), 1, 3, 2, 8);
    Path logits = write("logits", List.of(1L, 1L, 4L), 0, 0, -200, 0);
    Path g = write("g", List.of(1L, 1L, 2L), 2, 4);
    Path y = folder.resolve("y.npy");
    Path gx = folder.resolve("gx.npy");
    Path gl = folder.resolve("gl.npy");
    run(
        "importance window=2",
        "--input",
        x,
        "--logits",
        logits,
        "--output",
        y,
        "--grad-output",
        g,
        "--grad-input",
        gx,
        "--grad-logits",
        gl);
    assertArrayEquals(new float[] {2, 8}, floats(y));
    assertArrayEquals(new float[] {1, 1, 0, 4}, floats(gx));
    assertArrayEquals(new float[] {-1, 1, 0, 0}, floats(gl));
  }

  private Path positions(String name, List<Long> shape, int... values) throws IOException {
    Path file = folder.resolve(name + ".npy");
    Npy.write(file, NpyArray.of(NpyType.INT32, IntBuffer.wrap(values), shape));
    return file;
  }

  @Test
  void maxUnpoolTakesPositions() throws IOException {
    List<Long> shape = List.of(1L, 1L, 3L);
    Path x = write("x", shape, 7, 8, 9);
    Path where = positions("where", shape, 4, -1, 1);
    Path g = write("g", List.of(1L, 1L, 6L), 1, 2, 3, 4, 5, 6);
    Path y = folder.resolve("y.npy");
    Path gx = folder.resolve("gx.npy");
    run(
        "max_unpool window=2",
        "--input",
        x,
        "--positions",
        where,
        "--output",
        y,
        "--grad-output",
        g,
        "--grad-input",
        gx);
    assertArrayEquals(new float[] {0, 9, 0, 0, 7, 0}, floats(y));
    assertArrayEquals(new float[] {5, 0, 2}, floats(gx));
  }

  @Test
  void maxUnpoolNamesABadPositionAndWritesNothing() throws IOException {
    List<Long> shape = List.of(1L, 1L, 3L);
    Path x = write("x", shape, 7, 8, 9);
    Path y = folder.resolve("y.npy");
    Path where = positions("where", shape, 4, 6, 1);
    Cli.fails(
        1,
        "clpool run: positions[n=0 c=0 d=0 h=0 w=1] is 6, but must be -1 or from 0 to 5",
        "run",
        "max_unpool window=2",
        "--input",
        x,
        "--positions",
        where,
        "--output",
        y,
        "--device",
        "jvm");
    Cli.fails(
        2,
        "option --positions is missing",
        "run",
        "max_unpool window=2",
        "--input",
        x,
        "--output",
        y);
    assertFalse(Files.exists(y));
  }

  /** The first uniform numbers of seed 42 are .61, .47, .07 and .34. */
  @Test
  void stochasticTakesASeed() throws IOException {
    float[] window = {1.6f, 0, 0, 2.4f};
    Path x = write("x", List.of(1L, 4L, 4L), concatenated(window, window, window, window));
    Path y = folder.resolve("y.npy");
    Path i = folder.resolve("i.npy");
    run("stochastic window=4", "--input", x, "--output", y, "--indices", i, "--seed", 42);
    assertArrayEquals(new float[] {2.4f, 2.4f, 1.6f, 1.6f}, floats(y));
    assertEquals(IntBuffer.wrap(new int[] {3, 3, 0, 0}), Npy.read(i).buffer());
    run("stochastic expected window=4", "--input", x, "--output", y);
    assertArrayEquals(new float[] {2.08f, 2.08f, 2.08f, 2.08f}, floats(y), 1e-6f);
  }

  private static float[] concatenated(float[]... parts) {
    FloatBuffer all = FloatBuffer.allocate(parts.length * parts[0].length);
    Arrays.stream(parts).forEach(all::put);
    return all.array();
  }

  /** Training has no choice where the grid is the window and the picture. */
  @Test
  void s3PoolTrainsAndInfers() throws IOException {
    Path g = write("g", List.of(1L, 1L, 1L), 5);
    Path x = write("x", List.of(1L, 1L, 2L), 3, 7);
    Path y = folder.resolve("y.npy");
    Path gx = folder.resolve("gx.npy");
    run(
        "s3_pool grid=2 window=2",
        "--input",
        x,
        "--output",
        y,
        "--grad-output",
        g,
        "--grad-input",
        gx,
        "--seed",
        1);
    assertArrayEquals(new float[] {7}, floats(y));
    assertArrayEquals(new float[] {0, 5}, floats(gx));
    x = write("x", List.of(1L, 1L, 4L), 1, 4, 2, 3);
    g = write("g", List.of(1L, 1L, 2L), 1, 2);
    run(
        "s3_pool grid=4 window=2 inference",
        "--input",
        x,
        "--output",
        y,
        "--grad-output",
        g,
        "--grad-input",
        gx);
    assertArrayEquals(new float[] {4, 3.5f}, floats(y));
    assertArrayEquals(new float[] {0, 2, 0, 1}, floats(gx));
  }

  @Test
  void mixTakesWeightsAndGivesTheirGradientAlone() throws IOException {
    Path x = write("x", List.of(1L, 1L, 2L, 2L), 1, 2, 3, 4);
    Path alpha = write("alpha", List.of(1L), .25f);
    Path g = write("g", List.of(1L, 1L, 1L, 1L), 2);
    Path gw = folder.resolve("gw.npy");
    run(
        "mix alpha global",
        "--input",
        x,
        "--weights",
        alpha,
        "--grad-output",
        g,
        "--grad-weights",
        gw);
    assertArrayEquals(new float[] {3}, floats(gw));
  }

  @Test
  void randomMixRecordsItsChoice() throws IOException {
    Path x = write("x", List.of(2L, 3L, 2L), 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3);
    Path y = folder.resolve("y.npy");
    Path choice = folder.resolve("choice.npy");
    run("mix random global", "--input", x, "--seed", 7, "--output", y, "--choice", choice);
    NpyArray array = Npy.read(choice);
    assertEquals(List.of(2L, 3L), array.sizes());
    IntBuffer chosen = (IntBuffer) array.buffer();
    float[] pooled = floats(y);
    for (int plane = 0; plane < 6; plane++) {
      assertEquals(2 + chosen.get(plane), pooled[plane]);
    }
  }

  @Test
  void regionsOfInterestAreReadAsPyTorchAndOnnxListThem() throws IOException {
    float[] ascending = new float[24];
    for (int i = 0; i < 24; i++) {
      ascending[i] = i;
    }
    Path x = write("x", List.of(1L, 1L, 4L, 6L), ascending);
    Path rows = write("rows", List.of(1L, 5L), 0, 1, 1, 4, 3);
    Path corners = write("corners", List.of(1L, 4L), 1, 1, 4, 3);
    Path batch = folder.resolve("batch.npy");
    Npy.write(batch, NpyArray.of(NpyType.INT64, LongBuffer.wrap(new long[1]), List.of(1L)));
    Path g = write("g", List.of(1L, 1L, 2L, 2L), 1, 2, 3, 4);
    Path y = folder.resolve("y.npy");
    Path indices = folder.resolve("i.npy");
    Path gx = folder.resolve("gx.npy");
    String pool = "roi_pool output=2";
    run(pool, "--input", x, "--rois", rows, "--output", y, "--indices", indices);
    assertArrayEquals(new float[] {14, 16, 20, 22}, floats(y));
    assertEquals(List.of(1L, 1L, 2L, 2L), Npy.read(indices).sizes());
    String align = "roi_align output=2 samplingRatio=2 aligned";
    run(align, "--input", x, "--rois", corners, "--batch-indices", batch, "--output", y);
    assertArrayEquals(new float[] {7.25f, 8.75f, 13.25f, 14.75f}, floats(y));
    run(pool, "--input", x, "--rois", rows, "--grad-output", g, "--grad-input", gx);
    assertEquals(3, floats(gx)[20]);
  }

  private Path writeInts(String name, int... values) throws IOException {
    Path file = folder.resolve(name + ".npy");
    List<Long> shape = List.of((long) values.length);
    Npy.write(file, NpyArray.of(NpyType.INT32, IntBuffer.wrap(values), shape));
    return file;
  }

  /** Two nodes that know each other, each in a cluster of its own. */
  @Test
  void crfPoolTakesGraphsAndGivesEveryResult() throws IOException {
    Path s = folder.resolve("s.npy");
    Path y = folder.resolve("y.npy");
    Path a = folder.resolve("a.npy");
    Path ga = folder.resolve("ga.npy");
    run(
        "crf_pool steps=0 hard",
        "--input",
        write("x", List.of(2L, 1L), 3, 5),
        "--logits",
        write("u", List.of(2L, 2L), 0, 1, 1, 0),
        "--graph-pointers",
        writeInts("graphs", 0, 2),
        "--row-pointers",
        writeInts("rows", 0, 1, 2),
        "--columns",
        writeInts("columns", 1, 0),
        "--adjacency",
        write("adjacency", List.of(2L), 10, 20),
        "--output",
        y,
        "--assignment",
        s,
        "--pooled-adjacency",
        a,
        "--grad-output",
        write("gy", List.of(1L, 2L, 1L), 0, 0),
        "--grad-pooled-adjacency",
        write("gz", List.of(1L, 2L, 2L), 1, 2, 3, 4),
        "--grad-adjacency",
        ga);
    assertArrayEquals(new float[] {0, 1, 1, 0}, floats(s));
    assertArrayEquals(new float[] {5, 3}, floats(y));
    assertArrayEquals(new float[] {0, 20, 10, 0}, floats(a));
    assertArrayEquals(new float[] {3, 2}, floats(ga));
  }
}
