package io.github.clpool.parity;

import io.github.clpool.Pooling;
import io.github.clpool.TestPooling;
import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.HeapBackend;
import io.github.clpool.backend.Implementation;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Tensor;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Computes with the reference, then spoils the results.
 *
 * @param reference what is right
 * @param spoil changes the results of a call
 */
record SpoiledBackend(Pooling reference, BiConsumer<Problem, Arguments> spoil)
    implements Implementation<Void, Computation> {

  static Pooling open(Pooling reference, BiConsumer<Problem, Arguments> spoil) {
    return TestPooling.of(
        new HeapBackend<Void>(
            "spoiled", "JVM", null, operator -> List.of(new SpoiledBackend(reference, spoil))));
  }

  @Override
  public String name() {
    return "spoiled";
  }

  @Override
  public Verdict accepts(Problem problem, Void device) {
    return accept("takes everything");
  }

  @Override
  public Computation plan(Problem problem, Void device) {
    return arguments -> {
      Map<Role, Tensor> copies = new EnumMap<>(Role.class);
      for (var entry : arguments.tensors().entrySet()) {
        Tensor tensor = entry.getValue();
        Elements elements = Elements.room(tensor.type(), tensor.shape());
        tensor.read(elements.buffer());
        copies.put(
            entry.getKey(),
            reference.tensor(tensor.shape(), tensor.layout(), tensor.type(), elements.buffer()));
      }
      reference.compute(
          problem.operator(),
          problem.direction(),
          copies,
          arguments.key().orElseGet(() -> RandomKey.of(0)),
          problem.accumulate());
      for (var entry : copies.entrySet()) {
        Tensor copy = entry.getValue();
        Elements elements = Elements.room(copy.type(), copy.shape());
        copy.read(elements.buffer());
        arguments.get(entry.getKey()).write(elements.buffer());
        copy.close();
      }
      spoil.accept(problem, arguments);
    };
  }
}
