package io.github.clpool.opencl.plan;

import io.github.clpool.exact.Sums;
import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.tensor.Bytes;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A call of a pooling on a device, as implementations look at it. Immutable.
 *
 * @param problem a call of a {@link Pool}
 * @param device the device
 * @param pool its operator
 * @param geometry where its regions lie
 * @param reduction what is made of them
 */
public record PoolCall(
    Problem problem,
    DeviceProfile device,
    Pool pool,
    Geometry geometry,
    ReductionHeader reduction) {
  /** What kernels per output are given, in order; then the key, then what a mix chose. */
  private static final List<Role> FORWARD =
      List.of(Role.INPUT, Role.LOGITS, Role.WEIGHTS, Role.OUTPUT, Role.INDICES);

  /** What gradients are made from, in order. */
  private static final List<Role> SOURCES =
      List.of(Role.INPUT, Role.LOGITS, Role.WEIGHTS, Role.GRAD_OUTPUT, Role.INDICES, Role.CHOICE);

  /** The gradients of cells. */
  private static final List<Role> GRADIENTS = List.of(Role.GRAD_INPUT, Role.GRAD_LOGITS);

  public static PoolCall of(Problem problem, DeviceProfile device) {
    Pool pool = problem.pool();
    return new PoolCall(
        problem,
        device,
        pool,
        pool.geometry(problem.input()),
        ReductionHeader.of(pool, problem.type()));
  }

  public boolean isForward() {
    return problem.direction() == Direction.FORWARD;
  }

  /** Whether it is a forward call that is not asked for indices. */
  public boolean wantsValuesOnly() {
    return isForward() && !problem.has(Role.INDICES);
  }

  /** Whether it is the gradient of a reduction that selects. */
  public boolean isSelectionGradient() {
    return !isForward() && reduction.selects();
  }

  /**
   * Whether it is the gradient of a reduction whose outputs give what their own gradients and
   * numbers of cells say.
   */
  public boolean givesWithoutStatistics() {
    return !isForward() && reduction.isAverage();
  }

  /** Whether its regions are windows without dilation. */
  public boolean hasPlainWindows() {
    for (int i = 0; i < 3; i++) {
      if (!(geometry.axis(i) instanceof WindowAxis axis) || axis.dilation() > 1) {
        return false;
      }
    }
    return true;
  }

  public boolean isFractional() {
    return pool.regions().isPlacedPerPlane();
  }

  /** The buffers of a kernel that computes all of the call, in order. */
  public List<KernelArgument> buffers() {
    if (isForward()) {
      List<KernelArgument> buffers = new ArrayList<>(present(FORWARD));
      if (drawsCells()) {
        buffers.add(new KernelArgument.Key(draws()));
      }
      buffers.addAll(present(List.of(Role.CHOICE)));
      return buffers;
    }
    List<KernelArgument> buffers = new ArrayList<>(present(SOURCES));
    buffers.addAll(present(GRADIENTS));
    return buffers;
  }

  /** How many numbers each batch position takes: one for each plane, or one for each output. */
  private long draws() {
    Shape output = problem.output();
    return output.c() * (pool.results().contains(Role.CHOICE) ? 1 : output.planeSize());
  }

  /** Whether the reduction draws, not only the regions. */
  boolean drawsCells() {
    return pool.reduction().draws(problem.direction(), problem.arguments().keySet());
  }

  List<KernelArgument> sources() {
    return present(SOURCES);
  }

  public List<KernelArgument> gradients() {
    return present(GRADIENTS);
  }

  public List<KernelArgument> present(List<Role> roles) {
    return roles.stream()
        .filter(problem::has)
        .<KernelArgument>map(KernelArgument.Buffer::new)
        .toList();
  }

  /** The macros that say what is computed, by whatever kernel. */
  public Macros macros() {
    Macros macros = Macros.of(problem).fractional(this).flag("WIDE_SUMS", hasWideSums());
    macros.division(reduction.divides(), problem.type(), device);
    macros.flag("NATIVE_HALVES", problem.type() == DataType.FLOAT16 && device.widensHalves());
    if (reduction.takesRoots() && problem.type() != DataType.FLOAT64) {
      macros.put("SQUARE_ROOT", device.squareRoot() + "_SQUARE_ROOT");
    }
    if (isSelectionGradient()) { // which looks at no numbers, but for the sign of magnitudes
      return macros.flag("MAGNITUDES", reduction.takesMagnitudes());
    }
    macros.putAll(reduction.macros());
    return isForward() ? macros.remove("PAPER_GRADIENT") : macros;
  }

  /** How the files of kernels begin that were written for its reduction, or for all selections. */
  public String word() {
    return isSelectionGradient() ? "max_pool" : reduction.word();
  }

  /** The kernel file of some way that has one for gradients and one for indices, without .cl. */
  public String word(String way) {
    String result = isForward() ? wantsValuesOnly() ? "" : "_indices" : "_gradient";
    return word() + "_" + way + result;
  }

  /** The function of a kernel file. */
  private String kernel(String file) {
    return file + (isForward() ? "_forward" : "_backward");
  }

  /** A launch of a file of kernels that own rows or planes: a work-group is a work-item. */
  public Launch launch(
      String file,
      Macros macros,
      List<KernelArgument> arguments,
      List<Long> global,
      long privateBytes) {
    return new Launch(
        file + ".cl",
        macros.values(),
        kernel(file),
        arguments,
        global,
        Collections.nCopies(global.size(), 1L),
        privateBytes);
  }

  /** What an average divides by if that is given. */
  public int fixedDivisor() {
    return pool.divisor().fixed();
  }

  /**
   * How many weights each channel has of its own; 0 if there are none or all channels share them.
   */
  public int ownWeights() {
    if (!problem.has(Role.WEIGHTS)) {
      return 0;
    }
    int each = weightsOfChannel();
    return problem.arguments().get(Role.WEIGHTS).elements() == each ? 0 : each;
  }

  int weightsOfChannel() {
    List<Shape> weights = pool.reduction().weights(problem.input(), pool.regions());
    return weights.isEmpty() ? 0 : (int) weights.get(0).elements();
  }

  /** Whether along every axis there are few enough terms for one plain running sum. */
  public boolean hasShortSums(boolean perOutput) {
    for (int i = 0; i < 3; i++) {
      AxisRegions axis = geometry.axis(i);
      if ((perOutput ? axis.maxTaps() : axis.maxCovers()) > Sums.BLOCK) {
        return false;
      }
    }
    return true;
  }

  /** Whether 8-bit integers are summed that a float does not average exactly. */
  public boolean hasWideSums() {
    double cells = 1;
    for (int i = 0; i < 3; i++) {
      cells *= geometry.axis(i).maxTaps();
    }
    return problem.type().isByte() && reduction.sums() && cells > Bytes.MOST_EXACT_IN_FLOAT;
  }

  /**
   * Why kernels that sum plainly and divide whole vectors cannot take the call; empty if they can,
   * as always for maximum and minimum.
   */
  public Optional<String> plainSumsRefusal() {
    boolean looksAtRegions = isForward() || !reduction.isAverage();
    if (reduction.sums() && looksAtRegions && !hasShortSums(true)) {
      return Optional.of("regions have more than " + Sums.BLOCK + " cells along an axis");
    }
    if (hasWideSums()) {
      return Optional.of("float does not hold the sums exactly");
    }
    if (reduction.sums() && !isForward() && !hasShortSums(false)) {
      return Optional.of("cells have more than " + Sums.BLOCK + " outputs along an axis");
    }
    return divisionRefusal();
  }

  /** Why kernels that divide whole vectors cannot take the call; empty if they can. */
  public Optional<String> divisionRefusal() {
    return reduction.divides() ? device.divisionRefusal(problem.type()) : Optional.empty();
  }

  /** Whether the device itself takes square roots of the computing type, correctly rounded. */
  public boolean takesNativeRoots() {
    return problem.type() == DataType.FLOAT64
        || device.squareRoot() == DeviceProfile.Rounding.NATIVE;
  }

  /** The bytes of a number of the computing type. */
  public long numberBytes() {
    return problem.type().computingType().bytes();
  }

  /** The positions from a window's first tap to its last one. */
  public static long effective(AxisRegions axis) {
    return axis instanceof WindowAxis window ? (window.kernel() - 1L) * window.dilation() + 1 : 1;
  }
}
