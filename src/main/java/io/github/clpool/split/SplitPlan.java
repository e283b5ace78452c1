package io.github.clpool.split;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Lifetime;
import io.github.clpool.backend.Plan;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.Producer;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A plan for each share of a batch. A run waits for all of them and then changes its results, all
 * or none. Thread-safe.
 */
final class SplitPlan implements Plan {
  private final List<Backend> devices;
  private final Problem problem;
  private final List<Share> shares;
  private final List<Plan> plans; // of each share
  private final Map<Role, List<Part>> parts; // for each share
  private final Producer producer;
  private final Lifetime lifetime;

  SplitPlan(
      List<Backend> devices,
      Problem problem,
      List<Share> shares,
      List<Plan> plans,
      Producer producer) {
    this.devices = devices;
    this.problem = problem;
    this.shares = shares;
    this.plans = plans;
    this.parts = SplitProblem.parts(problem, shares);
    this.producer = producer;
    this.lifetime = new Lifetime("plan", () -> Lifetime.freeAll(plans, Plan::close));
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
    Map<Role, Pieces> read = new EnumMap<>(Role.class);
    Map<Role, Pieces> written = new EnumMap<>(Role.class);
    try {
      for (Map.Entry<Role, List<Part>> each : parts.entrySet()) {
        Role role = each.getKey();
        SplitStorage storage = storage(arguments, role);
        if (!role.isResult(problem.direction())) {
          read.put(role, storage.use(each.getValue()));
        } else if (problem.accumulate()) {
          written.put(role, storage.copy(each.getValue()));
        } else {
          written.put(role, storage.allocate(each.getValue()));
        }
      }
      compute(arguments, read, written);
      written.forEach((role, pieces) -> storage(arguments, role).become(pieces));
      written.clear();
    } finally {
      read.values().forEach(pieces -> pieces.lifetime().done());
      written.values().forEach(pieces -> pieces.lifetime().close());
      lifetime.done();
    }
    return true;
  }

  private static SplitStorage storage(Arguments arguments, Role role) {
    return (SplitStorage) arguments.get(role).storage();
  }

  /** Starts every share, then waits for all, whatever fails. */
  private void compute(Arguments arguments, Map<Role, Pieces> read, Map<Role, Pieces> written) {
    List<Completion> started = new ArrayList<>();
    RuntimeException first = null;
    try {
      for (int i = 0; i < shares.size(); i++) {
        Arguments ofShare = ofShare(i, arguments, read, written);
        Plan plan = plans.get(i);
        try {
          started.add(device(i).enqueue(() -> plan.run(ofShare)));
        } catch (RuntimeException failed) {
          throw ShareFailure.of(shares.get(i), device(i), failed);
        }
      }
    } catch (RuntimeException failed) {
      first = failed;
    } finally {
      for (int i = 0; i < started.size(); i++) {
        try (Completion each = started.get(i)) {
          each.await();
        } catch (RuntimeException failed) {
          RuntimeException named = ShareFailure.of(shares.get(i), device(i), failed);
          if (first == null) {
            first = named;
          } else {
            first.addSuppressed(named);
          }
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private Backend device(int share) {
    return devices.get(shares.get(share).device());
  }

  private Arguments ofShare(
      int share, Arguments arguments, Map<Role, Pieces> read, Map<Role, Pieces> written) {
    Map<Role, Tensor> tensors = new EnumMap<>(Role.class);
    parts.forEach(
        (role, each) -> {
          Pieces pieces = read.containsKey(role) ? read.get(role) : written.get(role);
          tensors.put(role, pieces.tensor(each.get(share)));
        });
    long first = shares.get(share).first();
    return new Arguments(tensors, arguments.key().map(key -> key.startingAt(key.first() + first)));
  }

  @Override
  public void close() {
    lifetime.close();
  }
}
