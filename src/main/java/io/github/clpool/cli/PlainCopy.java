package io.github.clpool.cli;

import io.github.clpool.Pooling;
import io.github.clpool.opencl.runtime.DeviceCopy;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.stream.IntStream;

/** A copy on the device that poolings are compared with. Must be closed. */
interface PlainCopy extends Runnable, AutoCloseable {
  /** Copies once and waits. */
  @Override
  void run();

  @Override
  void close();

  /** A copy that reads and writes so many bytes in all, rounded up to whole floats. */
  static PlainCopy of(Pooling pooling, long bytes) {
    long count = Math.max(1, (bytes + 7) / 8);
    return pooling.selection().backend().equals("opencl")
        ? onDevice(pooling, count)
        : onHeap(Math.toIntExact(count));
  }

  private static PlainCopy onDevice(Pooling pooling, long count) {
    Shape shape = Shape.array(count);
    Tensor from = pooling.empty(shape, Layout.NCHW, DataType.FLOAT32);
    Tensor to = pooling.empty(shape, Layout.NCHW, DataType.FLOAT32);
    DeviceCopy copy = DeviceCopy.prepare(from, to);
    return new PlainCopy() {
      @Override
      public void run() {
        copy.run();
        pooling.finish();
      }

      @Override
      public void close() {
        copy.close();
        from.close();
        to.close();
      }
    };
  }

  private static PlainCopy onHeap(int count) {
    float[] from = new float[count];
    float[] to = new float[count];
    int parts = Runtime.getRuntime().availableProcessors();
    return new PlainCopy() {
      @Override
      public void run() {
        IntStream.range(0, parts)
            .parallel()
            .forEach(
                part -> {
                  int start = (int) ((long) count * part / parts);
                  int end = (int) ((long) count * (part + 1) / parts);
                  System.arraycopy(from, start, to, start, end - start);
                });
      }

      @Override
      public void close() {
        // the arrays need no freeing
      }
    };
  }
}
