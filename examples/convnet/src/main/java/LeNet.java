import static io.github.clpool.op.Regions.window;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pass;
import io.github.clpool.Pooling;
import io.github.clpool.Scope;
import io.github.clpool.backend.DeviceException;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Pool;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** LeNet learns drawn digits with three kinds of pools, everything on the device. */
public final class LeNet implements AutoCloseable {
  private static final int CLASSES = 10;
  private static final int BATCH = 20;
  private static final int STEPS = 250;
  private static final int TESTS = 500;
  private static final float RATE = 0.08f; // at the first step, 0 at the last
  private static final double ENOUGH = 0.95;
  private static final long SEED = 1;

  private final Pooling pooling;
  private final Kernels kernels;
  private final Operator pool;
  private final Convolution first;
  private final Convolution second;
  private final Convolution last; // as large as its planes: each of its outputs is a score

  private LeNet(Pooling pooling, Kernels kernels, Operator pool) {
    Random random = new Random(SEED);
    this.pooling = pooling;
    this.kernels = kernels;
    this.pool = pool;
    this.first = new Convolution(pooling, kernels, 1, 8, 5, random);
    this.second = new Convolution(pooling, kernels, 8, 16, 5, random);
    this.last = new Convolution(pooling, kernels, 16, CLASSES, 2, random);
  }

  /** The results of a forward call that a backward call needs. */
  private record Stage(Tensor activated, Pass pooled) {}

  private Stage stage(Scope step, Convolution convolution, Tensor x) {
    Tensor y = convolution.forward(step, x);
    kernels.run("relu", y.shape().elements(), 1, y);
    return new Stage(y, step.forward(pool, y)); // a pool does not ask what the planes stand for
  }

  private Tensor back(
      Scope step, Convolution convolution, Stage stage, Tensor gradient, float rate) {
    Tensor ofActivated = step.add(stage.pooled().backward(gradient));
    long cells = ofActivated.shape().elements();
    kernels.run("relu_gradient", cells, 1, stage.activated(), ofActivated);
    return convolution.backward(step, ofActivated, rate);
  }

  private Tensor pictures(Scope step, Digits digits, int batch) {
    Shape shape = Shape.of(1, BATCH, Digits.SIZE, Digits.SIZE);
    int cells = (int) shape.elements();
    int from = batch * cells;
    return step.tensor(shape, Arrays.copyOfRange(digits.pictures, from, from + cells));
  }

  private void train(Digits digits) {
    for (int i = 0; i < STEPS; i++) {
      float rate = RATE * (STEPS - i) / STEPS;
      try (Scope step = pooling.scope()) {
        Stage one = stage(step, first, pictures(step, digits, i));
        Stage two = stage(step, second, one.pooled().output());
        Tensor scores = last.forward(step, two.pooled().output());

        int[] labels = Arrays.copyOfRange(digits.labels, i * BATCH, (i + 1) * BATCH);
        Tensor right = step.indices(Shape.array(BATCH), labels);
        Tensor gradient = step.like(scores);
        kernels.run("loss_gradient", BATCH, 1, scores, right, gradient, CLASSES);
        gradient = last.backward(step, gradient, rate);
        gradient = back(step, second, two, gradient, rate);
        back(step, first, one, gradient, rate);
      }
    }
  }

  private double accuracy(Digits digits) {
    int right = 0;
    for (int i = 0; i < digits.labels.length / BATCH; i++) {
      try (Scope step = pooling.scope()) {
        Stage one = stage(step, first, pictures(step, digits, i));
        Stage two = stage(step, second, one.pooled().output());
        float[] scores = last.forward(step, two.pooled().output()).toFloats();
        for (int j = 0; j < BATCH; j++) {
          right += greatest(scores, j) == digits.labels[i * BATCH + j] ? 1 : 0;
        }
      }
    }
    return (double) right / digits.labels.length;
  }

  private static int greatest(float[] scores, int picture) {
    int best = 0;
    for (int k = 1; k < CLASSES; k++) {
      best = scores[k * BATCH + picture] > scores[best * BATCH + picture] ? k : best;
    }
    return best;
  }

  @Override
  public void close() {
    last.close();
    second.close();
    first.close();
  }

  /** Trains three nets; the exit code is not 0 unless all have learned. */
  public static void main(String[] arguments) throws IOException {
    List<Operator> pools =
        List.of(
            Pool.max().over(window(2)), Pool.avg().over(window(2)), Pool.soft().over(window(2)));
    Digits training = new Digits(STEPS * BATCH, SEED);
    Digits heldOut = new Digits(TESTS, SEED + 1);
    boolean learned = true;
    try (Pooling pooling = Pooling.open(DevicePolicy.OPENCL_ONLY);
        Tensor any = pooling.zeros(Shape.array(1));
        Kernels kernels = new Kernels(any)) {
      System.out.println(pooling.device().name() + ", products by " + kernels.multiplier());
      for (Operator pool : pools) {
        try (LeNet net = new LeNet(pooling, kernels, pool)) {
          long start = System.nanoTime();
          double before = net.accuracy(heldOut);
          net.train(training);
          double after = net.accuracy(heldOut);
          System.out.printf(
              "%s: %.1f %% of %d held-out digits right, %.1f %% before; %.1f s%n",
              pool, 100 * after, TESTS, 100 * before, (System.nanoTime() - start) / 1e9);
          learned &= after >= ENOUGH;
        }
      }
    } catch (DeviceException none) {
      System.out.println("skipped: " + none.getMessage());
      return;
    }
    System.out.println(learned ? "ok: each net has learned" : "WRONG: below 95 %");
    System.exit(learned ? 0 : 1);
  }
}
