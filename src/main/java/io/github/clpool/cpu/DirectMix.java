package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.exact.Philox;
import io.github.clpool.exact.PlaneSums;
import io.github.clpool.exact.Sums;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Mixture;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.op.WindowTaps;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** Maximum and average mixed, plane by plane. docs/semantics.md, section 5. */
final class DirectMix<A> implements Computation {
  private final Problem problem;
  private final Geometry geometry;
  private final Numbers<A> numbers;
  private final Mixture mixture;
  private final Divisor divisor;
  private final Parallel parallel;
  private final boolean forward;
  private final int channels;

  DirectMix(
      Problem problem, Numbers<A> numbers, Mixture mixture, Divisor divisor, Parallel parallel) {
    this.problem = problem;
    this.geometry = ((Pool) problem.operator()).geometry(problem.input());
    this.numbers = numbers;
    this.mixture = mixture;
    this.divisor = divisor;
    this.parallel = parallel;
    this.forward = problem.direction() == Direction.FORWARD;
    this.channels = (int) problem.input().c();
  }

  /** One call. */
  private record Call<A>(
      Arguments arguments, Planes y, Footprints covers, Parameters<A> weights, PlaneSums[] sums) {}

  @Override
  public void run(Arguments arguments) {
    Planes x = Planes.of(arguments.get(Role.INPUT));
    Planes y = Planes.of(arguments.get(forward ? Role.OUTPUT : Role.GRAD_OUTPUT));
    Footprints regions = Footprints.of(problem, Direction.FORWARD, arguments);
    Footprints covers = forward ? null : Footprints.of(problem, Direction.BACKWARD, arguments);
    Parameters<A> weights =
        problem.has(Role.WEIGHTS)
            ? Parameters.of(problem, numbers, arguments.get(Role.WEIGHTS))
            : null;
    PlaneSums[] sums = problem.has(Role.GRAD_WEIGHTS) ? weights.sums(problem) : null;
    Call<A> call = new Call<>(arguments, y, covers, weights, sums);
    parallel.run(
        x.count(),
        x.shape().elements() + y.shape().elements(),
        () -> new MixPlane<>(geometry, divisor, numbers),
        (workspace, plane) -> {
          workspace.load(x, plane, regions.of(plane));
          if (mixture instanceof Mixture.Cat cat) {
            cat(cat.order(), workspace, call, plane);
          } else if (mixture instanceof Mixture.Random) {
            random(workspace, call, plane);
          } else {
            shared(workspace, call, plane);
          }
        });
    if (sums != null) {
      weights.storeGradient(sums, arguments.get(Role.GRAD_WEIGHTS), problem.accumulate());
    }
  }

  private void storeGradient(MixPlane<A> workspace, Call<A> call, int plane, MixPlane.Terms terms) {
    if (problem.has(Role.GRAD_INPUT)) {
      Planes dx = Planes.of(call.arguments().get(Role.GRAD_INPUT));
      workspace.storeGradient(dx, plane, problem.accumulate(), call.covers().of(plane), terms);
    }
  }

  private IntToDoubleFunction gradients(Planes g, int plane) {
    A loaded = numbers.array(g.shape().planeSize());
    numbers.load(g.storage(), g.start(plane), g.step(), loaded, 0, g.shape().planeSize());
    return output -> numbers.get(loaded, output);
  }

  /** The halves of a batch position's channels. */
  private void cat(Mixture.Order order, MixPlane<A> workspace, Call<A> call, int plane) {
    Planes y = call.y();
    int first = plane / channels * 2 * channels + plane % channels;
    int second = first + channels;
    int ofMax = order == Mixture.Order.MAX_AVG ? first : second;
    int ofAvg = order == Mixture.Order.MAX_AVG ? second : first;
    if (forward) {
      workspace.store(y, ofMax, workspace::max);
      workspace.store(y, ofAvg, workspace::avg);
    } else {
      MixPlane.Terms terms = new MixPlane.Terms(gradients(y, ofMax), gradients(y, ofAvg), null);
      storeGradient(workspace, call, plane, terms);
    }
  }

  private void random(MixPlane<A> workspace, Call<A> call, int plane) {
    Planes y = call.y();
    int[] choice =
        problem.has(Role.CHOICE) ? Planes.of(call.arguments().get(Role.CHOICE)).ints() : null;
    if (forward) {
      RandomKey key = call.arguments().key().orElseThrow();
      Philox draws = key.numbers(Philox.Stream.PLANES);
      boolean max = draws.uniform(plane) < 0.5;
      workspace.store(y, plane, max ? workspace::max : workspace::avg);
      if (choice != null) {
        choice[plane] = max ? 1 : 0;
      }
    } else {
      IntToDoubleFunction g = gradients(y, plane);
      boolean max = choice[plane] != 0;
      storeGradient(
          workspace, call, plane, new MixPlane.Terms(max ? g : null, max ? null : g, null));
    }
  }

  /** Each output takes a share of the maximum and a share of the average. */
  private void shared(MixPlane<A> workspace, Call<A> call, int plane) {
    Planes y = call.y();
    Parameters<A> weights = call.weights();
    PlaneSums[] sums = call.sums();
    int channel = plane % channels;
    WindowTaps taps = new WindowTaps(geometry);
    double[] ofMax = sharesOfMax(workspace, weights, channel, taps);
    IntToDoubleFunction ofAvg =
        mixture instanceof Mixture.Weighted weighted
            ? output -> numbers.round(weighted.b())
            : output -> numbers.round(1 - ofMax[output]);
    if (forward) {
      workspace.store(
          y,
          plane,
          output ->
              numbers.round(ofMax[output] * workspace.max(output))
                  + numbers.round(ofAvg.applyAsDouble(output) * workspace.avg(output)));
      return;
    }
    IntToDoubleFunction g = gradients(y, plane);
    boolean gated = mixture instanceof Mixture.Gated;
    IntToDoubleFunction ofShare =
        output -> {
          double slope = gated ? numbers.round(ofMax[output] * ofAvg.applyAsDouble(output)) : 1;
          double scaled = numbers.round(g.applyAsDouble(output) * slope);
          return numbers.round(scaled * workspace.difference(output));
        };
    MixPlane.OfOutputAndCell ofCell =
        (output, cell) ->
            numbers.round(
                ofShare.applyAsDouble(output) * weights.get(channel, taps.tap(output, cell)));
    MixPlane.Terms terms =
        new MixPlane.Terms(
            output -> numbers.round(ofMax[output] * g.applyAsDouble(output)),
            output -> numbers.round(ofAvg.applyAsDouble(output) * g.applyAsDouble(output)),
            gated ? ofCell : null);
    storeGradient(workspace, call, plane, terms);
    for (int i = 0; sums != null && i < sums.length; i++) {
      int tap = i;
      IntToDoubleFunction term =
          gated ? output -> gateTerm(workspace, taps, output, tap, ofShare) : ofShare;
      sums[i].set(plane / channels, channel, workspace.sumOutputs(term));
    }
  }

  private double gateTerm(
      MixPlane<A> workspace, WindowTaps taps, int output, int tap, IntToDoubleFunction ofShare) {
    int cell = taps.cell(output, tap);
    return cell < 0
        ? Sums.SKIPPED
        : numbers.round(ofShare.applyAsDouble(output) * workspace.cell(cell));
  }

  private double[] sharesOfMax(
      MixPlane<A> workspace, Parameters<A> weights, int channel, WindowTaps taps) {
    double[] shares = new double[workspace.outputs()];
    if (mixture instanceof Mixture.Gated) {
      workspace.sumRegions(
          (output, cell) ->
              numbers.round(weights.get(channel, taps.tap(output, cell)) * workspace.cell(cell)),
          shares);
      for (int output = 0; output < shares.length; output++) {
        shares[output] = numbers.precision().sigmoid(shares[output]);
      }
      return shares;
    }
    double share =
        mixture instanceof Mixture.Weighted weighted
            ? numbers.round(weighted.a())
            : weights.get(channel, 0);
    Arrays.fill(shares, share);
    return shares;
  }
}
