package io.github.clpool.backend;

import io.github.clpool.op.Operator;
import io.github.clpool.op.Problem;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Producer;
import io.github.clpool.tensor.Storage;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
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
    this.name = name;
    this.device = device;
    this.profile = profile;
    this.implementations = implementations;
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
  public Optional<String> refusal(DataType type) {
    return Optional.empty();
  }

  @Override
  public Storage allocate(DataType type, long elements) {
    return new HeapStorage(this, type, elements);
  }

  @Override
  public List<Verdict> explain(Problem problem) {
    return chooser(problem).explain(problem);
  }

  @Override
  public Producer choose(Problem problem, Preference preference) {
    String implementation = chooser(problem).choose(problem, preference).name();
    return new Producer(name, device, implementation);
  }

  @Override
  public void run(Problem problem, Arguments arguments, Preference preference) {
    List<Lifetime> used = new ArrayList<>();
    try {
      for (Tensor tensor : arguments.tensors().values()) {
        Lifetime lifetime = ((HeapStorage) tensor.storage()).lifetime();
        lifetime.use();
        used.add(lifetime);
      }
      chooser(problem).choose(problem, preference).plan(problem, profile).run(arguments);
    } finally {
      used.forEach(Lifetime::done);
    }
  }

  private Chooser<D, Computation> chooser(Problem problem) {
    return new Chooser<>(profile, implementations.apply(problem.operator()));
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
