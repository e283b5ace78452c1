import io.github.clpool.Pass;
import io.github.clpool.Pooling;
import io.github.clpool.Scope;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.RoiAlign;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The pooling of a detector's second stage: each box is pooled from the level of a feature pyramid
 * that fits its size (Lin et al. 2017, equation 1), 7 x 7 numbers a channel, forward and backward.
 */
public final class DetectorHead {
  private static final int IMAGES = 2;
  private static final int CHANNELS = 8;
  private static final int SIDE = 1024; // of an image
  private static final int BOXES = 300;
  private static final int OUTPUT = 7;
  private static final int FINEST = 2; // level 2 has a cell for 4 x 4 pixels, level 5 for 32 x 32
  private static final int COARSEST = 5;
  private static final float MOST_ERROR = 0.002f; // pixels

  private DetectorHead() {}

  /** Pools boxes from drawn features; the exit code is not 0 if a number or gradient is wrong. */
  public static void main(String[] arguments) {
    List<float[]> boxes = draw(new Random(1));
    double worst = 0;
    try (Pooling pooling = Pooling.open();
        Scope scope = pooling.scope()) {
      System.out.println("on " + pooling.device().name());
      for (int level = FINEST; level <= COARSEST; level++) {
        int chosen = level;
        float[][] ofLevel =
            boxes.stream().filter(box -> level(box) == chosen).toArray(float[][]::new);
        RoiAlign align =
            RoiAlign.output(OUTPUT, OUTPUT)
                .spatialScale(1.0 / (1 << level))
                .samplingRatio(2)
                .aligned();
        Tensor features = scope.tensor(shape(level), features(level));
        Tensor onDevice = scope.rois(ofLevel); // stays there: no call reads the boxes back
        Pass pass = scope.forward(align, Inputs.of(features).rois(onDevice));
        double error = error(pass.output().toFloats(), ofLevel);

        Tensor ones = scope.ones(pass.output().shape());
        double sum = 0;
        for (float gradient : pass.backward(ones).toFloats()) {
          sum += gradient;
        }
        // Each output is a mean of cells, so its gradient of 1 is shared out among them.
        double lost = Math.abs(sum / ones.shape().elements() - 1);
        System.out.printf(
            "level %d, %s: %d boxes, at most %.4f pixels off, gradient %.6f lost%n",
            level, features.shape(), ofLevel.length, error, lost);
        worst = Math.max(worst, Math.max(error, lost));
      }
    }
    boolean right = worst <= MOST_ERROR;
    System.out.println(right ? "ok: every bin of every box is where it must be" : "WRONG");
    System.exit(right ? 0 : 1);
  }

  /** The level of a box: 4 for 224 x 224 pixels, one less for each halving of its sides. */
  private static int level(float[] box) {
    double side = Math.sqrt((box[3] - box[1]) * (box[4] - box[2]));
    int level = (int) Math.floor(4 + Math.log(side / 224) / Math.log(2));
    return Math.max(FINEST, Math.min(COARSEST, level));
  }

  /** Boxes as a proposal network gives them: image, x1, y1, x2, y2 in pixels. */
  private static List<float[]> draw(Random random) {
    List<float[]> boxes = new ArrayList<>();
    while (boxes.size() < BOXES) {
      float width = (float) (32 * Math.pow(24, random.nextDouble()));
      float height = width * (0.5f + random.nextFloat());
      float x = 32 + random.nextFloat() * (SIDE - 64 - width);
      float y = 32 + random.nextFloat() * (SIDE - 64 - height);
      if (x >= 32 && y >= 32) {
        boxes.add(new float[] {random.nextInt(IMAGES), x, y, x + width, y + height});
      }
    }
    return boxes;
  }

  private static Shape shape(int level) {
    return Shape.of(IMAGES, CHANNELS, SIDE >> level, SIDE >> level);
  }

  /** Features that tell where they are: see {@link #feature}. */
  private static float[] features(int level) {
    float[] values = new float[(int) shape(level).elements()];
    int side = SIDE >> level;
    for (int i = 0; i < values.length; i++) {
      double x = (i % side + 0.5) * (1 << level); // the pixel in the middle of the cell
      double y = (i / side % side + 0.5) * (1 << level);
      int plane = i / (side * side);
      values[i] = feature(plane / CHANNELS, plane % CHANNELS, x, y);
    }
    return values;
  }

  /** A plane that rises evenly, so that its mean over a bin is its value in the bin's middle. */
  private static float feature(int image, int channel, double x, double y) {
    return (float) (channel % 2 == 0 ? x : y) + 1000 * image + 10 * channel;
  }

  /** How far the pooled features are from those in the middle of each bin. */
  private static double error(float[] pooled, float[][] boxes) {
    double worst = 0;
    for (int i = 0; i < pooled.length; i++) {
      int column = i % OUTPUT;
      int row = i / OUTPUT % OUTPUT;
      int channel = i / (OUTPUT * OUTPUT) % CHANNELS;
      float[] box = boxes[i / (OUTPUT * OUTPUT * CHANNELS)];
      double x = box[1] + (column + 0.5) * (box[3] - box[1]) / OUTPUT;
      double y = box[2] + (row + 0.5) * (box[4] - box[2]) / OUTPUT;
      worst = Math.max(worst, Math.abs(pooled[i] - feature((int) box[0], channel, x, y)));
    }
    return worst;
  }
}
