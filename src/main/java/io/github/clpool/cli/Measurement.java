package io.github.clpool.cli;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.runtime.BareCall;
import io.github.clpool.parity.Case;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Half;
import io.github.clpool.tensor.Tensor;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
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
  private static final int CALLS = 5000;
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
    Case subject = figure.subject();
    try (CallTensors run = new CallTensors(pooling, subject, Measurement::fill)) {
      String implementation = run.implementation();
      return switch (figure.yardstick()) {
        case BARE_CALL -> {
          double[] times = calls(run, pooling.selection().backend().equals("opencl"));
          yield new Measurement(implementation, times[0], run.bytes(), times[1]);
        }
        case COPY -> {
          try (PlainCopy copy = PlainCopy.of(device, run.bytes())) {
            warmUp(copy);
            double[] times = measure(run, () -> Timing.once(copy));
            yield new Measurement(implementation, times[0], run.bytes(), times[1]);
          }
        }
        case SMALL_WINDOW -> beside(smallWindow(subject), run, pooling);
        case FORWARD -> beside(subject.forward(), run, pooling);
        case REFERENCE -> {
          try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
              CallTensors right = new CallTensors(reference, subject, Measurement::fill)) {
            double seconds = Timing.once(right);
            double[] times = measure(run, () -> 0);
            yield new Measurement(implementation, times[0], run.bytes(), seconds);
          }
        }
      };
    }
  }

  /** The medians of ours and the bare calls' times, each of the means of many. */
  private static double[] calls(CallTensors run, boolean onDevice) {
    if (!onDevice) {
      return each(measure(() -> many(run), () -> CALLS * FIXED_COST));
    }
    try (BareCall bare = BareCall.prepare(run.problem(), run.tensors())) {
      warmUp(() -> many(bare::run));
      return each(measure(() -> many(run), () -> Timing.once(() -> many(bare::run))));
    }
  }

  private static double[] each(double... ofMany) {
    return Arrays.stream(ofMany).map(seconds -> seconds / CALLS).toArray();
  }

  private static void many(Runnable call) {
    for (int i = 0; i < CALLS; i++) {
      call.run();
    }
  }

  private static Measurement beside(Case yardstick, CallTensors run, Pooling pooling) {
    try (CallTensors other = new CallTensors(pooling, yardstick, Measurement::fill)) {
      warmUp(other);
      double[] times = measure(run, () -> Timing.once(other));
      return new Measurement(run.implementation(), times[0], run.bytes(), times[1]);
    }
  }

  private static Case smallWindow(Case subject) {
    String text = subject.operator().name() + " window=3 stride=1 padding=1";
    return Call.subject(
        Operators.parse(text), subject.shape(), subject.layout(), subject.type(), false, false);
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

  /** The same few random numbers again and again: drawing millions takes longer than pooling. */
  private static boolean fill(Role role, Tensor tensor) {
    boolean half = tensor.type() == DataType.FLOAT16;
    boolean large = role == Role.INPUT || role == Role.GRAD_OUTPUT || role == Role.LOGITS;
    if (!large || !half && tensor.type() != DataType.FLOAT32) {
      return false;
    }
    SplittableRandom random = new SplittableRandom(role.ordinal());
    float[] numbers = new float[RANDOM_NUMBERS];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) (2 * random.nextDouble() - 1);
    }
    int count = (int) tensor.shape().elements();
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
    return true;
  }
}
