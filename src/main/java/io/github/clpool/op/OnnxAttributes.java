package io.github.clpool.op;

import io.github.clpool.tensor.Excerpt;
import io.github.clpool.tensor.Require;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The attributes of an ONNX node, each checked as it is read. */
final class OnnxAttributes {
  /** The opset that brought each operator. */
  private static final Map<String, Integer> SINCE =
      Map.of(
          "MaxPool", 1,
          "AveragePool", 1,
          "LpPool", 1,
          "GlobalMaxPool", 1,
          "GlobalAveragePool", 1,
          "GlobalLpPool", 1,
          "MaxUnpool", 9,
          "MaxRoiPool", 1,
          "RoiAlign", 10);

  private final String operator;
  private final int opset;
  private final Map<String, ?> values;
  private final Set<String> known = new TreeSet<>();

  OnnxAttributes(String operator, int opset, Map<String, ?> values) {
    this.operator = Require.present("opType", operator);
    this.values = Require.present("attributes", values);
    this.opset = opset;
    Integer since = SINCE.get(operator);
    Require.that(
        since != null,
        "opType is '%s', but must be one of %s",
        Excerpt.of(operator),
        String.join(", ", new TreeSet<>(SINCE.keySet())));
    Require.that(
        opset >= since, "opset is %d, but %s is there from opset %d on", opset, operator, since);
  }

  private boolean has(String name) {
    known.add(name);
    return values.get(name) != null;
  }

  /** Refuses an attribute that only later opsets have. */
  private void checkSince(String name, int first) {
    Require.that(
        !has(name) || opset >= first,
        "%s is %s, but %s has it from opset %d on, and the opset is %d",
        name,
        text(values.get(name)),
        operator,
        first,
        opset);
  }

  /** Whether a number is 1; it must be 0, the default, or 1. */
  boolean flag(String name, int since) {
    checkSince(name, since);
    int number = number(name, 0, 0);
    Require.that(number <= 1, "%s is %d, but must be 0 or 1", name, number);
    return number == 1;
  }

  private int number(String name, int least, int usual) {
    return has(name) ? whole(name, values.get(name), least) : usual;
  }

  private int whole(String name, Object value, int least) {
    boolean fits =
        value instanceof Number number
            && number.doubleValue() == number.longValue()
            && number.longValue() >= least
            && number.longValue() <= Integer.MAX_VALUE;
    Require.that(
        fits,
        "%s is %s, but must be made of whole numbers from %d to 2^31 - 1",
        name,
        text(values.get(name)),
        least);
    return ((Number) value).intValue();
  }

  private double decimal(String name, double usual) {
    if (!has(name)) {
      return usual;
    }
    Object value = values.get(name);
    Require.that(value instanceof Number, "%s is %s, but must be a number", name, text(value));
    return ((Number) value).doubleValue();
  }

  private String word(String name, List<String> allowed) {
    if (!has(name)) {
      return allowed.get(0);
    }
    Object value = values.get(name);
    Require.that(
        value instanceof String && allowed.contains(value),
        "%s is %s, but must be one of %s",
        name,
        text(value),
        String.join(", ", allowed));
    return (String) value;
  }

  /** A list of so many whole numbers; null if there is none. */
  int[] numbers(String name, int least, int count) {
    if (!has(name)) {
      return null;
    }
    int[] numbers = elements(values.get(name)).mapToInt(each -> whole(name, each, least)).toArray();
    Require.that(
        numbers.length == count,
        "%s is %s, but must have %d numbers",
        name,
        text(values.get(name)),
        count);
    return numbers;
  }

  private static Stream<?> elements(Object value) {
    if (value instanceof int[] ints) {
      return Arrays.stream(ints).boxed();
    }
    if (value instanceof long[] longs) {
      return Arrays.stream(longs).boxed();
    }
    return value instanceof List<?> list ? list.stream() : Stream.of(value);
  }

  private static String text(Object value) {
    if (value instanceof String text) {
      return "'" + Excerpt.of(text) + "'";
    }
    return value instanceof int[] || value instanceof long[]
        ? elements(value).toList().toString()
        : Excerpt.of(String.valueOf(value));
  }

  /** The exponent of an LpPool; the first opset has a fraction. */
  double p() {
    return opset == 1 ? decimal("p", 2) : number("p", 1, 2);
  }

  double spatialScale() {
    return decimal("spatial_scale", 1);
  }

  /** The windows of a MaxUnpool: kernel, strides and padding. */
  Window paddedWindow() {
    Require.that(has("kernel_shape"), "kernel_shape is missing, but %s needs it", operator);
    int axes = (int) elements(values.get("kernel_shape")).count();
    Require.that(
        axes >= 1 && axes <= 3,
        "kernel_shape is %s, but must have 1 to 3 numbers",
        text(values.get("kernel_shape")));
    int[] strides = numbers("strides", 1, axes);
    Window window =
        Regions.window(numbers("kernel_shape", 1, axes))
            .stride(strides == null ? new int[] {1} : strides);
    int[] pads = numbers("pads", 0, 2 * axes);
    if (isZero(pads)) {
      return window;
    }
    int[] before = Arrays.copyOf(pads, axes);
    int[] after = Arrays.copyOfRange(pads, axes, 2 * axes);
    boolean wide =
        IntStream.range(0, axes)
            .anyMatch(i -> 2L * Math.max(before[i], after[i]) > window.kernel().get(i));
    Window padded = window.padding(before, after);
    return wide ? padded.widePadding() : padded;
  }

  private static boolean isZero(int[] numbers) {
    return numbers == null || Arrays.stream(numbers).allMatch(number -> number == 0);
  }

  /** The windows of a pooling, given the opsets that brought dilations and ceil_mode. */
  Window window(int dilationsSince, int ceilSince) {
    Window window = paddedWindow();
    checkSince("dilations", dilationsSince);
    int[] dilations = numbers("dilations", 1, window.kernel().size());
    window = dilations == null ? window : window.dilation(dilations);
    boolean ceil = flag("ceil_mode", ceilSince);
    String auto = word("auto_pad", List.of("NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"));
    Require.that(
        auto.equals("NOTSET") || isZero(numbers("pads", 0, 2 * window.kernel().size())),
        "pads is %s, but auto_pad is '%s', which chooses the padding itself",
        text(values.get("pads")),
        auto);
    return switch (auto) {
      case "SAME_UPPER" -> window.same(); // in either mode there are ceil(size / stride) windows
      case "SAME_LOWER" -> window.sameLower();
      default -> ceil ? window.ceilMode() : window;
    };
  }

  RoiAlign roiAlign() {
    checkSince("coordinate_transformation_mode", 16);
    String mode =
        word("coordinate_transformation_mode", List.of("half_pixel", "output_half_pixel"));
    boolean aligned = opset >= 16 && mode.equals("half_pixel");
    boolean max = word("mode", List.of("avg", "max")).equals("max");
    RoiAlign align =
        RoiAlign.output(number("output_height", 1, 1), number("output_width", 1, 1))
            .spatialScale(spatialScale())
            .samplingRatio(number("sampling_ratio", 0, 0))
            .mode(max ? RoiAlign.Mode.MAX_ONNX : RoiAlign.Mode.AVG);
    return aligned ? align.aligned() : align;
  }

  void checkAllUsed() {
    for (String name : values.keySet()) {
      Require.that(
          known.contains(name),
          "%s is %s, but %s has no attribute of that name, only %s",
          Excerpt.of(name),
          text(values.get(name)),
          operator,
          known);
    }
  }
}
