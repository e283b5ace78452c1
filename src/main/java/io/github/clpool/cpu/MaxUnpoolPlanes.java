package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.Implementation;
import io.github.clpool.backend.Verdict;
import io.github.clpool.exact.BadPosition;
import io.github.clpool.op.Direction;
import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Shape;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Unpooling, plane by plane: values are stored in ascending order, so that the highest index wins.
 * docs/semantics.md, section 6.
 */
final class MaxUnpoolPlanes implements Implementation<Parallel, Computation> {
  @Override
  public String name() {
    return "planes";
  }

  @Override
  public Verdict accepts(Problem problem, Parallel device) {
    return accept("takes everything");
  }

  @Override
  public Computation plan(Problem problem, Parallel parallel) {
    return new Call<>(problem, Numbers.of(problem.type()), parallel);
  }

  /** One call. */
  private static final class Call<A> implements Computation {
    private final Problem problem;
    private final Numbers<A> numbers;
    private final Parallel parallel;
    private final Shape output;
    private final int inputs;
    private final int outputs;

    Call(Problem problem, Numbers<A> numbers, Parallel parallel) {
      this.problem = problem;
      this.numbers = numbers;
      this.parallel = parallel;
      this.output = problem.output();
      this.inputs = problem.input().planeSize();
      this.outputs = output.planeSize();
    }

    /** The memory of one thread. */
    private final class Workspace {
      final A inputCells = numbers.array(inputs);
      final A outputCells = numbers.array(outputs);
      final A old = problem.accumulate() ? numbers.array(inputs) : null;
      final int[] positions = new int[inputs];
      final int[] winners = decides() ? new int[outputs] : null;
    }

    /** Whether a gradient must find out which of several values won a cell. */
    private boolean decides() {
      return problem.direction() == Direction.BACKWARD
          && !((MaxUnpool) problem.operator()).distinctPositions();
    }

    @Override
    public void run(Arguments arguments) {
      boolean forward = problem.direction() == Direction.FORWARD;
      Planes where = Planes.of(arguments.get(Role.POSITIONS));
      Planes from = Planes.of(arguments.get(forward ? Role.INPUT : Role.GRAD_OUTPUT));
      Planes to = Planes.of(arguments.get(forward ? Role.OUTPUT : Role.GRAD_INPUT));
      check(arguments, where);
      parallel.run(
          where.count(),
          from.shape().elements() + to.shape().elements(),
          Workspace::new,
          (workspace, plane) -> {
            load(workspace.positions, where, plane);
            if (forward) {
              put(workspace, from, to, plane);
            } else {
              fetch(workspace, from, to, plane);
            }
          });
    }

    /** Looks at all positions before anything is written, in the order in which they lie. */
    private void check(Arguments arguments, Planes where) {
      int[] positions = where.ints();
      LongAdder bad = new LongAdder();
      parallel.run(
          where.count(),
          positions.length,
          () -> null,
          (nothing, part) -> {
            boolean isBad = false;
            for (int i = part * inputs; i < (part + 1) * inputs; i++) {
              isBad |= BadPosition.isBad(positions[i], outputs);
            }
            if (isBad) {
              bad.increment();
            }
          });
      if (bad.sum() > 0) {
        throw BadPosition.exception(arguments.get(Role.POSITIONS), output, firstBad(where));
      }
    }

    private int firstBad(Planes where) {
      int[] positions = new int[inputs];
      return IntStream.range(0, where.count())
          .filter(
              plane -> {
                load(positions, where, plane);
                return IntStream.of(positions).anyMatch(each -> BadPosition.isBad(each, outputs));
              })
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("positions changed meanwhile"));
    }

    private void load(int[] positions, Planes where, int plane) {
      int start = where.start(plane);
      int step = where.step();
      int[] ints = where.ints();
      for (int i = 0; i < inputs; i++) {
        positions[i] = ints[start + i * step];
      }
    }

    private void put(Workspace workspace, Planes x, Planes y, int plane) {
      numbers.load(x.storage(), x.start(plane), x.step(), workspace.inputCells, 0, inputs);
      numbers.fill(workspace.outputCells, 0, outputs, 0);
      for (int i = 0; i < inputs; i++) {
        if (workspace.positions[i] >= 0) {
          numbers.copy(workspace.inputCells, i, workspace.outputCells, workspace.positions[i], 1);
        }
      }
      numbers.store(workspace.outputCells, 0, y.storage(), y.start(plane), y.step(), outputs);
    }

    private void fetch(Workspace workspace, Planes g, Planes dx, int plane) {
      numbers.load(g.storage(), g.start(plane), g.step(), workspace.outputCells, 0, outputs);
      int[] winners = workspace.winners;
      if (winners != null) {
        // An entry is read only after it was written, so nothing needs to be cleared.
        for (int i = 0; i < inputs; i++) {
          if (workspace.positions[i] >= 0) {
            winners[workspace.positions[i]] = i;
          }
        }
      }
      for (int i = 0; i < inputs; i++) {
        int cell = workspace.positions[i];
        boolean won = cell >= 0 && (winners == null || winners[cell] == i);
        numbers.set(workspace.inputCells, i, won ? numbers.get(workspace.outputCells, cell) : 0);
      }
      dx.storeGradient(numbers, plane, workspace.inputCells, inputs, workspace.old);
    }
  }
}
