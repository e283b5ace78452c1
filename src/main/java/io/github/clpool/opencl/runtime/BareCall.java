package io.github.clpool.opencl.runtime;

import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_kernel;

/**
 * A call as one would write it with nothing but JOCL: sets the kernel's buffers, enqueues it and
 * waits. What a call costs at least, to compare others with. Not thread-safe; must be closed before
 * its tensors.
 */
public final class BareCall implements AutoCloseable {
  private final BoundKernel bound;
  private final cl_kernel kernel;
  private final cl_command_queue queue;
  private final int[] parameters;
  private final Pointer[] buffers; // of each

  private BareCall(BoundKernel bound, cl_command_queue queue, int[] parameters, Pointer[] buffers) {
    this.bound = bound;
    this.kernel = bound.kernel();
    this.queue = queue;
    this.parameters = parameters;
    this.buffers = buffers;
  }

  /**
   * Builds the kernel that the call would run.
   *
   * @param problem a call that a single kernel computes
   * @param tensors its tensors, of one {@link OpenClBackend}
   * @return the bare call, ready to run
   * @throws IllegalArgumentException if the call needs several kernels, or the tensors are not on
   *     an OpenCL device
   */
  public static BareCall prepare(Problem problem, Map<Role, Tensor> tensors) {
    Object owner = tensors.values().iterator().next().storage().owner();
    Require.that(
        owner instanceof OpenClBackend, "owner is %s, but must be an OpenCL backend", owner);
    OpenClBackend backend = (OpenClBackend) owner;
    List<Launch> launches = backend.launches(problem).launches();
    Require.that(launches.size() == 1, "%s takes %d kernels, but must take 1", problem, launches);
    List<KernelArgument> arguments = launches.get(0).arguments();
    int[] parameters =
        IntStream.range(0, arguments.size())
            .filter(i -> arguments.get(i) instanceof KernelArgument.Buffer)
            .toArray();
    Pointer[] buffers = new Pointer[parameters.length];
    for (int i = 0; i < buffers.length; i++) {
      Role role = ((KernelArgument.Buffer) arguments.get(parameters[i])).role();
      buffers[i] = Pointer.to(((OpenClStorage) tensors.get(role).storage()).mem());
    }
    BoundKernel bound =
        new BoundKernel(
            launches.get(0),
            OptionalInt.empty(),
            backend.context(),
            backend.programs(),
            new PlanBuffers(backend.memory(), List.of()));
    return new BareCall(bound, backend.context().queue(), parameters, buffers);
  }

  /** Computes and waits. */
  public void run() {
    start();
    finish();
  }

  /** Begins to compute. */
  public void start() {
    for (int i = 0; i < parameters.length; i++) {
      CL.clSetKernelArg(kernel, parameters[i], Sizeof.cl_mem, buffers[i]);
    }
    long[] global = bound.global();
    CL.clEnqueueNDRangeKernel(
        queue, kernel, global.length, null, global, bound.local(), 0, null, null);
  }

  /** Waits. */
  public void finish() {
    CL.clFinish(queue);
  }

  @Override
  public void close() {
    bound.close();
  }
}
