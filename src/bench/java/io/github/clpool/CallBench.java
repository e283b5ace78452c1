package io.github.clpool;

import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A call's fixed cost: the smallest tensor, everything cached, the result waited for. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CallBench {
  /** The device, as the command line names it. */
  @Param({"auto", "jvm"})
  public String device;

  private final Pool pool = Pool.max().over(Regions.window(2));
  private Pooling pooling;
  private Tensor x;

  /** Opens the device. */
  @Setup
  public void open() {
    pooling = Pooling.open(DevicePolicy.parse(device));
    x = pooling.tensor(Shape.of(1, 1, 2, 2), 1f, 2f, 3f, 4f);
  }

  /** Closes the device. */
  @TearDown
  public void close() {
    x.close();
    pooling.close();
  }

  /** One call, read back. */
  @Benchmark
  public float[] call() {
    try (Tensor y = pooling.run(pool, x)) {
      return y.toFloats();
    }
  }
}
