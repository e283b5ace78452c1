package io.github.clpool.conformance;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.clpool.io.NpyArray;
import io.github.clpool.io.NpyTensors;
import io.github.clpool.io.NpyType;
import io.github.clpool.tensor.Half;
import io.github.clpool.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * An array of a conformance file.
 *
 * @param type f16, f32, f64, i32, i64 or u8
 * @param sizes the sizes of its axes
 * @param numbers its elements in order; null where only the sizes are known
 */
record ConformanceArray(String type, List<Long> sizes, double[] numbers) {
  static ConformanceArray of(JsonObject json) {
    String type = json.get("t").getAsString();
    List<Long> sizes =
        json.getAsJsonArray("shape").asList().stream().map(JsonElement::getAsLong).toList();
    double[] numbers =
        json.has("any")
            ? null
            : json.has("b64")
                ? decoded(type, Base64.getDecoder().decode(json.get("b64").getAsString()))
                : json.getAsJsonArray("v").asList().stream()
                    .mapToDouble(
                        each -> each.isJsonNull() ? Double.NaN : rounded(type, each.getAsDouble()))
                    .toArray();
    return new ConformanceArray(type, sizes, numbers);
  }

  private static double rounded(String type, double number) {
    return switch (type) {
      case "f16" -> Half.toFloat(Half.fromFloat((float) number));
      case "f32" -> (float) number;
      default -> number;
    };
  }

  /** An array of as many ones as a tensor has elements, of its type. */
  static ConformanceArray ones(Tensor like) {
    double[] ones = new double[(int) like.shape().elements()];
    Arrays.fill(ones, 1);
    NpyArray array = NpyTensors.array(like);
    String type =
        switch (like.type()) {
          case FLOAT64 -> "f64";
          case FLOAT16 -> "f16";
          default -> "f32";
        };
    return new ConformanceArray(type, array.sizes(), ones);
  }

  private static double[] decoded(String type, byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<Double> numbers = new ArrayList<>();
    while (buffer.hasRemaining()) {
      numbers.add(
          switch (type) {
            case "f16" -> (double) Half.toFloat(buffer.getShort());
            case "f32" -> (double) buffer.getFloat();
            case "f64" -> buffer.getDouble();
            case "i32" -> (double) buffer.getInt();
            case "i64" -> (double) buffer.getLong();
            case "u8" -> (double) (buffer.get() & 0xff);
            default -> throw new IllegalArgumentException("type " + type);
          });
    }
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  boolean isByte() {
    return type.equals("u8");
  }

  long[] longs() {
    return Arrays.stream(numbers).mapToLong(number -> (long) number).toArray();
  }

  /** The array as a file would have it. */
  NpyArray npy() {
    return switch (type) {
      case "f16" -> {
        short[] bits = new short[numbers.length];
        for (int i = 0; i < bits.length; i++) {
          bits[i] = Half.fromFloat((float) numbers[i]);
        }
        yield NpyArray.of(NpyType.FLOAT16, ShortBuffer.wrap(bits), sizes);
      }
      case "f32" -> {
        FloatBuffer floats = FloatBuffer.allocate(numbers.length);
        Arrays.stream(numbers).forEach(number -> floats.put((float) number));
        yield NpyArray.of(NpyType.FLOAT32, floats.rewind(), sizes);
      }
      case "f64" -> NpyArray.of(NpyType.FLOAT64, DoubleBuffer.wrap(numbers), sizes);
      case "u8" -> {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length);
        Arrays.stream(numbers).forEach(number -> bytes.put((byte) number));
        yield NpyArray.of(NpyType.UINT8, bytes.rewind(), sizes);
      }
      case "i32", "i64" -> NpyArray.of(NpyType.INT64, LongBuffer.wrap(longs()), sizes);
      default -> throw new IllegalArgumentException("type " + type);
    };
  }

  /**
   * Compares with what was found.
   *
   * @param found the elements, as doubles
   * @param tolerance how far off a number may be, beside the greatest one expected; 0 for equal
   *     ones
   * @return what differs first, or an empty text
   */
  String difference(double[] found, double tolerance) {
    if (numbers == null) {
      return "";
    }
    if (numbers.length != found.length) {
      return "%d elements, but %d are expected".formatted(found.length, numbers.length);
    }
    double greatest =
        Arrays.stream(numbers).map(Math::abs).filter(Double::isFinite).max().orElse(0);
    for (int i = 0; i < found.length; i++) {
      // -0 and +0 are equal here
      boolean same = numbers[i] == found[i] || Double.isNaN(numbers[i]) && Double.isNaN(found[i]);
      if (!same && !(Math.abs(numbers[i] - found[i]) <= tolerance * Math.max(1, greatest))) {
        return "element %d is %s, but %s is expected".formatted(i, found[i], numbers[i]);
      }
    }
    return "";
  }
}
