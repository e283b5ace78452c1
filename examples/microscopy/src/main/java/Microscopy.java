import static io.github.clpool.op.Regions.window;

import io.github.clpool.Pass;
import io.github.clpool.Pooling;
import io.github.clpool.Scope;
import io.github.clpool.io.Picture;
import io.github.clpool.io.Pictures;
import io.github.clpool.op.Pool;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Projects a stack of sections, 8 bits a voxel: the maximum with its depth, and medians. */
public final class Microscopy {
  private static final int DEPTH = DrawnStack.DEPTH;
  private static final int SIZE = DrawnStack.SIZE;

  /** Along the depth alone: one output for each column of voxels. */
  private static final Pool BRIGHTEST = Pool.max().over(window(DEPTH, 1, 1));

  private static final Pool MEDIAN = Pool.median().over(window(DEPTH, 1, 1));

  /** Voxels that differ from all around them disappear. */
  private static final Pool CLEAN = Pool.median().over(window(3).stride(1).padding(1));

  private Microscopy() {}

  /** Writes pictures into the folder; the exit code is not 0 if they do not show the cells. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments.length > 0 ? arguments[0] : "target/pictures");
    Files.createDirectories(folder);
    DrawnStack stack = new DrawnStack(1);
    byte[] raw;
    byte[] clean;
    int[] depths;
    try (Pooling pooling = Pooling.open();
        Scope scope = pooling.scope()) {
      System.out.println("on " + pooling.device().name());
      Shape shape = Shape.of(1, 1, DEPTH, SIZE, SIZE);
      Tensor voxels = scope.tensor(shape, DataType.UINT8, stack.voxels);
      raw = scope.run(BRIGHTEST, voxels).toBytes();
      Pass brightest = scope.forward(BRIGHTEST, scope.run(CLEAN, voxels)); // keeps indices
      clean = brightest.output().toBytes();
      depths = brightest.indices().toInts();
      write(folder.resolve("median.png"), scope.run(MEDIAN, voxels).toBytes(), null);
    }
    write(folder.resolve("maximum.png"), raw, null);
    write(folder.resolve("maximum-of-median.png"), clean, null);
    write(folder.resolve("depth.png"), clean, depths);
    System.out.println("pictures: " + folder.toAbsolutePath().normalize());

    int hot = 0;
    int left = 0;
    for (int i = 0; i < raw.length; i++) {
      hot += raw[i] == (byte) DrawnStack.HOT ? 1 : 0;
      left += clean[i] == (byte) DrawnStack.HOT ? 1 : 0;
    }
    int found = 0;
    for (int[] cell : stack.cells) {
      int index = depths[cell[1] * SIZE + cell[2]]; // (depth * height + row) * width + column
      found += Math.abs(index / (SIZE * SIZE) - cell[0]) <= 2 ? 1 : 0;
    }
    System.out.printf(
        "hot pixels: %d in the maximum, %d after the median; depth right for %d of %d cells%n",
        hot, left, found, stack.cells.length);
    boolean right = hot > 1000 && left == 0 && found == stack.cells.length;
    System.out.println(right ? "ok: the pictures show the cells" : "WRONG");
    System.exit(right ? 0 : 1);
  }

  /** Grey, or with a hue for each depth. */
  private static void write(Path file, byte[] levels, int[] depths) throws IOException {
    float[] planes = new float[3 * levels.length];
    for (int i = 0; i < levels.length; i++) {
      float level = (levels[i] & 0xff) / 255f;
      float hue = depths == null ? 0 : depths[i] / (SIZE * SIZE) * 0.8f / DEPTH;
      int colour = Color.HSBtoRGB(hue, depths == null ? 0 : 1, level);
      for (int c = 0; c < 3; c++) {
        planes[c * levels.length + i] = (colour >> (16 - 8 * c) & 0xff) / 255f;
      }
    }
    Pictures.write(file, new Picture(SIZE, SIZE, planes));
  }
}
