package io.github.clpool;

import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.runtime.BareCall;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Map;
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

/**
 * A call's fixed cost: a small tensor, everything cached, the result waited for. {@code mvn -Pbench
 * test-compile exec:exec -Dbench="CallBench -prof gc"} shows the bytes of each call, too.
 */
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

  /** The shape of the input: the smallest one, and 64 cells. */
  @Param({"1x1x2x2", "1x1x8x8"})
  public String shape;

  private final Pool pool = Pool.max().over(Regions.window(2));
  private Pooling pooling;
  private Tensor x;
  private Tensor y;
  private PreparedPooling prepared;
  private BareCall bare; // null on the JVM

  /** Opens the device. */
  @Setup
  public void open() {
    pooling = Pooling.open(DevicePolicy.parse(device));
    Shape input = Shape.parse(shape);
    x = pooling.ones(input);
    prepared = pooling.prepare(pool, input, Layout.NCHW, DataType.FLOAT32);
    y = prepared.empty(Role.OUTPUT);
    if (pooling.selection().backend().equals("opencl")) {
      bare = BareCall.prepare(prepared.problem(), Map.of(Role.INPUT, x, Role.OUTPUT, y));
    }
  }

  /** Closes the device. */
  @TearDown
  public void close() {
    if (bare != null) {
      bare.close();
    }
    y.close();
    x.close();
    pooling.close();
  }

  /** One call with a tensor of its own, read back. */
  @Benchmark
  public float[] call() {
    try (Tensor made = pooling.run(pool, x)) {
      return made.toFloats();
    }
  }

  /** One call into a tensor of the caller, waited for. */
  @Benchmark
  public void into() {
    pooling.run(pool, x, y);
    pooling.finish();
  }

  /** One prepared call, waited for. */
  @Benchmark
  public void prepared() {
    prepared.run(x, y);
    pooling.finish();
  }

  /** The same kernel by bare OpenCL calls, waited for. */
  @Benchmark
  public void bare() {
    if (bare == null) {
      throw new IllegalStateException("the JVM has no bare calls");
    }
    bare.run();
  }
}
