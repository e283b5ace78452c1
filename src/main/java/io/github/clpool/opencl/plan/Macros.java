package io.github.clpool.opencl.plan;

import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Problem;
import io.github.clpool.op.WindowAxis;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The macros of a launch while it is planned. Not thread-safe. */
public final class Macros {
  private static final List<String> AXES = List.of("D", "H", "W");

  private final SortedMap<String, String> values = new TreeMap<>();

  private Macros() {}

  /** Type and layout of a call, and whether its gradients are added to what is there. */
  public static Macros of(Problem problem) {
    return ofElements(problem)
        .flag("CHANNELS_LAST", problem.layout() == Layout.NHWC)
        .flag("ACCUMULATE", problem.accumulate());
  }

  /** The type only, for kernels that know no planes. */
  public static Macros ofElements(Problem problem) {
    return ofType(problem.type());
  }

  public static Macros ofType(DataType type) {
    return new Macros().put("TYPE", type.name());
  }

  public Macros put(String name, String value) {
    values.put(name, value);
    return this;
  }

  public Macros put(String name, long value) {
    return put(name, Long.toString(value));
  }

  Macros putAll(SortedMap<String, String> others) {
    values.putAll(others);
    return this;
  }

  /** Defines the macro as 1, or leaves it to its default. */
  public Macros flag(String name, boolean on) {
    return on ? put(name, 1) : this;
  }

  public Macros remove(String name) {
    values.remove(name);
    return this;
  }

  /**
   * What is known of an axis when a kernel is built: its window, or that its regions are listed.
   */
  public Macros window(String name, AxisRegions axis) {
    if (axis instanceof WindowAxis window) {
      put("KERNEL_" + name, window.kernel());
      put("STRIDE_" + name, window.stride());
      return put("DILATION_" + name, window.dilation());
    }
    return put("KERNEL_" + name, 0);
  }

  /** The same for all three axes. */
  public Macros windows(Geometry geometry) {
    return window("D", geometry.d()).window("H", geometry.h()).window("W", geometry.w());
  }

  /** Whether regions lie elsewhere in each plane, found from samples, and then along which axes. */
  public Macros fractional(PoolCall call) {
    if (call.isFractional()) {
      put("FRACTIONAL", 1).kinds(call.geometry(), "FRACTIONAL_AXIS");
    }
    return this;
  }

  /** What the axes are: windows, or with regions in a table. */
  public Macros kinds(Geometry geometry) {
    return kinds(geometry, "LISTED");
  }

  private Macros kinds(Geometry geometry, String other) {
    for (int i = 0; i < AXES.size(); i++) {
      put("KIND_" + AXES.get(i), geometry.axis(i) instanceof WindowAxis ? "WINDOW" : other);
    }
    return this;
  }

  /** The same where all regions were listed before. */
  public Macros listed() {
    AXES.forEach(axis -> remove("KIND_" + axis));
    return remove("FRACTIONAL");
  }

  /** Whether planes have one slice, which is all that the only output could have. */
  public Macros flat(Geometry geometry) {
    AxisRegions d = geometry.d();
    boolean hasOneSlice = d.inputSize() == 1 && d.outputSize() == 1;
    boolean hasOneTap =
        !(d instanceof WindowAxis window) || window.kernel() == 1 && window.before() == 0;
    return flag("FLAT", hasOneSlice && hasOneTap);
  }

  /** Whether all windows stay in their planes, or in these with the padding. */
  public Macros inside(Geometry geometry) {
    boolean inPlane = true;
    boolean inPadding = true;
    for (int i = 0; i < 3; i++) {
      WindowAxis axis = (WindowAxis) geometry.axis(i);
      long end = (axis.outputSize() - 1L) * axis.stride() + PoolCall.effective(axis);
      inPadding &= end <= (long) axis.before() + axis.inputSize() + axis.after();
      inPlane &= axis.before() == 0 && end <= axis.inputSize();
    }
    return flag("INSIDE", inPlane).flag("INSIDE_PADDING", inPadding && !inPlane);
  }

  /** How many neighbouring channels a work-item has. */
  public Macros channels(int channels) {
    return channels > 1 ? put("CHANNELS", channels) : this;
  }

  /** Whether work-items are numbered in two dimensions. */
  public Macros grid(Grid grid) {
    return flag("LARGE", grid.isLarge());
  }

  /** Spares kernels the blocks of sums, where no sum has more terms than one. */
  public Macros shortSums(boolean all) {
    return all ? put("LONG_SUMS", 0) : this;
  }

  /** How the device divides, if floats are divided. */
  public Macros division(boolean divides, DataType type, DeviceProfile device) {
    return divides && type != DataType.FLOAT64
        ? put("DIVISION", device.division() + "_DIVISION")
        : this;
  }

  public SortedMap<String, String> values() {
    return values;
  }

  /** A number, rounded to the computing type, as C writes it. */
  static String literal(double number, DataType type) {
    double rounded = type == DataType.FLOAT64 ? number : (float) number;
    if (Double.isInfinite(rounded)) {
      return rounded > 0 ? "((C)INFINITY)" : "(-(C)INFINITY)";
    }
    return type == DataType.FLOAT64
        ? "(" + Double.toHexString(number) + ")"
        : "(" + Float.toHexString((float) number) + "f)";
  }
}
