package io.github.clpool.cli;

import io.github.clpool.Pooling;
import io.github.clpool.PreparedPooling;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.TestInputs;
import io.github.clpool.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BiPredicate;

/** A prepared call on one device with all its tensors, which can be repeated. */
final class CallTensors implements Work {
  private final Pooling pooling;
  private final Case subject;
  private final Problem problem;
  private final Map<Role, Tensor> tensors = new EnumMap<>(Role.class);
  private final PreparedPooling prepared;
  private final PreparedPooling.Call call;

  /**
   * Makes the tensors.
   *
   * @param pooling the device
   * @param subject the call
   * @param fill writes into a tensor that the call is given, or leaves it to the case and says so
   *     by false
   */
  CallTensors(Pooling pooling, Case subject, BiPredicate<Role, Tensor> fill) {
    this.pooling = pooling;
    this.subject = subject;
    this.problem = subject.problem();
    try {
      for (Role role : problem.arguments().keySet()) {
        tensors.put(role, make(role, fill));
      }
      if (!subject.kept().isEmpty()) {
        keep(fill);
      }
      prepared = pooling.prepare(problem);
      call = prepared.call().key(subject.key());
      tensors.forEach(call::with);
    } catch (Throwable failed) {
      close();
      throw failed;
    }
  }

  private Tensor make(Role role, BiPredicate<Role, Tensor> fill) {
    Tensor tensor =
        pooling.empty(
            problem.arguments().get(role),
            problem.layout(),
            problem.operator().typeOf(role, problem.type()));
    boolean computed = role.isResult(problem.direction()) || subject.kept().contains(role);
    if (!computed && !fill.test(role, tensor)) {
      TestInputs.write(subject, role, tensor);
    }
    return tensor;
  }

  /** What the backward call reads of a forward call of the same device. */
  private void keep(BiPredicate<Role, Tensor> fill) {
    try (CallTensors forward = new CallTensors(pooling, subject.forward(), fill)) {
      forward.run();
      for (Role role : subject.kept()) {
        tensors.replace(role, forward.tensors.replace(role, tensors.get(role)));
      }
    }
  }

  Problem problem() {
    return problem;
  }

  Tensor get(Role role) {
    return tensors.get(role);
  }

  /** All tensors, results included. */
  Map<Role, Tensor> tensors() {
    return tensors;
  }

  @Override
  public long bytes() {
    return tensors.values().stream()
        .mapToLong(tensor -> tensor.shape().elements() * tensor.type().bytes())
        .sum();
  }

  String implementation() {
    return prepared.producer().implementation();
  }

  @Override
  public void start() {
    call.run();
  }

  @Override
  public void finish() {
    pooling.finish();
  }

  @Override
  public void close() {
    tensors.values().forEach(Tensor::close);
  }
}
