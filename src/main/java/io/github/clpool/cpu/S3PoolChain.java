package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Chooser;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.HeapStorage;
import io.github.clpool.backend.Implementation;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.S3Pool;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * S3Pool's inference as its two poolings, one after the other. Between them gradients are in the
 * computing type.
 */
final class S3PoolChain implements Implementation<Parallel, Computation> {
  @Override
  public String name() {
    return "chain";
  }

  @Override
  public Verdict accepts(Problem problem, Parallel device) {
    return accept("a maximum, then an average");
  }

  @Override
  public Computation plan(Problem problem, Parallel parallel) {
    Chain chain = new Chain((S3Pool) problem.operator(), problem, parallel);
    return problem.direction() == Direction.FORWARD ? chain::forward : chain::backward;
  }

  private record Chain(S3Pool s3, Problem problem, Parallel parallel) {
    void forward(Arguments arguments) {
      try (Tensor maxima = between(problem.type())) {
        run(s3.maximum(), false, arguments.get(Role.INPUT), Map.of(Role.OUTPUT, maxima));
        run(s3.average(), false, maxima, Map.of(Role.OUTPUT, arguments.get(Role.OUTPUT)));
      }
    }

    void backward(Arguments arguments) {
      DataType wide = problem.type().computingType();
      Tensor g = arguments.get(Role.GRAD_OUTPUT);
      Tensor dx = arguments.get(Role.GRAD_INPUT);
      boolean same = wide == problem.type();
      try (Tensor maxima = between(problem.type());
          Tensor indices = between(DataType.INT32);
          Tensor gradMaxima = between(wide);
          Tensor widened = same ? null : tensor(g.shape(), wide);
          Tensor gradInput = same ? null : tensor(dx.shape(), wide)) {
        Tensor x = arguments.get(Role.INPUT);
        run(s3.maximum(), false, x, Map.of(Role.OUTPUT, maxima, Role.INDICES, indices));
        if (same) {
          run(s3.average(), false, gradMaxima, Map.of(Role.GRAD_OUTPUT, g));
          Map<Role, Tensor> given = Map.of(Role.GRAD_OUTPUT, gradMaxima, Role.INDICES, indices);
          run(s3.maximum(), problem.accumulate(), dx, given);
        } else {
          widened.write(FloatBuffer.wrap(g.toFloats()));
          run(s3.average(), false, gradMaxima, Map.of(Role.GRAD_OUTPUT, widened));
          Map<Role, Tensor> given = Map.of(Role.GRAD_OUTPUT, gradMaxima, Role.INDICES, indices);
          run(s3.maximum(), false, gradInput, given);
          narrow((HeapStorage) gradInput.storage(), (HeapStorage) dx.storage());
        }
      }
    }

    private void narrow(HeapStorage from, HeapStorage to) {
      FloatNumbers numbers = new FloatNumbers(problem.type());
      float[] sums = from.floats();
      float[] old = null;
      if (problem.accumulate()) {
        old = numbers.array(sums.length);
        numbers.load(to, 0, 1, old, 0, sums.length);
      }
      numbers.complete(sums, 0, sums.length, old);
      numbers.store(sums, 0, to, 0, 1, sums.length);
    }

    /** A tensor of the size between the two poolings. */
    private Tensor between(DataType type) {
      return tensor(s3.maximum().outputShape(problem.input()), type);
    }

    private Tensor tensor(Shape shape, DataType type) {
      HeapStorage storage = new HeapStorage(this, type, shape.elements());
      return new Tensor(shape, problem.layout(), type, storage, null);
    }

    /**
     * Runs a pooling, backward if it is given a gradient; {@code x} is its input or its gradient.
     */
    private void run(Pool pool, boolean accumulate, Tensor x, Map<Role, Tensor> others) {
      boolean backward = others.containsKey(Role.GRAD_OUTPUT);
      Map<Role, Tensor> tensors = new EnumMap<>(others);
      tensors.put(backward ? Role.GRAD_INPUT : Role.INPUT, x);
      Map<Role, Shape> shapes = new EnumMap<>(Role.class);
      tensors.forEach((role, tensor) -> shapes.put(role, tensor.shape()));
      Problem part =
          new Problem(
              pool,
              backward ? Direction.BACKWARD : Direction.FORWARD,
              x.shape(),
              problem.layout(),
              x.type(),
              shapes,
              accumulate);
      new Chooser<>(parallel, CpuBackend.implementations(pool))
          .choose(part, Preference.NONE)
          .plan(part, parallel)
          .run(new Arguments(tensors, Optional.empty()));
    }
  }
}
