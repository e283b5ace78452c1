package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.io.Npy;
import io.github.clpool.io.NpyArray;
import io.github.clpool.io.NpyType;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
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
