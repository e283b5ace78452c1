package io.github.clpool.cli;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.runtime.BareCall;
import io.github.clpool.opencl.runtime.DeviceCopy;
import io.github.clpool.opencl.runtime.KernelTimes;
import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.opencl.runtime.PinnedCopy;
import io.github.clpool.parity.Case;
import io.github.clpool.tensor.BFloat16;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Half;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.Buffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Measures figures on one device. Not thread-safe. */
final class Meter {
  private static final int ROUNDS = 3;
  private static final double FIXED_COST = 100e-6;
  private static final int CALLS = 5000;
  private static final int CHAIN = 20; // calls that are waited for together
  private static final double SLOW = 0.1; // then a run in each round must do
  private static final int MOST_WARM_UPS = 200;
  private static final int MOST_CALLS = 20;
  private static final int RANDOM_NUMBERS = 1 << 16; // repeated through a tensor

  /**
   * How a kind of device is measured.
   *
   * @param rotated over how many bytes calls go in turn, so that no cache holds what they read
   * @param batch the seconds of calls that are started together; 0 for one at a time
   * @param warmUp the seconds of calls before any is measured
   * @param runs how often each round measures
   */
  private record Manner(long rotated, double batch, double warmUp, int runs) {
    /** Callers wait for results, and reuse memory. */
    static final Manner OF_CPU = new Manner(0, 0, 0.3, 5);

    /** Calls follow each other, and starting one takes time. Second-level caches have 100 MB. */
    static final Manner OF_GPU = new Manner(512L << 20, 4e-3, 0.05, 2);
  }

  private final Pooling device;
  private final Pooling jvm;
  private final Manner manner;
  private final Optional<OpenClBackend> timed;

  /**
   * Prepares.
   *
   * @param sizes whose manner is taken
   * @param timed the device's backend, if times are taken by its own clock
   */
  Meter(Pooling device, Pooling jvm, Sizes sizes, Optional<OpenClBackend> timed) {
    this.device = device;
    this.jvm = jvm;
    this.manner = sizes.ofGpu() ? Manner.OF_GPU : Manner.OF_CPU;
    this.timed = timed;
  }

  /** The medians of some times of a call. */
  private static final class Times {
    private final List<Double> seconds = new ArrayList<>();
    private final List<Double> wall = new ArrayList<>();

    double seconds() {
      return median(seconds);
    }

    double wall() {
      return median(wall);
    }

    private static double median(List<Double> values) {
      return Timing.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
  }

  /** Measures a figure; the yardstick is timed right after each few runs. */
  Measurement measure(Figure figure) {
    Pooling pooling = figure.onJvm() ? jvm : device;
    Case subject = figure.subject();
    switch (figure.yardstick()) {
      case BARE_CALL:
        return besideBareCalls(subject, pooling, 1);
      case BARE_CALLS:
        return besideBareCalls(subject, pooling, CHAIN);
      default: // measured below
    }
    boolean byDevice = timed.isPresent() && !figure.onJvm();
    try (Rotation<CallTensors> ours = calls(pooling, subject)) {
      Samples samples = new Samples(ours, byDevice);
      double yardstick;
      if (figure.yardstick() == Figure.Yardstick.REFERENCE) {
        yardstick = reference(subject);
        samples.take(ROUNDS);
      } else {
        try (Work other = yardstick(figure, pooling, ours.bytes())) {
          yardstick = beside(other, samples, byDevice);
        }
      }
      return new Measurement(
          ours.first().implementation(),
          samples.seconds(),
          samples.wall(),
          ours.bytes(),
          yardstick);
    }
  }

  private Work yardstick(Figure figure, Pooling pooling, long bytes) {
    return switch (figure.yardstick()) {
      case SMALL_WINDOW -> calls(pooling, smallWindow(figure.subject()));
      case FORWARD -> calls(pooling, figure.subject().forward());
      default -> copies(() -> PlainCopy.of(device, bytes));
    };
  }

  /** Takes both in turn; returns the other's seconds. */
  private double beside(Work other, Samples samples, boolean byDevice) {
    Samples others = new Samples(other, byDevice);
    for (int round = 0; round < ROUNDS; round++) {
      samples.take(1);
      others.take(1);
    }
    return others.seconds();
  }

  private static double reference(Case subject) {
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        CallTensors right = tensors(reference, subject)) {
      return Timing.once(right);
    }
  }

  private Measurement besideBareCalls(Case subject, Pooling pooling, int chain) {
    try (CallTensors call = tensors(pooling, subject)) {
      Samples samples = new Samples(chains(chain, call::start, call::finish), false);
      double yardstick = CALLS * FIXED_COST;
      if (PlainCopy.isOnDevice(pooling)) {
        try (BareCall bare = BareCall.prepare(call.problem(), call.tensors())) {
          yardstick = beside(chains(chain, bare::start, bare::finish), samples, false);
        }
      } else {
        samples.take(ROUNDS);
      }
      double seconds = samples.seconds() / CALLS;
      return new Measurement(
          call.implementation(), seconds, seconds, call.bytes(), yardstick / CALLS);
    }
  }

  /** {@value #CALLS} calls, so many at a time begun before they are waited for. */
  private static Work chains(int length, Runnable start, Runnable finish) {
    return new Repeated(
        CALLS / length,
        () -> {
          for (int i = 0; i < length; i++) {
            start.run();
          }
          finish.run();
        });
  }

  /** Something that waits, several times. */
  private record Repeated(int times, Runnable call) implements Work {
    @Override
    public void start() {
      for (int i = 0; i < times; i++) {
        call.run();
      }
    }

    @Override
    public void finish() {
      // it waits each time
    }

    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public void close() {
      // what it runs belongs to somebody else
    }
  }

  /** The copy beside the driver's own, to see whether the yardstick is a good one. */
  Measurement copy(long bytes) {
    boolean byDevice = timed.isPresent();
    try (Work kernel = copies(() -> PlainCopy.of(device, bytes));
        Work driver = copies(() -> PlainCopy.byDriver(device, bytes))) {
      Samples samples = new Samples(kernel, byDevice);
      double others = beside(driver, samples, byDevice);
      return new Measurement("copy", samples.seconds(), samples.wall(), bytes, others);
    }
  }

  /** An array's way into the device beside the best that the device does, from pinned memory. */
  Measurement arrayIn(long bytes) {
    return array(bytes, (tensor, array) -> tensor.write(0, array), PinnedCopy::in);
  }

  /** The same way out. */
  Measurement arrayOut(long bytes) {
    return array(bytes, (tensor, array) -> tensor.read(0, array), PinnedCopy::out);
  }

  private Measurement array(
      long bytes, BiConsumer<Tensor, FloatBuffer> copy, Consumer<PinnedCopy> best) {
    FloatBuffer array = FloatBuffer.allocate(Math.toIntExact(bytes / Float.BYTES));
    Shape shape = Shape.array(array.capacity());
    try (Tensor tensor = device.empty(shape, Layout.NCHW, DataType.FLOAT32);
        PinnedCopy pinned = new PinnedCopy(tensor)) {
      Samples samples =
          new Samples(new Repeated(1, () -> copy.accept(tensor, array.rewind())), false);
      double others = beside(new Repeated(1, () -> best.accept(pinned)), samples, false);
      return new Measurement("array", samples.seconds(), samples.wall(), bytes, others);
    }
  }

  private Rotation<CallTensors> calls(Pooling pooling, Case subject) {
    long rotated = pooling == device ? manner.rotated : 0;
    return new Rotation<>(rotated, () -> tensors(pooling, subject));
  }

  private static CallTensors tensors(Pooling pooling, Case subject) {
    return new CallTensors(pooling, subject, (role, tensor) -> fill(pooling, role, tensor));
  }

  private Work copies(Supplier<Work> copy) {
    return new Rotation<>(manner.rotated, copy);
  }

  /** Times of one work, in seconds of one call. */
  private final class Samples {
    private final Work work;
    private final boolean byDevice;
    private final int calls;
    private final int runs;
    private final List<Double> seconds = new ArrayList<>();
    private final List<Double> wall = new ArrayList<>();

    /** Warms up. */
    Samples(Work work, boolean byDevice) {
      this.work = work;
      this.byDevice = byDevice;
      double once = warmUp();
      calls = (int) Math.max(1, Math.min(MOST_CALLS, manner.batch / once));
      runs = once < SLOW ? manner.runs : 1;
    }

    /** Runs for a while; returns the seconds of the last run. */
    private double warmUp() {
      double spent = 0;
      double last = 0;
      for (int i = 0; i < MOST_WARM_UPS && (i < 3 || spent < manner.warmUp); i++) {
        last = Timing.once(work);
        spent += last;
      }
      return last;
    }

    void take(int rounds) {
      for (int round = 0; round < rounds; round++) {
        work.run(); // the other's data is in the caches
        for (int run = 0; run < runs; run++) {
          double each = Timing.each(work, calls);
          wall.add(each);
          seconds.add(byDevice ? onDevice() : each);
        }
      }
    }

    private double onDevice() {
      try (KernelTimes times = new KernelTimes(timed.orElseThrow())) {
        for (int i = 0; i < calls; i++) {
          work.start();
        }
        return times.seconds() / calls;
      }
    }

    double seconds() {
      return median(seconds);
    }

    double wall() {
      return median(wall);
    }

    private static double median(List<Double> values) {
      return Timing.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
  }

  private static Case smallWindow(Case subject) {
    String text = subject.operator().name() + " window=3 stride=1 padding=1";
    return Call.subject(
        Operators.parse(text), subject.shape(), subject.layout(), subject.type(), false, false);
  }

  /** The same few random numbers again and again: drawing millions takes longer than pooling. */
  private static boolean fill(Pooling pooling, Role role, Tensor tensor) {
    boolean large = role == Role.INPUT || role == Role.GRAD_OUTPUT || role == Role.LOGITS;
    if (!large || !tensor.type().isFloatingPoint()) {
      return false;
    }
    int count = (int) Math.min(RANDOM_NUMBERS, tensor.shape().elements());
    SplittableRandom random = new SplittableRandom(role.ordinal());
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (2 * random.nextDouble() - 1);
    }
    Buffer elements = elements(tensor.type(), numbers);
    if (PlainCopy.isOnDevice(pooling)) {
      Shape some = Shape.array(count);
      try (Tensor first = pooling.tensor(some, Layout.NCHW, tensor.type(), elements)) {
        DeviceCopy.byDriver(first, tensor);
      }
    } else {
      for (long at = 0; at < tensor.shape().elements(); at += count) {
        elements.limit((int) Math.min(count, tensor.shape().elements() - at));
        tensor.write(at, elements.rewind());
      }
    }
    return true;
  }

  private static Buffer elements(DataType type, float... numbers) {
    if (type == DataType.FLOAT32) {
      return FloatBuffer.wrap(numbers);
    } else if (type == DataType.FLOAT64) {
      DoubleBuffer wide = DoubleBuffer.allocate(numbers.length);
      for (float number : numbers) {
        wide.put(number);
      }
      return wide.flip();
    }
    ShortBuffer bits = ShortBuffer.allocate(numbers.length);
    for (float number : numbers) {
      bits.put(type == DataType.FLOAT16 ? Half.fromFloat(number) : BFloat16.fromFloat(number));
    }
    return bits.flip();
  }
}
