package io.github.clpool.opencl.device;

import io.github.clpool.backend.Lifetime;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.runtime.BoundKernel;
import io.github.clpool.opencl.runtime.Elements;
import io.github.clpool.opencl.runtime.Memory;
import io.github.clpool.opencl.runtime.OpenClContext;
import io.github.clpool.opencl.runtime.PlanBuffers;
import io.github.clpool.opencl.runtime.Programs;
import io.github.clpool.opencl.runtime.Transfers;
import io.github.clpool.tensor.DataType;
import java.nio.Buffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/** Runs the kernels of the self-test. */
final class SelfTestKernels {
  static final String FILE = "self_test.cl";
  private static final long GROUP = 64;

  private final OpenClContext context;
  private final Programs programs;
  private final Memory memory;
  private final Transfers transfers;

  SelfTestKernels(OpenClContext context, Programs programs, Memory memory, Transfers transfers) {
    this.context = context;
    this.programs = programs;
    this.memory = memory;
    this.transfers = transfers;
  }

  /** Operands as kernels of the self-test take them. */
  static List<Buffer> bits(double[][] operands, DataType type) {
    List<Buffer> bits = new ArrayList<>();
    for (double[] operand : operands) {
      DoubleStream numbers = Arrays.stream(operand);
      bits.add(
          type == DataType.FLOAT64
              ? LongBuffer.wrap(numbers.mapToLong(Double::doubleToRawLongBits).toArray())
              : IntBuffer.wrap(
                  numbers.mapToInt(number -> Float.floatToRawIntBits((float) number)).toArray()));
    }
    return bits;
  }

  /**
   * Runs a kernel whose arguments are operands, results and their number.
   *
   * @param program the type of its program
   * @param macros the others of the program
   */
  void compute(
      DataType program,
      Map<String, String> macros,
      String name,
      List<Buffer> operands,
      Buffer results,
      int items) {
    List<KernelArgument> arguments = new ArrayList<>();
    for (int i = 0; i <= operands.size(); i++) {
      arguments.add(new KernelArgument.Temporary(i));
    }
    arguments.add(new KernelArgument.Int(items));
    TreeMap<String, String> all = new TreeMap<>(macros);
    all.put("TYPE", program.name());
    Launch launch = new Launch(FILE, all, name, arguments, List.of((long) items), List.of(GROUP));
    List<Memory.Allocation> buffers = new ArrayList<>();
    // The kernel first: drivers build one at a time, and another is tried beside.
    try (BoundKernel kernel =
        new BoundKernel(
            launch, OptionalInt.empty(), context, programs, new PlanBuffers(memory, List.of()))) {
      for (Buffer operand : operands) {
        buffers.add(memory.allocate((long) operand.remaining() * Elements.bytes(operand)));
        transfers.write(buffers.get(buffers.size() - 1).mem(), 0, operand);
      }
      Memory.Allocation computed =
          memory.allocate((long) results.remaining() * Elements.bytes(results));
      buffers.add(computed);
      kernel.enqueue(slot -> buffers.get(slot).mem()); // slots are numbered as they are met
      transfers.read(computed.mem(), 0, results);
    } finally {
      Lifetime.freeAll(buffers, memory::free);
    }
  }
}
