package io.github.clpool.opencl;

import io.github.clpool.Pooling;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** Where {@link PipelineTest} computes: its own kernels and clpool's calls, one after the other. */
abstract class PipelineSide implements AutoCloseable {
  private final Pooling pooling;
  private final Deque<AutoCloseable> kept = new ArrayDeque<>();

  PipelineSide(Pooling pooling) {
    this.pooling = pooling;
  }

  Pooling pooling() {
    return pooling;
  }

  /** Closes it in the end, the last one first. */
  <T extends AutoCloseable> T keep(T made) {
    kept.push(made);
    return made;
  }

  /** Everything that is read is there; nothing may run yet. */
  void begin() {}

  /** Everything was started. */
  void end() {}

  /** Runs a kernel of the test; the result is kept. */
  final Tensor kernel(String name, Shape result, Tensor... inputs) {
    Tensor made = keep(pooling.empty(result, Layout.NCHW, DataType.FLOAT32));
    start(name, made, inputs);
    return made;
  }

  abstract void start(String kernel, Tensor result, Tensor... inputs);

  /** Runs a call of clpool behind what was started before; what it makes is kept. */
  abstract <T extends AutoCloseable> T pool(Supplier<T> call);

  @Override
  public void close() {
    try {
      while (!kept.isEmpty()) {
        kept.pop().close();
      }
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
    pooling.close();
  }
}
