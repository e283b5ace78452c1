package io.github.clpool.opencl;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Lifetime;
import io.github.clpool.tensor.Producer;
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
final class PreparedPlan {
  private final Producer producer;
  private final LaunchPlan plan;
  private final OptionalInt workGroupSize;
  private final OpenClContext context;
  private final Memory memory;
  private final Programs programs;
  private final Transfers transfers;
  private final Map<KernelArgument.Table, Memory.Allocation> tables = new HashMap<>();
  private final ConcurrentLinkedDeque<List<BoundKernel>> idle = new ConcurrentLinkedDeque<>();
  private final CleanFaults faults;
  private final Lifetime lifetime;

  PreparedPlan(
      Producer producer,
      LaunchPlan plan,
      OptionalInt workGroupSize,
      OpenClContext context,
      Memory memory,
      Programs programs,
      Transfers transfers) {
    this.producer = producer;
    this.plan = plan;
    this.workGroupSize = workGroupSize;
    this.context = context;
    this.memory = memory;
    this.programs = programs;
    this.transfers = transfers;
    this.faults = new CleanFaults(memory, transfers);
    this.lifetime = new Lifetime("plan", this::release);
    try {
      writeTables();
      idle.push(bind()); // fails now rather than at the first run
    } catch (RuntimeException failed) {
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
    } catch (RuntimeException failed) {
      kernels.forEach(BoundKernel::close);
      throw failed;
    }
    return kernels;
  }

  Producer producer() {
    return producer;
  }

  Lifetime lifetime() {
    return lifetime;
  }

  /**
   * Enqueues the launches; the queue's order makes waiting unnecessary, unless kernels may find
   * something wrong.
   */
  void run(Arguments arguments) {
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

  void close() {
    lifetime.close();
  }

  private void release() {
    idle.forEach(kernels -> kernels.forEach(BoundKernel::close));
    tables.values().forEach(memory::free);
    faults.close();
  }
}
