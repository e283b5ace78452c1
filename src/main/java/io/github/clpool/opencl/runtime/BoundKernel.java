package io.github.clpool.opencl.runtime;

import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.KernelParameter;
import io.github.clpool.opencl.plan.Launch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;

/**
 * A kernel object with the arguments of a launch that never change. It remembers the buffers that
 * it was given last, and is given only others. Not thread-safe: between setting the other arguments
 * and enqueueing it belongs to one thread.
 */
public final class BoundKernel implements AutoCloseable {
  /** What differs from run to run. */
  @FunctionalInterface
  public interface Run {
    /** The buffer in a slot of the plan. */
    cl_mem buffer(int slot);

    /** Where a tensor's planes lie in its buffer, into three numbers. */
    default void view(Role role, long[] view) {
      throw new IllegalStateException("there are no views");
    }

    /** The number that a table of the call ends with. */
    default int count(KernelArgument.CallCount argument) {
      throw new IllegalStateException("there are no tables");
    }

    /** The key of the call's draw. */
    default RandomKey key() {
      throw new IllegalStateException("nothing is drawn");
    }
  }

  /** A parameter that is no buffer and set for each run. */
  @FunctionalInterface
  private interface Setter {
    void set(Run run);
  }

  private final Launch launch;
  private final OpenClContext context;
  private final cl_kernel kernel;
  private final long[] global;
  private final long[] local;
  private final boolean isEmpty;
  private final int[] parameters; // those that are buffers of a run
  private final int[] slots; // of each
  private final cl_mem[] last; // of each
  private final Setter[] setters;
  private final cl_mem[] next = new cl_mem[1];
  private final Pointer toNext = Pointer.to(next);

  public BoundKernel(
      Launch launch,
      OptionalInt workGroupSize,
      OpenClContext context,
      Programs programs,
      PlanBuffers buffers) {
    this.launch = launch;
    this.context = context;
    this.kernel = programs.kernel(launch);
    try {
      WorkGroups sizes =
          WorkGroups.of(launch, workGroupSize, context.properties(), mostWorkItems());
      this.global = sizes.global();
      this.local = sizes.local();
      this.isEmpty = sizes.isEmpty();
      Binder binder = new Binder(buffers);
      launch.arguments().forEach(binder::bind);
      this.parameters = ints(binder.parameters);
      this.slots = ints(binder.slots);
      this.last = new cl_mem[slots.length];
      this.setters = binder.setters.toArray(new Setter[0]);
    } catch (Throwable failed) {
      close();
      throw failed;
    }
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
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

  /** Sets what stays and finds what each run sets. */
  private final class Binder implements KernelParameter {
    private final PlanBuffers buffers;
    private final List<Integer> parameters = new ArrayList<>();
    private final List<Integer> slots = new ArrayList<>();
    private final List<Setter> setters = new ArrayList<>();
    private int index;

    private Binder(PlanBuffers buffers) {
      this.buffers = buffers;
    }

    private void bind(KernelArgument argument) {
      argument.bindTo(this);
      index++;
    }

    @Override
    public void number(int value) {
      set(index, Sizeof.cl_int, Pointer.to(new int[] {value}));
    }

    @Override
    public void number(long value) {
      set(index, Sizeof.cl_long, Pointer.to(new long[] {value}));
    }

    @Override
    public void struct(int... words) {
      set(index, (long) Sizeof.cl_int * words.length, Pointer.to(words));
    }

    @Override
    public void table(KernelArgument.Table table) {
      set(index, Sizeof.cl_mem, Pointer.to(buffers.table(table)));
    }

    private void buffer(Object key, PlanBuffers.Slot slot) {
      parameters.add(index);
      slots.add(buffers.slot(key, slot));
    }

    @Override
    public void tensor(Role role) {
      buffer(role, run -> run.tensor(role));
    }

    @Override
    public void view(Role role) {
      buffers.takeInPlace(role);
      int parameter = index;
      long[] view = new long[3];
      long[] lastView = {-1, -1, -1}; // none
      Pointer toView = Pointer.to(view);
      setters.add(
          run -> {
            run.view(role, view);
            if (!Arrays.equals(view, lastView)) {
              BoundKernel.this.set(parameter, (long) Sizeof.cl_long * view.length, toView);
              System.arraycopy(view, 0, lastView, 0, view.length);
            }
          });
    }

    @Override
    public void temporary(int number) {
      buffer(number, run -> run.temporary(buffers.bytesOfTemporary(number)));
    }

    @Override
    public void drawn(KernelArgument.Drawn.Source source) {
      buffer(source, run -> run.made(source.draw(run.arguments())));
    }

    @Override
    public void callTable(KernelArgument.CallTable table) {
      buffer(table, run -> run.made(run.values(table)));
    }

    @Override
    public void callTemporary(KernelArgument.CallTemporary temporary) {
      buffer(
          temporary, run -> run.temporary((long) temporary.bytes() * run.count(temporary.count())));
    }

    @Override
    public void fault(KernelArgument.Fault fault) {
      buffer(fault, run -> run.fault(fault));
    }

    @Override
    public void callCount(KernelArgument.CallCount count) {
      int parameter = index;
      int[] number = new int[1];
      Pointer toNumber = Pointer.to(number);
      setters.add(
          run -> {
            number[0] = run.count(count);
            BoundKernel.this.set(parameter, Sizeof.cl_int, toNumber);
          });
    }

    @Override
    public void key(long each) {
      int parameter = index;
      long[] numbers = new long[4];
      Pointer toNumbers = Pointer.to(numbers);
      setters.add(
          run -> {
            RandomKey key = run.key();
            numbers[0] = key.seed();
            numbers[1] = key.call();
            numbers[2] = key.skipped(each);
            BoundKernel.this.set(parameter, Sizeof.cl_ulong4, toNumbers);
          });
    }
  }

  cl_kernel kernel() {
    return kernel;
  }

  long[] global() {
    return global;
  }

  long[] local() {
    return local;
  }

  /** Sets what is of one run only and enqueues. */
  public void enqueue(Run run) {
    if (isEmpty) {
      return;
    }
    for (int i = 0; i < slots.length; i++) {
      cl_mem buffer = run.buffer(slots[i]);
      if (buffer != last[i]) { // another of the same address may be another buffer
        last[i] = null;
        next[0] = buffer;
        set(parameters[i], Sizeof.cl_mem, toNext);
        last[i] = buffer;
      }
    }
    for (Setter setter : setters) {
      setter.set(run);
    }
    int code;
    try {
      code =
          CL.clEnqueueNDRangeKernel(
              context.queue(),
              kernel,
              global.length,
              null,
              global,
              local,
              0,
              null,
              context.kernelEvent());
    } catch (CLException failed) {
      code = failed.getStatus();
    }
    if (code != CL.CL_SUCCESS) {
      throw context.calls().failure("clEnqueueNDRangeKernel " + launch.kernel(), code);
    }
  }

  private void set(int index, long bytes, Pointer value) {
    int code;
    try {
      code = CL.clSetKernelArg(kernel, index, bytes, value);
    } catch (CLException failed) {
      code = failed.getStatus();
    }
    if (code != CL.CL_SUCCESS) {
      KernelArgument argument = launch.arguments().get(index);
      throw context
          .calls()
          .failure("clSetKernelArg " + index + " (" + argument + ") of " + launch.kernel(), code);
    }
  }

  @Override
  public void close() {
    Calls.code(() -> CL.clReleaseKernel(kernel));
  }
}
