package io.github.clpool;

import io.github.clpool.backend.Lifetime;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Pool;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A forward call that can be run backward, any number of times. Owns its results: closing it closes
 * them. What a pass of a {@link Scope} makes is the scope's to close. Thread-safe.
 */
public final class Pass implements AutoCloseable {
  private final Pooling pooling;
  private final Operator operator;
  private final Inputs inputs;
  private final Map<Role, Tensor> results;
  private final Scope scope; // null for none

  Pass(Pooling pooling, Operator operator, Inputs inputs, Map<Role, Tensor> results, Scope scope) {
    this.pooling = pooling;
    this.operator = operator;
    this.inputs = inputs;
    this.results = results;
    this.scope = scope;
  }

  private <T extends AutoCloseable> T made(T thing) {
    return scope == null ? thing : scope.add(thing);
  }

  /**
   * The operator that ran.
   *
   * @return the operator
   */
  public Operator operator() {
    return operator;
  }

  /**
   * What the operator was given.
   *
   * @return the inputs
   */
  public Inputs inputs() {
    return inputs;
  }

  /**
   * The pooled tensor.
   *
   * @return the output, closed with this pass
   */
  public Tensor output() {
    return results.get(Role.OUTPUT);
  }

  /**
   * One of several results.
   *
   * @param role which one
   * @return the tensor, closed with this pass
   * @throws IllegalArgumentException if the operator has no such result
   */
  public Tensor result(Role role) {
    Tensor result = results.get(role);
    Require.that(
        result != null,
        "role is %s, but must be one of %s's results %s",
        role,
        operator,
        results.keySet());
    return result;
  }

  /**
   * Which cell each output selected: its flat index in the plane as in PyTorch, whatever the
   * layout, or -1 for an empty region.
   *
   * @return an INT32 tensor of the output's shape and layout, closed with this pass
   * @throws IllegalStateException if the operator selects no cells
   */
  public Tensor indices() {
    Tensor indices = results.get(Role.INDICES);
    if (indices == null) {
      throw new IllegalStateException(operator + " selects no cells, so it has no indices");
    }
    return indices;
  }

  /**
   * Which cell each output selected, as ONNX counts: its flat index in the whole input, with planes
   * in order NCHW, or -1 for an empty region.
   *
   * @return one index per output, in the memory order of the output
   * @throws IllegalStateException if the operator selects no cells
   * @throws IllegalArgumentException if outputs have no plane of the input to themselves
   */
  public long[] indicesInTensor() {
    int[] inPlane = indices().toInts();
    Require.that(
        !(operator instanceof RoiOperator),
        "operator is %s, but the plane of a region's output is not that of its image",
        operator);
    Shape shape = output().shape();
    long plane = inputs.x().shape().planeSize();
    long[] inTensor = new long[inPlane.length];
    for (long n = 0; n < shape.n(); n++) {
      for (long c = 0; c < shape.c(); c++) {
        long offset = output().layout().planeOffset(shape, n, c);
        long stride = output().layout().cellStride(shape);
        for (int cell = 0; cell < shape.planeSize(); cell++) {
          int at = (int) (offset + cell * stride);
          inTensor[at] = inPlane[at] < 0 ? -1 : (n * shape.c() + c) * plane + inPlane[at];
        }
      }
    }
    return inTensor;
  }

  /**
   * Puts values back where a selecting pooling took its outputs from, in a tensor of its input's
   * size that is 0 elsewhere.
   *
   * @param values a value for each output, of the output's shape, layout and type; must stay open
   *     as long as the new pass, and this one too
   * @return the pass of the unpooling, to be closed by the caller
   * @throws IllegalArgumentException if the values do not fit or the operator is no pooling
   * @throws IllegalStateException if the operator selects no cells
   * @see MaxUnpool
   */
  public Pass unpool(Tensor values) {
    Require.present("values", values);
    Tensor positions = indices();
    Require.that(operator instanceof Pool, "operator is %s, but must be a pooling", operator);
    MaxUnpool unpool = MaxUnpool.of((Pool) operator, inputs.x().shape());
    return made(pooling.forward(unpool, Inputs.of(values).positions(positions), scope));
  }

  /**
   * The gradient of the input.
   *
   * @param gradOutput the gradient of the output, of its shape, layout and type
   * @return a tensor of the input's shape, layout and type, to be closed by the caller
   * @throws IllegalArgumentException if the gradient does not fit
   */
  public Tensor backward(Tensor gradOutput) {
    try (Results results =
        new Results(
            pooling, operator, Direction.BACKWARD, kept(incoming(gradOutput)), inputs.x())) {
      results.add(Role.GRAD_INPUT);
      results.compute(inputs.key());
      return made(results.release(Role.GRAD_INPUT));
    }
  }

  /**
   * Every gradient of the operator: of the input and of its parameters.
   *
   * @param gradOutput the gradient of the output, of its shape, layout and type
   * @return new tensors, to be closed by the caller
   * @throws IllegalArgumentException if the gradient does not fit
   */
  public Gradients gradients(Tensor gradOutput) {
    return gradients(incoming(gradOutput));
  }

  /**
   * Every gradient of an operator with several results.
   *
   * @param incoming the gradients of the results, each of its result's shape: {@link
   *     Role#GRAD_OUTPUT}, and others of {@link Operator#incomingGradients}
   * @return new tensors, to be closed by the caller
   * @throws IllegalArgumentException if a gradient does not fit
   */
  public Gradients gradients(Map<Role, Tensor> incoming) {
    try (Results computed =
        new Results(pooling, operator, Direction.BACKWARD, kept(incoming), inputs.x())) {
      computed.addAll(operator.gradients()).compute(inputs.key());
      return made(new Gradients(computed.release()));
    }
  }

  /**
   * Writes the gradient of the input into a tensor of the caller.
   *
   * @param gradOutput the gradient of the output, of its shape, layout and type
   * @param gradInput takes the gradient, of the input's shape, layout and type
   * @throws IllegalArgumentException if a tensor does not fit
   */
  public void backwardInto(Tensor gradOutput, Tensor gradInput) {
    backward(gradOutput, gradInput(gradInput), false);
  }

  /**
   * Writes all gradients into those of another pass of the same operator and shapes.
   *
   * @param gradOutput the gradient of the output, of its shape, layout and type
   * @param gradients what {@link #gradients(Tensor)} gave; its tensors are overwritten
   * @throws IllegalArgumentException if a tensor does not fit
   */
  public void backwardInto(Tensor gradOutput, Gradients gradients) {
    backward(gradOutput, Require.present("gradients", gradients).tensors(), false);
  }

  /**
   * Adds the gradient of the input to what a tensor of the caller holds, rounded once.
   *
   * @param gradOutput the gradient of the output, of its shape, layout and type
   * @param gradInput is added to, of the input's shape, layout and type
   * @throws IllegalArgumentException if a tensor does not fit
   */
  public void accumulateInto(Tensor gradOutput, Tensor gradInput) {
    backward(gradOutput, gradInput(gradInput), true);
  }

  /**
   * Adds all gradients to those of another pass of the same operator and shapes, each rounded once.
   *
   * <pre>{@code
   * try (Gradients sum = first.gradients(g)) {
   *   second.accumulateInto(h, sum);
   * }
   * }</pre>
   *
   * @param gradOutput the gradient of the output, of its shape, layout and type
   * @param sums what {@link #gradients(Tensor)} gave; its tensors are added to
   * @throws IllegalArgumentException if a tensor does not fit
   */
  public void accumulateInto(Tensor gradOutput, Gradients sums) {
    backward(gradOutput, Require.present("sums", sums).tensors(), true);
  }

  private static Map<Role, Tensor> gradInput(Tensor gradInput) {
    return Map.of(Role.GRAD_INPUT, Require.present("grad input", gradInput));
  }

  /**
   * Writes or adds gradients into tensors of the caller.
   *
   * @param gradOutput the gradient of the output, of its shape, layout and type
   * @param gradients the wanted gradients: {@link Role#GRAD_INPUT} and those of the parameters
   * @param accumulate whether they are added to what the tensors hold, rounded once
   * @throws IllegalArgumentException if a tensor does not fit
   */
  public void backward(Tensor gradOutput, Map<Role, Tensor> gradients, boolean accumulate) {
    backward(incoming(gradOutput), gradients, accumulate);
  }

  /**
   * Writes or adds gradients of an operator with several results into tensors of the caller.
   *
   * @param incoming the gradients of the results: {@link Role#GRAD_OUTPUT}, and others of {@link
   *     Operator#incomingGradients}
   * @param gradients the wanted gradients: {@link Role#GRAD_INPUT} and those of the parameters
   * @param accumulate whether they are added to what the tensors hold, rounded once
   * @throws IllegalArgumentException if a tensor does not fit
   */
  public void backward(
      Map<Role, Tensor> incoming, Map<Role, Tensor> gradients, boolean accumulate) {
    Map<Role, Tensor> tensors = kept(incoming);
    tensors.putAll(Require.present("gradients", gradients));
    pooling.compute(operator, Direction.BACKWARD, tensors, inputs.key(), accumulate);
  }

  private static Map<Role, Tensor> incoming(Tensor gradOutput) {
    return Map.of(Role.GRAD_OUTPUT, Require.present("grad output", gradOutput));
  }

  private Map<Role, Tensor> kept(Map<Role, Tensor> incoming) {
    Map<Role, Tensor> tensors = new EnumMap<>(Role.class);
    tensors.putAll(Require.present("incoming", incoming));
    Set<Role> kept = EnumSet.noneOf(Role.class);
    kept.addAll(operator.optionalParameters());
    kept.addAll(operator.keptForBackward());
    for (Role role : kept) {
      Tensor tensor = results.getOrDefault(role, inputs.tensors().get(role));
      if (tensor != null) {
        tensors.put(role, tensor);
      }
    }
    return tensors;
  }

  /**
   * What computed the output.
   *
   * @return backend, device and implementation
   */
  public Optional<String> computedBy() {
    return output().producer().map(Object::toString);
  }

  /** Closes the results; further calls do nothing. */
  @Override
  public void close() {
    Lifetime.freeAll(results.values(), Tensor::close);
  }
}
