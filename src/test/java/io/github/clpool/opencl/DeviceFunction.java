package io.github.clpool.opencl;

import io.github.clpool.exact.FloatCheck;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.runtime.BoundKernel;
import io.github.clpool.opencl.runtime.Elements;
import io.github.clpool.opencl.runtime.Memory;
import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.opencl.runtime.PlanBuffers;
import io.github.clpool.tensor.DataType;
import java.nio.Buffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A function of {@code opencl/lib}, computed by a device. */
final class DeviceFunction implements FloatCheck.Way {
  private static final long GROUP = 64;
  private static final int LANES = 8;

  private final OpenClBackend backend;
  private final int lanes;
  private final SortedMap<String, String> macros = new TreeMap<>();

  private DeviceFunction(
      OpenClBackend backend, DataType type, String name, int arguments, boolean vectors) {
    this.backend = backend;
    this.lanes = vectors ? LANES : 1;
    macros.put("TYPE", type.name());
    macros.put("FUNCTION", name);
    macros.put("ARGUMENTS", Integer.toString(arguments));
    macros.put("VECTORS", vectors ? "1" : "0");
    if (type != DataType.FLOAT64) {
      macros.put("DIVISION", backend.profile().division() + "_DIVISION");
      macros.put("SQUARE_ROOT", backend.profile().squareRoot() + "_SQUARE_ROOT");
    }
  }

  /** A function of one or two numbers, by its name. */
  static DeviceFunction scalar(OpenClBackend backend, DataType type, String name, int arguments) {
    return new DeviceFunction(backend, type, name, arguments, false);
  }

  /** A function of vectors, by its name. */
  static DeviceFunction vectors(OpenClBackend backend, DataType type, String name, int arguments) {
    return new DeviceFunction(backend, type, name, arguments, true);
  }

  @Override
  public float[] of(float[]... arguments) {
    float[] results = new float[arguments[0].length];
    compute(Stream.of(arguments).map(FloatBuffer::wrap).toList(), FloatBuffer.wrap(results));
    return results;
  }

  double[] of(double[]... arguments) {
    double[] results = new double[arguments[0].length];
    compute(Stream.of(arguments).map(DoubleBuffer::wrap).toList(), DoubleBuffer.wrap(results));
    return results;
  }

  private void compute(List<? extends Buffer> operands, Buffer results) {
    int calls = (results.remaining() + lanes - 1) / lanes;
    List<Memory.Allocation> buffers = new ArrayList<>();
    try {
      for (Buffer operand : operands) {
        buffers.add(allocate(operand, calls));
        backend.transfers().write(buffers.get(buffers.size() - 1).mem(), 0, operand);
      }
      Memory.Allocation computed = allocate(results, calls);
      buffers.add(computed);
      Launch launch =
          new Launch(
              "exact_function.cl",
              macros,
              "exact_function",
              List.of(
                  new KernelArgument.Temporary(0),
                  new KernelArgument.Temporary(operands.size() - 1),
                  new KernelArgument.Temporary(operands.size()),
                  new KernelArgument.Int(calls * lanes)),
              List.of((long) calls),
              List.of(GROUP));
      BoundKernel kernel =
          new BoundKernel(
              launch,
              OptionalInt.empty(),
              backend.context(),
              backend.programs(),
              new PlanBuffers(backend.memory(), List.of()));
      try {
        kernel.enqueue(slot -> buffers.get(slot).mem()); // slots are numbered as they are met
      } finally {
        kernel.close();
      }
      backend.transfers().read(computed.mem(), 0, results);
    } finally {
      buffers.forEach(backend.memory()::free);
    }
  }

  private Memory.Allocation allocate(Buffer buffer, int calls) {
    return backend.memory().allocate((long) calls * lanes * Elements.bytes(buffer));
  }
}
