package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Lifetime;
import io.github.clpool.backend.Plan;
import io.github.clpool.op.Direction;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Producer;
import io.github.clpool.tensor.Require;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;

/**
 * A plan that is ready to run: kernels built, tables on the device. Kernel objects hold arguments,
 * so each run checks a set of them out, and threads never share one. Thread-safe.
 */
public final class PreparedPlan implements Plan {
  private final OpenClBackend backend;
  private final Producer producer;
  private final LaunchPlan plan;
  private final Direction direction;
  private final boolean accumulates;
  private final OptionalInt workGroupSize;
  private final PlanBuffers buffers;
  private final Deque<PlanRun> idle = new ArrayDeque<>();
  private final Lifetime lifetime;
  private final Handles.Handle handle;

  /** Keeps the backend from being freed until it is closed. */
  public PreparedPlan(
      OpenClBackend backend,
      Producer producer,
      LaunchPlan plan,
      Direction direction,
      boolean accumulates,
      OptionalInt workGroupSize) {
    this.backend = backend;
    this.producer = producer;
    this.plan = plan;
    this.direction = direction;
    this.accumulates = accumulates;
    this.workGroupSize = workGroupSize;
    this.buffers = new PlanBuffers(backend.memory(), plan.temporaries());
    this.lifetime = new Lifetime("plan", release(backend, idle, buffers));
    backend.lifetime().use();
    try {
      giveBack(bind()); // fails now rather than at the first run
    } catch (Throwable failed) {
      lifetime.close();
      throw failed;
    }
    this.handle = Handles.openUncounted(this, "plan of " + producer, lifetime::close);
  }

  /** Knows nothing of the plan itself, which may be forgotten by everybody else. */
  private static Runnable release(OpenClBackend backend, Deque<PlanRun> idle, PlanBuffers buffers) {
    return () ->
        Lifetime.freeAll(
            () -> Lifetime.freeAll(idle, PlanRun::close), buffers::close, backend.lifetime()::done);
  }

  private PlanRun bind() {
    List<BoundKernel> kernels = new ArrayList<>(plan.launches().size());
    try {
      for (Launch launch : plan.launches()) {
        kernels.add(
            new BoundKernel(launch, workGroupSize, backend.context(), backend.programs(), buffers));
      }
      return new PlanRun(backend, direction, accumulates, kernels, buffers);
    } catch (Throwable failed) {
      Lifetime.freeAll(kernels, BoundKernel::close);
      throw failed;
    }
  }

  @Override
  public Producer producer() {
    return producer;
  }

  @Override
  public boolean tryRun(Arguments arguments) {
    Require.present("arguments", arguments);
    if (!lifetime.tryUse()) {
      return false;
    }
    try {
      PlanRun run = take();
      try {
        run.run(arguments);
      } finally {
        giveBack(run);
      }
    } finally {
      lifetime.done();
    }
    return true;
  }

  private PlanRun take() {
    PlanRun run;
    synchronized (idle) {
      run = idle.poll();
    }
    return run != null ? run : bind();
  }

  private void giveBack(PlanRun run) {
    synchronized (idle) {
      idle.push(run);
    }
  }

  @Override
  public void close() {
    handle.close();
  }
}
