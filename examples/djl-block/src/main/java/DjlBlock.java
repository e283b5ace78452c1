import static io.github.clpool.op.Regions.window;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.github.clpool.Pooling;
import java.util.LinkedHashMap;
import java.util.Map;

/** A net of DJL with clpool's pools: outputs and gradients beside those of DJL's own. */
public final class DjlBlock {
  private static final Shape INPUT = new Shape(4, 3, 32, 32);
  private static final Shape KERNEL = new Shape(3, 3);
  private static final Shape STRIDE = new Shape(2, 2);
  private static final double MOST_DIFFERENCE = 1e-4; // relative; sums run in another order

  private DjlBlock() {}

  /** What a step of training gives. */
  private record Results(NDArray output, NDArray ofWeights) {}

  /** Compares; the exit code is not 0 if something differs. */
  public static void main(String[] arguments) {
    double worst = 0;
    try (Pooling pooling = Pooling.open();
        NDManager manager = NDManager.newBaseManager()) {
      System.out.printf(
          "%s on %s, pools on %s%n",
          Engine.getDefaultEngineName(), manager.getDevice(), pooling.device().name());
      Map<io.github.clpool.op.Operator, Block> pairs = new LinkedHashMap<>();
      var window = window(3).stride(2);
      pairs.put(io.github.clpool.op.Pool.max().over(window), Pool.maxPool2dBlock(KERNEL, STRIDE));
      pairs.put(io.github.clpool.op.Pool.avg().over(window), Pool.avgPool2dBlock(KERNEL, STRIDE));
      pairs.put(io.github.clpool.op.Pool.lp(2).over(window), Pool.lpPool2dBlock(2, KERNEL, STRIDE));
      for (var pair : pairs.entrySet()) {
        Results djl = step(manager, pair.getValue());
        PoolBlock block = new PoolBlock(pooling, pair.getKey());
        Results own = step(manager, block);
        block.forget();
        double output = difference(own.output(), djl.output());
        double gradient = difference(own.ofWeights(), djl.ofWeights());
        System.out.printf(
            "%s: output %s, gradient of the weights before it: difference %.1e and %.1e%n",
            pair.getKey(), own.output().getShape(), output, gradient);
        worst = Math.max(worst, Math.max(output, gradient));
      }
    }
    boolean right = worst <= MOST_DIFFERENCE;
    System.out.println(right ? "ok: as DJL's own pools" : "WRONG");
    System.exit(right ? 0 : 1);
  }

  /** A convolution, the pool and a loss, forward and backward; the same numbers in each call. */
  private static Results step(NDManager manager, Block pool) {
    Engine.getInstance().setRandomSeed(1);
    ParameterStore store = new ParameterStore(manager, false);
    Block convolution = Conv2d.builder().setKernelShape(KERNEL).setFilters(8).build();
    convolution.initialize(manager, DataType.FLOAT32, INPUT);
    NDArray x = manager.randomNormal(INPUT);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDList features = convolution.forward(store, new NDList(x), true);
      NDArray output = pool.forward(store, features, true).singletonOrThrow();
      collector.backward(output.square().sum());
      if (pool instanceof PoolBlock block) {
        block.backward(collector);
      }
      return new Results(
          output, convolution.getParameters().get("weight").getArray().getGradient());
    }
  }

  private static double difference(NDArray one, NDArray other) {
    float greatest = other.abs().max().getFloat();
    return one.sub(other).abs().max().getFloat() / (double) greatest;
  }
}
