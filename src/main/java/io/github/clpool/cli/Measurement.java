package io.github.clpool.cli;

import io.github.clpool.Pooling;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Half;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/**
 * A figure's times. Immutable.
 *
 * @param implementation what computed it
 * @param seconds the median of the call
 * @param bytes what a call reads and writes
 * @param yardstick the median of what it is compared with
 */
record Measurement(String implementation, double seconds, long bytes, double yardstick) {
  private static final int ROUNDS = 3;
  private static final int RUNS = 5;
  private static final double FIXED_COST = 100e-6;
  private static final double WARM_UP = 0.3;
  private static final double SLOW = 0.1; // then 3 runs must do
  private static final int MOST_WARM_UPS = 200;
  private static final int RANDOM_NUMBERS = 1 << 16; // repeated through a tensor

  double ratio() {
    return yardstick / seconds;
  }

  /** Measures a figure; the yardstick is timed right after each few runs. */
  static Measurement of(Figure figure, Pooling device, Pooling jvm) {
    Pooling pooling = figure.onJvm() ? jvm : device;
    Problem problem = figure.problem();
    try (Run run = new Run(pooling, problem)) {
      String implementation = run.implementation();
      return switch (figure.yardstick()) {
        case FIXED_COST ->
            new Measurement(
                implementation, measure(run, () -> FIXED_COST)[0], run.bytes(), FIXED_COST);
        case COPY -> {
          try (PlainCopy copy = PlainCopy.of(device, run.bytes())) {
            warmUp(copy);
            double[] times = measure(run, () -> Timing.once(copy));
            yield new Measurement(implementation, times[0], run.bytes(), times[1]);
          }
        }
        case SMALL_WINDOW -> {
          try (Run other = new Run(pooling, smallWindow(problem))) {
            warmUp(other);
            double[] times = measure(run, () -> Timing.once(other));
            yield new Measurement(implementation, times[0], run.bytes(), times[1]);
          }
        }
      };
    }
  }

  private static Problem smallWindow(Problem problem) {
    String text = problem.operator().name() + " window=3 stride=1 padding=1";
    return Call.problem(
        Operators.parse(text), problem.input(), problem.layout(), problem.type(), false, false);
  }

  /** Runs for a while; returns the seconds of the last run. */
  private static double warmUp(Runnable action) {
    double spent = 0;
    double last = 0;
    for (int i = 0; i < MOST_WARM_UPS && (i < 3 || spent < WARM_UP); i++) {
      last = Timing.once(action);
      spent += last;
    }
    return last;
  }

  /** The medians of ours and the other's times. */
  private static double[] measure(Runnable ours, DoubleSupplier other) {
    int runs = warmUp(ours) < SLOW ? RUNS : 1;
    double[] times = new double[ROUNDS * runs];
    double[] others = new double[ROUNDS * runs];
    for (int round = 0; round < ROUNDS; round++) {
      ours.run(); // the other's data is in the caches
      for (int i = 0; i < runs; i++) {
        times[round * runs + i] = Timing.once(ours);
      }
      other.getAsDouble();
      for (int i = 0; i < runs; i++) {
        others[round * runs + i] = other.getAsDouble();
      }
    }
    return new double[] {Timing.median(times), Timing.median(others)};
  }

  /** A call with its tensors, which can be repeated. */
  private static final class Run implements Runnable, AutoCloseable {
    private final Pooling pooling;
    private final Problem problem;
    private final Map<Role, Tensor> tensors = new EnumMap<>(Role.class);

    Run(Pooling pooling, Problem problem) {
      this.pooling = pooling;
      this.problem = problem;
      try {
        problem.arguments().forEach((role, shape) -> tensors.put(role, make(role, shape)));
        if (problem.direction() == Direction.BACKWARD && tensors.containsKey(Role.INDICES)) {
          select();
        }
      } catch (RuntimeException failed) {
        close();
        throw failed;
      }
    }

    private Tensor make(Role role, Shape shape) {
      DataType type = problem.operator().typeOf(role, problem.type());
      Tensor tensor = pooling.empty(shape, problem.layout(), type);
      if (role == Role.INPUT || role == Role.GRAD_OUTPUT) {
        fill(tensor);
      }
      return tensor;
    }

    private static void fill(Tensor tensor) {
      SplittableRandom random = new SplittableRandom(1);
      float[] numbers = new float[RANDOM_NUMBERS];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (float) (2 * random.nextDouble() - 1);
      }
      int count = (int) tensor.shape().elements();
      boolean half = tensor.type() == DataType.FLOAT16;
      float[] floats = new float[half ? 0 : count];
      short[] bits = new short[half ? count : 0];
      for (int i = 0; i < count; i++) {
        float number = numbers[i % RANDOM_NUMBERS];
        if (half) {
          bits[i] = Half.fromFloat(number);
        } else {
          floats[i] = number;
        }
      }
      tensor.write(half ? ShortBuffer.wrap(bits) : FloatBuffer.wrap(floats));
    }

    private void select() {
      try (Tensor x = make(Role.INPUT, problem.input());
          Tensor y = make(Role.OUTPUT, problem.output())) {
        Map<Role, Tensor> forward =
            Map.of(Role.INPUT, x, Role.OUTPUT, y, Role.INDICES, tensors.get(Role.INDICES));
        pooling.compute(problem.operator(), Direction.FORWARD, forward, false);
        pooling.finish();
      }
    }

    String implementation() {
      return pooling.choose(problem).implementation();
    }

    long bytes() {
      return tensors.values().stream()
          .mapToLong(tensor -> tensor.shape().elements() * tensor.type().bytes())
          .sum();
    }

    @Override
    public void run() {
      pooling.compute(problem.operator(), problem.direction(), tensors, false);
      pooling.finish();
    }

    @Override
    public void close() {
      tensors.values().forEach(Tensor::close);
    }
  }
}
