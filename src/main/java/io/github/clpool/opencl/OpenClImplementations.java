package io.github.clpool.opencl;

import io.github.clpool.op.CrfPool;
import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Pool;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.op.S3Pool;
import io.github.clpool.op.SoftGate;
import java.util.List;

/**
 * The implementations of each operator, the preferred first. All of them run on every device; which
 * is fastest depends on its kind, so the order does. What stands behind {@code direct} runs only
 * when asked for by name, or where a device would end the long loops of the others. Stateless.
 */
public final class OpenClImplementations {
  private static final OpenClImplementation DIRECT = limited(new DirectImplementation());
  private static final OpenClImplementation GLOBAL = limited(new GlobalImplementation());
  private static final OpenClImplementation REDUCE = limited(new ReduceImplementation());
  private static final OpenClImplementation COLUMN = limited(new ColumnImplementation());
  private static final OpenClImplementation DISJOINT = limited(new DisjointImplementation());
  private static final OpenClImplementation CHANNELS_LAST =
      limited(new ChannelsLastImplementation());
  private static final OpenClImplementation ROWS = limited(new RowsImplementation());
  private static final OpenClImplementation WINDOW_ROWS = limited(new WindowRowsImplementation());
  private static final OpenClImplementation SCATTER = limited(new ScatterImplementation());
  private static final OpenClImplementation COVERS = limited(new CoversImplementation());
  private static final OpenClImplementation PIECES = limited(new PiecesImplementation());
  private static final OpenClImplementation CRF_POOL = limited(new CrfPoolImplementation());

  /** One work-item at a time, with vectors inside it: whole rows, planes and blocks of channels. */
  private static final List<OpenClImplementation> CPU =
      List.of(
          GLOBAL, CHANNELS_LAST, ROWS, SCATTER, COVERS, DISJOINT, DIRECT, COLUMN, REDUCE, PIECES);

  /** Many work-items side by side: neighbours read neighbouring cells. */
  private static final List<OpenClImplementation> GPU =
      List.of(
          REDUCE, COLUMN, DISJOINT, DIRECT, CHANNELS_LAST, ROWS, SCATTER, COVERS, GLOBAL, PIECES);

  private static final OpenClImplementation UNPOOL_PLANES =
      limited(new UnpoolPlanesImplementation());
  private static final OpenClImplementation UNPOOL_DISTINCT = new UnpoolDistinctImplementation();
  private static final OpenClImplementation UNPOOL_CLAIM = new UnpoolClaimImplementation();
  private static final List<OpenClImplementation> SMOOTH_CPU = List.of(WINDOW_ROWS, DIRECT);
  private static final List<OpenClImplementation> SMOOTH_GPU = List.of(DIRECT, WINDOW_ROWS);

  /** Gradients of drawn cells are those of selected ones. */
  private static final List<OpenClImplementation> STOCHASTIC_CPU =
      List.of(
          WINDOW_ROWS,
          new GradientsOnly(CHANNELS_LAST),
          new GradientsOnly(ROWS),
          new GradientsOnly(SCATTER),
          new GradientsOnly(DISJOINT),
          DIRECT,
          new GradientsOnly(PIECES));

  private static final List<OpenClImplementation> STOCHASTIC_GPU =
      List.of(
          new GradientsOnly(DISJOINT),
          DIRECT,
          new GradientsOnly(CHANNELS_LAST),
          new GradientsOnly(ROWS),
          new GradientsOnly(SCATTER),
          WINDOW_ROWS,
          new GradientsOnly(PIECES));

  private static final List<OpenClImplementation> LP_CPU = List.of(ROWS, DIRECT);
  private static final List<OpenClImplementation> LP_GPU = List.of(DIRECT, ROWS);

  /** The greatest magnitude shares kernels with the maximum, its gradient needs more. */
  private static final List<OpenClImplementation> MAGNITUDES = List.of(REDUCE, COLUMN, DIRECT);

  private static final OpenClImplementation S3_POOL = new S3PoolImplementation();
  private static final List<OpenClImplementation> SOFT_GATE = List.of(new SoftGateImplementation());

  private static final OpenClImplementation ROI_DIRECT = new RoiDirectImplementation();
  private static final OpenClImplementation ROI_PLANES = new RoiPlanesImplementation();
  private static final OpenClImplementation ROI_CHANNELS_LAST = new RoiChannelsLastImplementation();

  private OpenClImplementations() {}

  private static OpenClImplementation limited(OpenClImplementation whole) {
    return new WithinLoopLimit(new PlacesPerPlane(whole));
  }

  /**
   * Lists the implementations of an operator.
   *
   * @param operator the operator
   * @param kind the kind of device
   * @return those that may accept a problem of it, in the order in which they are asked
   */
  public static List<OpenClImplementation> of(Operator operator, DeviceProfile.Kind kind) {
    if (operator instanceof Pool pool) {
      PoolFamily family = PoolFamily.of(pool);
      if (family instanceof StochasticFamily) {
        return kind == DeviceProfile.Kind.CPU ? STOCHASTIC_CPU : STOCHASTIC_GPU;
      }
      if (family instanceof LpFamily) {
        return kind == DeviceProfile.Kind.CPU ? LP_CPU : LP_GPU;
      } else if (family instanceof SmoothFamily) {
        return kind == DeviceProfile.Kind.CPU ? SMOOTH_CPU : SMOOTH_GPU;
      } else if (family instanceof SelectFamily select && select.magnitudes()) {
        return MAGNITUDES;
      }
      return kind == DeviceProfile.Kind.CPU ? CPU : GPU;
    } else if (operator instanceof MaxUnpool) {
      return kind == DeviceProfile.Kind.CPU
          ? List.of(UNPOOL_PLANES, UNPOOL_DISTINCT, UNPOOL_CLAIM)
          : List.of(UNPOOL_DISTINCT, UNPOOL_CLAIM, UNPOOL_PLANES);
    } else if (operator instanceof S3Pool) {
      return List.of(S3_POOL);
    } else if (operator instanceof SoftGate) {
      return SOFT_GATE;
    } else if (operator instanceof RoiOperator) {
      return kind == DeviceProfile.Kind.CPU
          ? List.of(ROI_PLANES, ROI_CHANNELS_LAST, ROI_DIRECT)
          : List.of(ROI_DIRECT, ROI_PLANES, ROI_CHANNELS_LAST);
    } else if (operator instanceof CrfPool) {
      return List.of(CRF_POOL);
    }
    throw new IllegalArgumentException("operator " + operator + " has no OpenCL implementation");
  }
}
