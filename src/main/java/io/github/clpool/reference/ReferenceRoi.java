package io.github.clpool.reference;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Computation;
import io.github.clpool.exact.Precision;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Roi;
import io.github.clpool.op.Role;
import io.github.clpool.roi.CallRois;
import java.util.List;

/** What the operators on regions of interest have in common: the loops over regions and planes. */
interface ReferenceRoi extends ReferenceImplementation {
  /** One region on one plane. */
  interface Bins {
    /** Computes the outputs of the region. */
    void forward(Cells x, Cells y, Cells indices);

    /** Adds the region's terms to the running sums of a plane's cells. */
    void backward(Cells x, Cells gradOutput, Cells indices, double... sums);
  }

  /** Lays the bins of a region over a plane. */
  Bins bins(Roi roi, int height, int width);

  @Override
  default Computation plan(Problem problem, Void device) {
    return arguments -> run(problem, arguments);
  }

  private void run(Problem problem, Arguments arguments) {
    List<Roi> rois = CallRois.of(problem, arguments);
    int height = problem.input().h();
    int width = problem.input().w();
    List<Bins> bins = rois.stream().map(roi -> bins(roi, height, width)).toList();
    if (problem.direction() == Direction.FORWARD) {
      Cells.forEachPlane(
          problem.output(),
          (k, c) -> {
            Cells x = Cells.plane(arguments.get(Role.INPUT), rois.get((int) k).image(), c);
            Cells y = Cells.plane(arguments.get(Role.OUTPUT), k, c);
            bins.get((int) k).forward(x, y, plane(problem, arguments, Role.INDICES, k, c));
          });
      return;
    }
    Precision precision = Precision.of(problem.type());
    Cells.forEachPlane(
        problem.input(),
        (n, c) -> {
          double[] sums = new double[height * width];
          for (int k = 0; k < rois.size(); k++) {
            if (rois.get(k).image() == n) {
              bins.get(k)
                  .backward(
                      plane(problem, arguments, Role.INPUT, n, c),
                      Cells.plane(arguments.get(Role.GRAD_OUTPUT), k, c),
                      plane(problem, arguments, Role.INDICES, k, c),
                      sums);
            }
          }
          Cells dx = Cells.plane(arguments.get(Role.GRAD_INPUT), n, c);
          for (int cell = 0; cell < sums.length; cell++) {
            dx.setGradient(cell, precision.round(sums[cell]), problem.accumulate());
          }
        });
  }

  /** A plane of a tensor that may not take part. */
  private static Cells plane(Problem problem, Arguments arguments, Role role, long n, long c) {
    return problem.has(role) ? Cells.plane(arguments.get(role), n, c) : null;
  }
}
