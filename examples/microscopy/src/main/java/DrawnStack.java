import java.util.Random;

/** A stack of sections through glowing cells, as a camera sees it: noise and hot pixels. */
final class DrawnStack {
  static final int DEPTH = 40;
  static final int SIZE = 256;
  static final int HOT = 255;
  private static final int SPACING =
      32; // cells stand in a grid, more or less, so none hides another

  final byte[] voxels = new byte[DEPTH * SIZE * SIZE];

  /** Depth, row and column of each cell's centre. */
  final int[][] cells = new int[(SIZE / SPACING) * (SIZE / SPACING)][];

  /** The same seed draws the same stack. */
  DrawnStack(long seed) {
    Random random = new Random(seed);
    float[] light = new float[voxels.length];
    for (int i = 0; i < cells.length; i++) {
      int row = i / (SIZE / SPACING) * SPACING + 12 + random.nextInt(8);
      int column = i % (SIZE / SPACING) * SPACING + 12 + random.nextInt(8);
      cells[i] = new int[] {4 + random.nextInt(DEPTH - 8), row, column};
      glow(light, cells[i], 2 + 2 * random.nextDouble(), 120 + 60 * random.nextDouble());
    }
    for (int i = 0; i < voxels.length; i++) {
      double level = 20 + light[i] + 6 * random.nextGaussian();
      boolean isHot = random.nextInt(500) == 0;
      voxels[i] = (byte) (isHot ? HOT : Math.max(0, Math.min(HOT - 1, (int) level)));
    }
  }

  private static void glow(float[] light, int[] cell, double radius, double brightness) {
    int reach = (int) (3 * radius);
    for (int d = Math.max(0, cell[0] - reach); d <= Math.min(DEPTH - 1, cell[0] + reach); d++) {
      for (int y = cell[1] - reach; y <= cell[1] + reach; y++) {
        for (int x = cell[2] - reach; x <= cell[2] + reach; x++) {
          if (y >= 0 && y < SIZE && x >= 0 && x < SIZE) {
            double distance = Math.hypot(Math.hypot(d - cell[0], y - cell[1]), x - cell[2]);
            double relative = distance / radius;
            light[(d * SIZE + y) * SIZE + x] += brightness * Math.exp(-relative * relative / 2);
          }
        }
      }
    }
  }
}
