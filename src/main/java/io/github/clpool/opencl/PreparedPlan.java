package io.github.clpool.opencl;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Plan;
import io.github.clpool.op.Direction;
import io.github.clpool.tensor.Producer;
import io.github.clpool.tensor.Require;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jocl.CL;

/**
 * A plan that is ready to run: kernels built, tables on the device. Kernel objects hold arguments,
 * so each run checks a set of them out, and threads never share one. Thread-safe.
 */
final class PreparedPlan implements Plan {
  private final Producer producer;
  private final LaunchPlan plan;
  private final OptionalInt workGroupSize;
  private final Direction direction;
  private final OpenClContext context;
  private final Memory memory;
  private final Programs programs;
  private final Transfers transfers;
  private final Map<KernelArgument.Table, Memory.Allocation> tables = new HashMap<>();
  private final ConcurrentLinkedDeque<List<BoundKernel>> idle = new ConcurrentLinkedDeque<>();
  private final CleanFaults faults;
  private final Lifetime ofBackend;
  private final Lifetime lifetime;

  /** Keeps the backend from being freed until it is closed. */
  PreparedPlan(
      OpenClBackend backend,
      Producer producer,
      LaunchPlan plan,
      Direction direction,
      OptionalInt workGroupSize) {
    this.producer = producer;
    this.plan = plan;
    this.direction = direction;
    this.workGroupSize = workGroupSize;
    this.context = backend.context();
    this.memory = backend.memory();
    this.programs = backend.programs();
    this.transfers = backend.transfers();
    this.faults = new CleanFaults(memory, transfers);
    this.lifetime = new Lifetime("plan", this::release);
    this.ofBackend = backend.lifetime();
    ofBackend.use();
    try {
      writeTables();
      idle.push(bind()); // fails now rather than at the first run
    } catch (Throwable failed) {
      release();
      throw failed;
    }
  }

  private void writeTables() {
    for (Launch launch : plan.launches()) {
      for (KernelArgument argument : launch.arguments()) {
        if (argument instanceof KernelArgument.Table table && !tables.containsKey(table)) {
          tables.put(table, transfers.make(memory, table.values()));
        }
      }
    }
  }

  private List<BoundKernel> bind() {
    List<BoundKernel> kernels = new ArrayList<>();
    try {
      for (Launch launch : plan.launches()) {
        kernels.add(new BoundKernel(launch, workGroupSize, context, programs, tables));
      }
    } catch (Throwable failed) {
      kernels.forEach(BoundKernel::close);
      throw failed;
    }
    return kernels;
  }

  @Override
  public Producer producer() {
    return producer;
  }

  /** The queue's order makes waiting unnecessary, unless kernels may find something wrong. */
  @Override
  public boolean tryRun(Arguments arguments) {
    if (!lifetime.tryUse()) {
      return false;
    }
    try {
      checkWritable(arguments);
      enqueue(arguments);
    } finally {
      lifetime.done();
    }
    return true;
  }

  private void checkWritable(Arguments arguments) {
    arguments
        .tensors()
        .forEach(
            (role, tensor) ->
                Require.that(
                    !role.isResult(direction) || ((OpenClStorage) tensor.storage()).isWritable(),
                    "%s is in memory made with CL_MEM_READ_ONLY, but must be writable",
                    role.words()));
  }

  private void enqueue(Arguments arguments) {
    try (PlanRun run = new PlanRun(plan, arguments, memory, transfers, faults)) {
      List<BoundKernel> kernels = idle.poll();
      if (kernels == null) {
        kernels = bind();
      }
      try {
        List<BoundKernel> bound = kernels;
        context.enqueue(() -> enqueue(bound, run));
      } finally {
        idle.push(kernels);
      }
      run.checkFaults();
    }
  }

  private void enqueue(List<BoundKernel> kernels, PlanRun run) {
    for (BoundKernel kernel : kernels) {
      enqueue(kernel, run);
    }
    context.calls().check("clFlush", () -> CL.clFlush(context.queue()));
  }

  /** Some drivers make buffers when they are first used, and lack memory only then. */
  private void enqueue(BoundKernel kernel, PlanRun run) {
    try {
      kernel.enqueue(run);
    } catch (Calls.CallException failed) {
      if (!failed.wantsMemory()) {
        throw failed;
      }
      context.finish();
      memory.dropKept();
      kernel.enqueue(run);
    }
  }

  @Override
  public void close() {
    lifetime.close();
  }

  private void release() {
    idle.forEach(kernels -> kernels.forEach(BoundKernel::close));
    tables.values().forEach(memory::free);
    faults.close();
    ofBackend.done();
  }
}
