package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.Implementation;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Roi;
import io.github.clpool.op.Role;
import io.github.clpool.roi.CallRois;
import io.github.clpool.roi.RoiTiles;
import io.github.clpool.tensor.Shape;
import java.util.List;

/**
 * Pools regions of interest plane by plane: those of a plane's image in turn, so that the plane
 * stays in the caches and its gradient has one owner.
 *
 * @param bodies makes what the operator does with one region on one plane
 */
record RoiPlanes(RoiBody.Maker bodies) implements Implementation<Parallel, Computation> {
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
    return arguments -> run(problem, Numbers.of(problem.type()), parallel, arguments);
  }

  private <A> void run(
      Problem problem, Numbers<A> numbers, Parallel parallel, Arguments arguments) {
    List<Roi> rois = CallRois.of(problem, arguments);
    Call<A> call =
        new Call<>(problem, numbers, arguments, rois, bodies.make(problem, rois, numbers));
    if (problem.direction() == Direction.FORWARD) {
      call.forward(parallel);
    } else {
      call.backward(parallel);
    }
  }

  /** One call. */
  private static final class Call<A> {
    private final Problem problem;
    private final Numbers<A> numbers;
    private final Arguments arguments;
    private final RoiBody<A> body;
    private final RoiTiles ofImage;
    private final Shape input;
    private final int outputs;

    Call(
        Problem problem, Numbers<A> numbers, Arguments arguments, List<Roi> rois, RoiBody<A> body) {
      this.problem = problem;
      this.numbers = numbers;
      this.arguments = arguments;
      this.body = body;
      this.input = problem.input();
      this.outputs = problem.output().planeSize();
      this.ofImage = RoiTiles.images(rois, (int) input.n());
    }

    /** The memory of one thread. */
    private final class Workspace {
      final A cells = numbers.array(input.planeSize());
      final A old = problem.accumulate() ? numbers.array(input.planeSize()) : null;
      final A sums = numbers.array(problem.has(Role.GRAD_INPUT) ? input.planeSize() : 0);
      final A bins = numbers.array(outputs);
      final int[] indices = new int[outputs];
      final RoiBody.Scratch<A> scratch = problem.has(Role.GRAD_INPUT) ? body.scratch() : null;
    }

    private Planes planes(Role role) {
      return problem.has(role) ? Planes.of(arguments.get(role)) : null;
    }

    /** Does something with each region of a plane's image, and its own plane. */
    private void forEachRoi(int plane, RoiAction action) {
      int channels = (int) input.c();
      int image = plane / channels;
      for (int i = ofImage.begins[image]; i < ofImage.begins[image + 1]; i++) {
        int roi = ofImage.rois[i];
        action.run(roi, roi * channels + plane % channels);
      }
    }

    private interface RoiAction {
      void run(int roi, int plane);
    }

    private void run(Parallel parallel, Parallel.Task<Workspace> task) {
      long work = input.elements() + problem.output().elements();
      parallel.run((int) input.planeCount(), work, Workspace::new, task);
    }

    void forward(Parallel parallel) {
      Planes x = planes(Role.INPUT);
      Planes y = planes(Role.OUTPUT);
      Planes where = planes(Role.INDICES);
      run(
          parallel,
          (workspace, plane) -> {
            load(x, plane, workspace.cells, input.planeSize());
            forEachRoi(
                plane,
                (roi, out) -> {
                  body.forward(roi, workspace.cells, workspace.bins, workspace.indices);
                  numbers.store(workspace.bins, 0, y.storage(), y.start(out), y.step(), outputs);
                  for (int i = 0; where != null && i < outputs; i++) {
                    where.ints()[where.start(out) + i * where.step()] = workspace.indices[i];
                  }
                });
          });
    }

    void backward(Parallel parallel) {
      Planes x = planes(Role.INPUT);
      Planes g = planes(Role.GRAD_OUTPUT);
      Planes where = planes(Role.INDICES);
      Planes dx = planes(Role.GRAD_INPUT);
      run(
          parallel,
          (workspace, plane) -> {
            if (x != null) {
              load(x, plane, workspace.cells, input.planeSize());
            }
            numbers.fill(workspace.sums, 0, input.planeSize(), 0);
            forEachRoi(
                plane,
                (roi, out) -> {
                  load(g, out, workspace.bins, outputs);
                  for (int i = 0; where != null && i < outputs; i++) {
                    workspace.indices[i] = where.ints()[where.start(out) + i * where.step()];
                  }
                  body.backward(
                      roi,
                      workspace.cells,
                      workspace.bins,
                      workspace.indices,
                      workspace.sums,
                      workspace.scratch);
                });
            dx.storeGradient(numbers, plane, workspace.sums, input.planeSize(), workspace.old);
          });
    }

    private void load(Planes from, int plane, A to, int count) {
      numbers.load(from.storage(), from.start(plane), from.step(), to, 0, count);
    }
  }
}
