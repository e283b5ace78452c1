package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.Arguments;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Producer;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jocl.CL;
import org.jocl.cl_mem;

/**
 * Copies a tensor with a kernel: what a kernel that only moves memory reaches, to compare others
 * with. Not thread-safe; must be closed before its tensors.
 */
public final class DeviceCopy implements AutoCloseable {
  private static final int LANES = 8;
  private static final int VECTORS_ON_CPU = 2048; // 64 KiB a work-item
  private static final long GROUP_ON_GPU = 64;

  private final PreparedPlan plan;
  private final Arguments arguments;

  private DeviceCopy(PreparedPlan plan, Arguments arguments) {
    this.plan = plan;
    this.arguments = arguments;
  }

  /**
   * Builds the kernel.
   *
   * @param from a FLOAT32 tensor of an {@link OpenClBackend}
   * @param to another one of the same backend with as many elements
   * @return the copy, ready to run
   * @throws IllegalArgumentException if the tensors do not fit
   */
  public static DeviceCopy prepare(Tensor from, Tensor to) {
    long count = from.shape().elements();
    Require.that(
        from.type() == DataType.FLOAT32 && to.type() == DataType.FLOAT32,
        "tensors are %s and %s, but must be FLOAT32",
        from,
        to);
    Require.that(
        count == to.shape().elements() && count > 0 && !to.storage().overlaps(from.storage()),
        "tensors are %s and %s, but must be two with equally many elements",
        from,
        to);
    Require.that(
        from.storage().owner() instanceof OpenClBackend
            && from.storage().owner() == to.storage().owner(),
        "tensors %s and %s must belong to the same OpenCL device",
        from,
        to);
    OpenClBackend backend = (OpenClBackend) from.storage().owner();
    PreparedPlan plan =
        new PreparedPlan(
            backend,
            new Producer(backend.name(), backend.device(), "copy"),
            LaunchPlan.of(launch(count, backend.profile().kind())),
            Direction.FORWARD,
            false,
            OptionalInt.empty());
    Map<Role, Tensor> tensors = Map.of(Role.INPUT, from, Role.OUTPUT, to);
    return new DeviceCopy(plan, new Arguments(tensors, Optional.empty()));
  }

  private static Launch launch(long count, DeviceProfile.Kind kind) {
    boolean gpu = kind == DeviceProfile.Kind.GPU;
    long vectors = gpu ? 1 : VECTORS_ON_CPU;
    return new Launch(
        "copy.cl",
        new TreeMap<>(Map.of("VECTORS", Long.toString(vectors))),
        "copy",
        List.of(
            new KernelArgument.Buffer(Role.INPUT),
            new KernelArgument.Buffer(Role.OUTPUT),
            new KernelArgument.Long(count)),
        List.of(count / LANES / vectors + 1),
        List.of(gpu ? GROUP_ON_GPU : 1));
  }

  /**
   * Starts the driver's own copy of a tensor, or of as many copies of it one after the other as the
   * other has room for.
   *
   * @param from a tensor of an {@link OpenClBackend}
   * @param to another one of the same backend, type and layout, none that is used elsewhere
   */
  public static void byDriver(Tensor from, Tensor to) {
    OpenClStorage source = (OpenClStorage) from.storage();
    OpenClStorage target = (OpenClStorage) to.storage();
    OpenClContext context = source.backend().context();
    long period = source.elements() * source.type().bytes();
    long all = target.elements() * target.type().bytes();
    for (long at = 0; at < all; at += period) {
      copy(context, source.mem(), target.mem(), at, Math.min(period, all - at));
    }
  }

  private static void copy(OpenClContext context, cl_mem from, cl_mem to, long at, long bytes) {
    context.enqueue(
        "clEnqueueCopyBuffer of " + bytes + " bytes",
        () ->
            CL.clEnqueueCopyBuffer(
                context.queue(), from, to, 0, at, bytes, 0, null, context.kernelEvent()));
  }

  /** Starts a copy; {@code Pooling.finish} waits for it. */
  public void run() {
    plan.run(arguments);
  }

  @Override
  public void close() {
    plan.close();
  }
}
