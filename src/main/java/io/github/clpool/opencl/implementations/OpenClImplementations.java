package io.github.clpool.opencl.implementations;

import io.github.clpool.op.Direction;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Problem;
import io.github.clpool.opencl.cpu.ChannelsLastImplementation;
import io.github.clpool.opencl.cpu.CoversImplementation;
import io.github.clpool.opencl.cpu.GlobalImplementation;
import io.github.clpool.opencl.cpu.PowersImplementation;
import io.github.clpool.opencl.cpu.RowsImplementation;
import io.github.clpool.opencl.cpu.ScatterImplementation;
import io.github.clpool.opencl.cpu.VectorsImplementation;
import io.github.clpool.opencl.cpu.WindowRowsImplementation;
import io.github.clpool.opencl.gpu.ColumnImplementation;
import io.github.clpool.opencl.gpu.DirectImplementation;
import io.github.clpool.opencl.gpu.GroupImplementation;
import io.github.clpool.opencl.gpu.S3PoolImplementation;
import io.github.clpool.opencl.gpu.SeparableImplementation;
import io.github.clpool.opencl.gpu.SoftGateImplementation;
import io.github.clpool.opencl.gpu.TileImplementation;
import io.github.clpool.opencl.gpu.TileScatterImplementation;
import io.github.clpool.opencl.graph.CrfPoolImplementation;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.Guarded;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.plan.ReductionHeader;
import io.github.clpool.opencl.roi.RoiChannelsLastImplementation;
import io.github.clpool.opencl.roi.RoiDirectImplementation;
import io.github.clpool.opencl.roi.RoiPlanesImplementation;
import io.github.clpool.opencl.unpool.UnpoolBlocksImplementation;
import io.github.clpool.opencl.unpool.UnpoolClaimImplementation;
import io.github.clpool.opencl.unpool.UnpoolDistinctImplementation;
import io.github.clpool.opencl.unpool.UnpoolPlanesImplementation;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The implementations of each operator by its word, the preferred first: the same of all reductions
 * that have a header. All of them run on every device that they suit; which is fastest depends on
 * its kind, so the order does. Stateless.
 */
public final class OpenClImplementations {
  private static final OpenClImplementation DIRECT = new Guarded(new DirectImplementation());
  private static final OpenClImplementation TILE = new Guarded(new TileImplementation());
  private static final OpenClImplementation COLUMN = new Guarded(new ColumnImplementation());
  private static final OpenClImplementation GROUP = new Guarded(new GroupImplementation());
  private static final OpenClImplementation SEPARABLE = new Guarded(new SeparableImplementation());
  private static final OpenClImplementation TILE_SCATTER =
      new Guarded(new TileScatterImplementation());
  private static final OpenClImplementation GLOBAL = new Guarded(new GlobalImplementation());
  private static final OpenClImplementation CHANNELS_LAST =
      new Guarded(new ChannelsLastImplementation());
  private static final OpenClImplementation ROWS = new Guarded(new RowsImplementation());
  private static final OpenClImplementation WINDOW_ROWS =
      new Guarded(new WindowRowsImplementation());
  private static final OpenClImplementation POWERS =
      new Guarded(new PowersImplementation(OpenClImplementations::of));
  private static final OpenClImplementation VECTORS = new Guarded(new VectorsImplementation());
  private static final OpenClImplementation SCATTER = new Guarded(new ScatterImplementation());
  private static final OpenClImplementation COVERS = new Guarded(new CoversImplementation());

  /** One work-item at a time, with vectors inside it: whole rows, planes and blocks of channels. */
  private static final List<OpenClImplementation> POOL_ON_CPU =
      rowsAndPlanesThen(SEPARABLE, TILE, COVERS, DIRECT, COLUMN, GROUP, TILE_SCATTER);

  /** Without sums, a look at what covers a cell costs less than to keep it in registers. */
  private static final List<OpenClImplementation> SELECTION_GRADIENT_ON_CPU =
      rowsAndPlanesThen(DIRECT, TILE, COVERS, SEPARABLE, COLUMN, GROUP, TILE_SCATTER);

  private static List<OpenClImplementation> rowsAndPlanesThen(OpenClImplementation... others) {
    return Stream.concat(
            Stream.of(GLOBAL, CHANNELS_LAST, ROWS, WINDOW_ROWS, POWERS, VECTORS, SCATTER),
            Stream.of(others))
        .toList();
  }

  /** Many work-items side by side: neighbours read neighbouring cells. */
  private static final List<OpenClImplementation> POOL_ON_GPU =
      List.of(
          SEPARABLE,
          TILE,
          TILE_SCATTER,
          COLUMN,
          GROUP,
          DIRECT,
          CHANNELS_LAST,
          ROWS,
          WINDOW_ROWS,
          POWERS,
          VECTORS,
          SCATTER,
          COVERS,
          GLOBAL);

  /** Those of reductions over regions. */
  private static final Order POOL = new Order(POOL_ON_CPU, SELECTION_GRADIENT_ON_CPU, POOL_ON_GPU);

  private static final OpenClImplementation UNPOOL_PLANES =
      new Guarded(new UnpoolPlanesImplementation());
  private static final OpenClImplementation UNPOOL_DISTINCT =
      new Guarded(new UnpoolDistinctImplementation());
  private static final OpenClImplementation UNPOOL_BLOCKS =
      new Guarded(new UnpoolBlocksImplementation());
  private static final OpenClImplementation UNPOOL_CLAIM =
      new Guarded(new UnpoolClaimImplementation());

  private static final OpenClImplementation ROI_DIRECT = new Guarded(new RoiDirectImplementation());
  private static final OpenClImplementation ROI_PLANES = new Guarded(new RoiPlanesImplementation());
  private static final OpenClImplementation ROI_CHANNELS_LAST =
      new Guarded(new RoiChannelsLastImplementation());
  private static final Order ROI =
      new Order(
          List.of(ROI_PLANES, ROI_CHANNELS_LAST, ROI_DIRECT),
          List.of(ROI_DIRECT, ROI_PLANES, ROI_CHANNELS_LAST));

  /** Those of what is no reduction over regions. */
  private static final Map<String, Order> OTHERS =
      Map.ofEntries(
          Map.entry("roi_pool", ROI),
          Map.entry("roi_align", ROI),
          Map.entry("s3_pool", Order.only(new S3PoolImplementation(OpenClImplementations::of))),
          Map.entry("soft_gate", Order.only(new SoftGateImplementation())),
          Map.entry("crf_pool", Order.only(new Guarded(new CrfPoolImplementation()))),
          Map.entry(
              "max_unpool",
              new Order(
                  List.of(UNPOOL_PLANES, UNPOOL_DISTINCT, UNPOOL_CLAIM, UNPOOL_BLOCKS),
                  List.of(UNPOOL_BLOCKS, UNPOOL_DISTINCT, UNPOOL_CLAIM, UNPOOL_PLANES))));

  /** The order in which implementations are asked. */
  private record Order(
      List<OpenClImplementation> onCpu,
      List<OpenClImplementation> selectionGradientOnCpu,
      List<OpenClImplementation> onGpu) {
    Order(List<OpenClImplementation> onCpu, List<OpenClImplementation> onGpu) {
      this(onCpu, onCpu, onGpu);
    }

    static Order only(OpenClImplementation single) {
      return new Order(List.of(single), List.of(single));
    }

    List<OpenClImplementation> of(Problem problem, DeviceProfile.Kind kind) {
      if (kind != DeviceProfile.Kind.CPU) {
        return onGpu;
      }
      boolean isBackward = problem.direction() == Direction.BACKWARD;
      return isBackward && problem.operator().hasIndices() ? selectionGradientOnCpu : onCpu;
    }
  }

  private OpenClImplementations() {}

  /**
   * The operators that have implementations.
   *
   * @return their words
   */
  public static Set<String> words() {
    Set<String> words = new HashSet<>(ReductionHeader.words());
    words.addAll(OTHERS.keySet());
    return words;
  }

  /**
   * Lists the implementations of a problem's operator.
   *
   * @param problem the problem
   * @param kind the kind of device
   * @return those that may accept it, in the order in which they are asked
   * @throws IllegalArgumentException if the operator has none
   */
  public static List<OpenClImplementation> of(Problem problem, DeviceProfile.Kind kind) {
    Operator operator = problem.operator();
    String word = operator.name();
    if (ReductionHeader.words().contains(word)) {
      return POOL.of(problem, kind);
    } else if (OTHERS.containsKey(word)) {
      return OTHERS.get(word).of(problem, kind);
    }
    throw new IllegalArgumentException("operator " + operator + " has no OpenCL implementation");
  }
}
