package io.github.clpool.backend;

import io.github.clpool.op.Direction;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Producer;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Storage;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A backend on Java arrays; calls return when the results are there.
 *
 * @param <D> what implementations need to know of the machine
 */
public final class HeapBackend<D> implements Backend {
  private final String name;
  private final String device;
  private final D profile;
  private final Function<Operator, List<Implementation<D, Computation>>> implementations;

  /**
   * Makes a backend.
   *
   * @param name the backend's name
   * @param device the device's name
   * @param profile what implementations need to know of the machine
   * @param implementations lists an operator's implementations, the preferred first
   */
  public HeapBackend(
      String name,
      String device,
      D profile,
      Function<Operator, List<Implementation<D, Computation>>> implementations) {
    this.name = Require.present("name", name);
    this.device = Require.present("device", device);
    this.profile = profile;
    this.implementations = Require.present("implementations", implementations);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String device() {
    return device;
  }

  @Override
  public Device description() {
    Runtime java = Runtime.getRuntime();
    return new Device(
        name,
        device,
        Device.Kind.JVM,
        java.availableProcessors(),
        java.maxMemory(),
        java.maxMemory(),
        1,
        0,
        Map.of());
  }

  @Override
  public Optional<String> refusal(DataType type) {
    Require.present("type", type);
    return Optional.empty();
  }

  @Override
  public Storage allocate(Shape shape, Layout layout, DataType type) {
    Require.present("shape", shape);
    Require.present("layout", layout);
    return new HeapStorage(this, type, shape.elements());
  }

  @Override
  public List<Verdict> explain(Problem problem) {
    return chooser(problem).explain(problem);
  }

  @Override
  public Plan plan(Problem problem, Preference preference) {
    Implementation<D, Computation> chosen = chooser(problem).choose(problem, preference);
    return new HeapPlan(
        new Producer(name, device, chosen.name()),
        problem.arguments().keySet().stream().sorted().toArray(Role[]::new),
        problem.direction(),
        chosen.plan(problem, profile));
  }

  private static final class HeapPlan implements Plan {
    private final Producer producer;
    private final Role[] roles; // of the call's tensors
    private final Direction direction;
    private final Computation computation;
    private volatile boolean closed;

    private HeapPlan(
        Producer producer, Role[] roles, Direction direction, Computation computation) {
      this.producer = producer;
      this.roles = roles;
      this.direction = direction;
      this.computation = computation;
    }

    @Override
    public Producer producer() {
      return producer;
    }

    @Override
    public boolean tryRun(Arguments arguments) {
      Require.present("arguments", arguments);
      if (closed) {
        return false;
      }
      Lifetime[] lifetimes = new Lifetime[roles.length];
      int held = 0;
      boolean hasParts = false;
      try {
        while (held < roles.length) {
          HeapStorage storage = HeapStorage.of(arguments.get(roles[held]));
          storage.lifetime().use();
          lifetimes[held++] = storage.lifetime();
          hasParts |= storage.isPart();
        }
        if (hasParts) {
          runWithCopies(arguments);
        } else {
          computation.run(arguments);
        }
      } catch (OutOfMemoryError lack) {
        throw HeapStorage.exhausted(lack);
      } finally {
        while (held > 0) {
          lifetimes[--held].done();
        }
      }
      return true;
    }

    /**
     * Computations know arrays only: those of parts are copied, and back where they are results.
     */
    private void runWithCopies(Arguments arguments) {
      Map<Role, Tensor> tensors = new EnumMap<>(arguments.tensors());
      List<Tensor> copies = new ArrayList<>();
      try {
        for (Role role : roles) {
          Tensor tensor = arguments.get(role);
          if (HeapStorage.of(tensor).isPart()) {
            HeapStorage copy = HeapStorage.of(tensor).copy();
            Tensor own = new Tensor(tensor.shape(), tensor.layout(), tensor.type(), copy, null);
            copies.add(own);
            tensors.put(role, own);
          }
        }
        computation.run(new Arguments(tensors, arguments.key()));
        for (Role role : roles) {
          if (role.isResult(direction) && tensors.get(role) != arguments.get(role)) {
            HeapStorage.of(tensors.get(role)).copyTo(HeapStorage.of(arguments.get(role)));
          }
        }
      } finally {
        Lifetime.freeAll(copies, Tensor::close);
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private Chooser<D, Implementation<D, Computation>> chooser(Problem problem) {
    Require.present("problem", problem);
    return new Chooser<>(profile, implementations.apply(problem.operator()));
  }

  @Override
  public Completion enqueue(Runnable calls) {
    return Completion.after(calls);
  }

  @Override
  public void finish() {
    // every call was finished when it returned
  }

  @Override
  public void close() {
    // arrays need no freeing
  }
}
