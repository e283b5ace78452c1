package io.github.clpool.cli;

import io.github.clpool.Pooling;
import io.github.clpool.opencl.runtime.DeviceCopy;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.stream.IntStream;

/** Copies that poolings are compared with. Stateless. */
final class PlainCopy {
  private PlainCopy() {}

  /** A copy that reads and writes so many bytes in all, rounded up to whole floats. */
  static Work of(Pooling pooling, long bytes) {
    long count = Math.max(1, (bytes + 7) / 8);
    return isOnDevice(pooling)
        ? new OnDevice(pooling, count, false)
        : new OnHeap(Math.toIntExact(count));
  }

  /** The same by the driver's own command, on a device. */
  static Work byDriver(Pooling pooling, long bytes) {
    return new OnDevice(pooling, Math.max(1, (bytes + 7) / 8), true);
  }

  static boolean isOnDevice(Pooling pooling) {
    return pooling.selection().backend().equals("opencl");
  }

  /** By the kernel, or by the driver. */
  private static final class OnDevice implements Work {
    private final Pooling pooling;
    private final Tensor from;
    private final Tensor to;
    private final DeviceCopy kernel;
    private final boolean byDriver;

    OnDevice(Pooling pooling, long count, boolean byDriver) {
      this.pooling = pooling;
      this.byDriver = byDriver;
      from = pooling.empty(Shape.array(count), Layout.NCHW, DataType.FLOAT32);
      Tensor second = null;
      try {
        second = pooling.empty(Shape.array(count), Layout.NCHW, DataType.FLOAT32);
        kernel = DeviceCopy.prepare(from, second);
      } catch (Throwable failed) {
        from.close();
        if (second != null) {
          second.close();
        }
        throw failed;
      }
      to = second;
    }

    @Override
    public void start() {
      if (byDriver) {
        DeviceCopy.byDriver(from, to);
      } else {
        kernel.run();
      }
    }

    @Override
    public void finish() {
      pooling.finish();
    }

    @Override
    public long bytes() {
      return 2 * DataType.FLOAT32.bytes() * from.shape().elements();
    }

    @Override
    public void close() {
      kernel.close();
      from.close();
      to.close();
    }
  }

  /** By the JVM, as many parts at once as there are processors. */
  private static final class OnHeap implements Work {
    private final float[] from;
    private final float[] to;

    OnHeap(int count) {
      from = new float[count];
      to = new float[count];
    }

    @Override
    public void start() {
      int parts = Runtime.getRuntime().availableProcessors();
      IntStream.range(0, parts)
          .parallel()
          .forEach(
              part -> {
                int start = (int) ((long) from.length * part / parts);
                int end = (int) ((long) from.length * (part + 1) / parts);
                System.arraycopy(from, start, to, start, end - start);
              });
    }

    @Override
    public void finish() {
      // it is over when it returns
    }

    @Override
    public long bytes() {
      return 2L * Float.BYTES * from.length;
    }

    @Override
    public void close() {
      // the arrays need no freeing
    }
  }
}
