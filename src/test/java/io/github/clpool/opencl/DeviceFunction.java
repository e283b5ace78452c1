package io.github.clpool.opencl;

import io.github.clpool.tensor.DataType;
import java.nio.Buffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jocl.cl_mem;

/** A function of {@code lib/exact_math.clh}, computed by the device of the run. */
final class DeviceFunction {
  private static final long GROUP = 64;

  private final OpenClBackend backend;
  private final SortedMap<String, String> macros = new TreeMap<>();

  /** A function of one or two arguments, by its name in the kernels. */
  DeviceFunction(OpenClBackend backend, DataType type, String name, int arguments) {
    this.backend = backend;
    macros.put("TYPE", type.name());
    macros.put("FUNCTION", name);
    macros.put("BINARY", arguments == 2 ? "1" : "0");
    if (type != DataType.FLOAT64) {
      macros.put("DIVISION", backend.profile().division() + "_DIVISION");
      macros.put("SQUARE_ROOT", backend.profile().squareRoot() + "_SQUARE_ROOT");
    }
  }

  float[] of(float[]... arguments) {
    float[] results = new float[arguments[0].length];
    List<Buffer> operands = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      operands.add(FloatBuffer.wrap(arguments[i % arguments.length]));
    }
    compute(operands, FloatBuffer.wrap(results));
    return results;
  }

  double[] of(double[]... arguments) {
    double[] results = new double[arguments[0].length];
    List<Buffer> operands = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      operands.add(DoubleBuffer.wrap(arguments[i % arguments.length]));
    }
    compute(operands, DoubleBuffer.wrap(results));
    return results;
  }

  private void compute(List<Buffer> operands, Buffer results) {
    int count = results.remaining();
    List<Memory.Allocation> buffers = new ArrayList<>();
    try {
      for (Buffer operand : operands) {
        buffers.add(allocate(operand));
        backend.transfers().write(buffers.get(buffers.size() - 1).mem(), 0, operand);
      }
      buffers.add(allocate(results));
      Launch launch =
          new Launch(
              "exact_function.cl",
              macros,
              "exact_function",
              List.of(
                  new KernelArgument.Temporary(0),
                  new KernelArgument.Temporary(1),
                  new KernelArgument.Temporary(2),
                  new KernelArgument.Int(count)),
              List.of((count + GROUP - 1) / GROUP * GROUP),
              List.of(GROUP));
      BoundKernel kernel =
          new BoundKernel(
              launch, OptionalInt.empty(), backend.context(), backend.programs(), Map.of());
      try {
        kernel.enqueue(new Operands(buffers));
      } finally {
        kernel.close();
      }
      backend.transfers().read(buffers.get(2).mem(), 0, results);
    } finally {
      buffers.forEach(backend.memory()::free);
    }
  }

  private Memory.Allocation allocate(Buffer buffer) {
    return backend.memory().allocate((long) buffer.remaining() * Elements.bytes(buffer));
  }

  /** Operands and results by their position. */
  private record Operands(List<Memory.Allocation> buffers) implements BoundKernel.Run {
    @Override
    public cl_mem buffer(KernelArgument argument) {
      return buffers.get(((KernelArgument.Temporary) argument).index()).mem();
    }

    @Override
    public int[] key() {
      throw new IllegalStateException("these functions draw nothing");
    }
  }
}
