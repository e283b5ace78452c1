package io.github.clpool.opencl;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;

/**
 * A kernel object with the arguments of a launch that never change. Not thread-safe: between
 * setting the other arguments and enqueueing it belongs to one thread.
 */
final class BoundKernel {
  /** What differs from run to run. */
  interface Run {
    /** The buffer of a tensor, a temporary, a draw, a table of the call or a fault. */
    cl_mem buffer(KernelArgument argument);

    /** The number that a table of the call ends with. */
    default int count(KernelArgument.CallCount argument) {
      throw new IllegalStateException("there are no tables");
    }

    /** The random key as four words. */
    int[] key();
  }

  private final Launch launch;
  private final OpenClContext context;
  private final cl_kernel kernel;
  private final WorkGroups sizes;

  BoundKernel(
      Launch launch,
      OptionalInt workGroupSize,
      OpenClContext context,
      Programs programs,
      Map<KernelArgument.Table, Memory.Allocation> tables) {
    this.launch = launch;
    this.context = context;
    this.kernel = programs.kernel(launch);
    try {
      this.sizes = WorkGroups.of(launch, workGroupSize, context.properties(), mostWorkItems());
      setConstants(tables);
    } catch (Throwable failed) {
      close();
      throw failed;
    }
  }

  private long mostWorkItems() {
    long[] most = new long[1];
    context
        .calls()
        .check(
            "clGetKernelWorkGroupInfo",
            () ->
                CL.clGetKernelWorkGroupInfo(
                    kernel,
                    context.device(),
                    CL.CL_KERNEL_WORK_GROUP_SIZE,
                    Sizeof.size_t,
                    Pointer.to(most),
                    null));
    return most[0];
  }

  private void setConstants(Map<KernelArgument.Table, Memory.Allocation> tables) {
    List<KernelArgument> arguments = launch.arguments();
    for (int i = 0; i < arguments.size(); i++) {
      KernelArgument argument = arguments.get(i);
      if (argument instanceof KernelArgument.Int number) {
        set(i, Sizeof.cl_int, Pointer.to(new int[] {number.value()}));
      } else if (argument instanceof KernelArgument.Long number) {
        set(i, Sizeof.cl_long, Pointer.to(new long[] {number.value()}));
      } else if (argument instanceof KernelArgument.Struct struct) {
        set(i, (long) Sizeof.cl_int * struct.words().length, Pointer.to(struct.words()));
      } else if (argument instanceof KernelArgument.Local local) {
        set(i, local.bytes(), null);
      } else if (argument instanceof KernelArgument.Table table) {
        set(i, Sizeof.cl_mem, Pointer.to(tables.get(table).mem()));
      }
    }
  }

  /** Sets what is of one run only and enqueues. */
  void enqueue(Run run) {
    if (sizes.isEmpty()) {
      return;
    }
    List<KernelArgument> arguments = launch.arguments();
    for (int i = 0; i < arguments.size(); i++) {
      KernelArgument argument = arguments.get(i);
      if (argument instanceof KernelArgument.Key) {
        set(i, Sizeof.cl_uint4, Pointer.to(run.key()));
      } else if (argument instanceof KernelArgument.CallCount count) {
        set(i, Sizeof.cl_int, Pointer.to(new int[] {run.count(count)}));
      } else if (argument instanceof KernelArgument.Buffer
          || argument instanceof KernelArgument.Temporary
          || argument instanceof KernelArgument.Drawn
          || argument instanceof KernelArgument.CallTable
          || argument instanceof KernelArgument.CallTemporary
          || argument instanceof KernelArgument.Fault) {
        set(i, Sizeof.cl_mem, Pointer.to(run.buffer(argument)));
      }
    }
    context
        .calls()
        .check(
            "clEnqueueNDRangeKernel " + launch.kernel(),
            () ->
                CL.clEnqueueNDRangeKernel(
                    context.queue(),
                    kernel,
                    sizes.global().length,
                    null,
                    sizes.global(),
                    sizes.local(),
                    0,
                    null,
                    null));
  }

  private void set(int index, long bytes, Pointer value) {
    int code = Calls.code(() -> CL.clSetKernelArg(kernel, index, bytes, value));
    if (code != CL.CL_SUCCESS) {
      KernelArgument argument = launch.arguments().get(index);
      throw context
          .calls()
          .failure("clSetKernelArg " + index + " (" + argument + ") of " + launch.kernel(), code);
    }
  }

  void close() {
    Calls.code(() -> CL.clReleaseKernel(kernel));
  }
}
