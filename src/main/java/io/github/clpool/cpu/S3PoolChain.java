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
    return problem.direction() == Direction.FORWARD ? chain.forward() : chain.backward();
  }

  private record Chain(S3Pool s3, Problem problem, Parallel parallel) {
    Computation forward() {
      DataType type = problem.type();
      Computation maximum =
          planned(s3.maximum(), problem.input(), type, false, Role.INPUT, Role.OUTPUT);
      Computation average = planned(s3.average(), between(), type, false, Role.INPUT, Role.OUTPUT);
      return arguments -> {
        try (Tensor maxima = between(type)) {
          run(maximum, Map.of(Role.INPUT, arguments.get(Role.INPUT), Role.OUTPUT, maxima));
          run(average, Map.of(Role.INPUT, maxima, Role.OUTPUT, arguments.get(Role.OUTPUT)));
        }
      };
    }

    Computation backward() {
      DataType type = problem.type();
      DataType wide = type.computingType();
      boolean same = wide == type;
      Computation maximum =
          planned(
              s3.maximum(), problem.input(), type, false, Role.INPUT, Role.OUTPUT, Role.INDICES);
      Computation average =
          planned(s3.average(), between(), wide, false, Role.GRAD_OUTPUT, Role.GRAD_INPUT);
      Computation gradient =
          planned(
              s3.maximum(),
              problem.input(),
              wide,
              same && problem.accumulate(),
              Role.GRAD_OUTPUT,
              Role.INDICES,
              Role.GRAD_INPUT);
      return arguments -> {
        Tensor x = arguments.get(Role.INPUT);
        Tensor g = arguments.get(Role.GRAD_OUTPUT);
        Tensor dx = arguments.get(Role.GRAD_INPUT);
        try (Tensor maxima = between(type);
            Tensor indices = between(DataType.INT32);
            Tensor gradMaxima = between(wide);
            Tensor wideG = same ? null : widened(g);
            Tensor wideDx = same ? null : tensor(dx.shape(), wide)) {
          run(maximum, Map.of(Role.INPUT, x, Role.OUTPUT, maxima, Role.INDICES, indices));
          run(average, Map.of(Role.GRAD_OUTPUT, same ? g : wideG, Role.GRAD_INPUT, gradMaxima));
          run(
              gradient,
              Map.of(
                  Role.GRAD_OUTPUT,
                  gradMaxima,
                  Role.INDICES,
                  indices,
                  Role.GRAD_INPUT,
                  same ? dx : wideDx));
          if (!same) {
            narrow(HeapStorage.of(wideDx), HeapStorage.of(dx));
          }
        }
      };
    }

    private Tensor widened(Tensor g) {
      Tensor wide = tensor(g.shape(), DataType.FLOAT32);
      wide.write(FloatBuffer.wrap(g.toFloats()));
      return wide;
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
      return tensor(between(), type);
    }

    private Shape between() {
      return s3.maximum().outputShape(problem.input());
    }

    private Tensor tensor(Shape shape, DataType type) {
      HeapStorage storage = new HeapStorage(this, type, shape.elements());
      return new Tensor(shape, problem.layout(), type, storage, null);
    }

    /** One of the two poolings, backward if it is given a gradient. */
    private Computation planned(
        Pool pool, Shape input, DataType type, boolean accumulate, Role... roles) {
      Map<Role, Shape> shapes = new EnumMap<>(Role.class);
      for (Role role : roles) {
        shapes.put(role, pool.shapeOf(role, input));
      }
      Problem part =
          new Problem(
              pool,
              shapes.containsKey(Role.GRAD_OUTPUT) ? Direction.BACKWARD : Direction.FORWARD,
              input,
              problem.layout(),
              type,
              shapes,
              accumulate);
      return new Chooser<>(parallel, CpuBackend.implementations(pool))
          .choose(part, Preference.NONE)
          .plan(part, parallel);
    }

    private static void run(Computation computation, Map<Role, Tensor> tensors) {
      computation.run(new Arguments(tensors, Optional.empty()));
    }
  }
}
