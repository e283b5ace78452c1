package io.github.clpool.io;

import io.github.clpool.Pooling;
import io.github.clpool.tensor.BFloat16;
import io.github.clpool.tensor.Bytes;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Half;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Arrays of files as tensors. The axes of an array are in the tensor's memory order. Stateless. */
public final class NpyTensors {
  private static final int MOST_AXES = 3;

  private NpyTensors() {}

  /**
   * The shape of a tensor with the sizes of an array.
   *
   * @param sizes the sizes: batch, channels and 1 to 3 spatial ones, in the order of the layout
   * @param layout where the channels are
   * @param batched whether there is a batch axis
   * @return the shape
   * @throws IllegalArgumentException if there are too few or too many sizes
   */
  public static Shape shape(List<Long> sizes, Layout layout, boolean batched) {
    Require.present("sizes", sizes);
    Require.present("layout", layout);
    int lead = batched ? 2 : 1;
    Require.that(
        sizes.size() > lead && sizes.size() <= lead + MOST_AXES,
        "array has sizes %s, but a%s tensor must have %d to %d of them",
        sizes,
        batched ? " batched" : "n unbatched",
        lead + 1,
        lead + MOST_AXES);
    List<Long> rest = new ArrayList<>(sizes.subList(lead - 1, sizes.size()));
    long channels = rest.remove(layout == Layout.NCHW ? 0 : rest.size() - 1);
    for (long size : rest) {
      Require.that(size <= Integer.MAX_VALUE, "spatial size is %d, but must be below 2^31", size);
    }
    int[] spatial = rest.stream().mapToInt(Long::intValue).toArray();
    return batched ? Shape.of(sizes.get(0), channels, spatial) : Shape.unbatched(channels, spatial);
  }

  /**
   * The sizes of an array with the elements of a tensor, in memory order.
   *
   * @param shape the tensor's shape
   * @param layout its layout
   * @return the sizes
   */
  public static List<Long> sizes(Shape shape, Layout layout) {
    Require.present("shape", shape);
    Require.present("layout", layout);
    List<Long> sizes = new ArrayList<>(Arrays.stream(shape.sizes()).boxed().toList());
    if (layout == Layout.NHWC) {
      sizes.add(sizes.remove(shape.isBatched() ? 1 : 0));
    }
    return sizes;
  }

  /**
   * Makes a tensor.
   *
   * @param pooling where
   * @param array the elements; {@code <u2} ones are the bits of BFLOAT16
   * @param layout the order of the array's axes
   * @param batched whether the array has a batch axis
   * @param type the type to convert the elements to, each rounded once; if empty the array's own,
   *     which must then be a floating-point type of NumPy, {@code |u1} or {@code |i1}
   * @return the tensor, to be closed by the caller
   * @throws IllegalArgumentException if sizes or types do not fit
   */
  public static Tensor tensor(
      Pooling pooling, NpyArray array, Layout layout, boolean batched, Optional<DataType> type) {
    Require.present("pooling", pooling);
    Require.present("array", array);
    Require.present("type", type);
    Shape shape = shape(array.sizes(), layout, batched);
    DataType wanted = type.orElseGet(() -> own(array));
    return pooling.tensor(shape, layout, wanted, convert(array, wanted));
  }

  /**
   * Makes a tensor without planes, such as a learned parameter.
   *
   * @param pooling where
   * @param array the elements
   * @param type the type to convert them to
   * @return the tensor with the array's sizes, to be closed by the caller
   * @throws IllegalArgumentException if the types do not fit
   */
  public static Tensor parameter(Pooling pooling, NpyArray array, DataType type) {
    Require.present("pooling", pooling);
    Require.present("array", array);
    Require.present("type", type);
    Shape shape = Shape.array(array.sizes().stream().mapToLong(Long::longValue).toArray());
    return pooling.tensor(shape, Layout.NCHW, type, convert(array, type));
  }

  /**
   * Makes a tensor without planes, such as the features of nodes.
   *
   * @param pooling where
   * @param array the elements
   * @param type the type to convert them to; if empty the array's own
   * @return the tensor with the array's sizes, to be closed by the caller
   * @throws IllegalArgumentException if the types do not fit
   */
  public static Tensor parameter(Pooling pooling, NpyArray array, Optional<DataType> type) {
    Require.present("array", array);
    Require.present("type", type);
    return parameter(pooling, array, type.orElseGet(() -> own(array)));
  }

  private static DataType own(NpyArray array) {
    return switch (array.type()) {
      case FLOAT16 -> DataType.FLOAT16;
      case FLOAT32 -> DataType.FLOAT32;
      case FLOAT64 -> DataType.FLOAT64;
      case UINT8 -> DataType.UINT8;
      case INT8 -> DataType.INT8;
      case BITS16 ->
          throw new IllegalArgumentException(
              "elements are <u2, but must be floating-point; type BFLOAT16 takes them as its bits");
      case INT32, INT64 ->
          throw new IllegalArgumentException(
              "elements are " + array.type().text() + ", but must be floating-point");
    };
  }

  private static Buffer convert(NpyArray array, DataType wanted) {
    Buffer elements = array.buffer();
    if (array.type() == NpyType.BITS16) {
      Require.that(
          wanted == DataType.BFLOAT16,
          "elements are <u2, but must be floating-point for type %s",
          wanted);
      return elements;
    }
    if (wanted == DataType.INT32) {
      return integers(array);
    }
    DataType own = own(array);
    if (wanted == own) {
      return elements;
    }
    Require.that(
        !wanted.isByte(),
        "elements are %s, but must be %s for type %s",
        array.type().text(),
        (wanted == DataType.UINT8 ? NpyType.UINT8 : NpyType.INT8).text(),
        wanted);
    if (own == DataType.FLOAT64) {
      Require.that(
          wanted == DataType.FLOAT32,
          "elements are <f8, but must be <f4 or <f2 for type %s: each is rounded once",
          wanted);
      DoubleBuffer doubles = (DoubleBuffer) elements;
      return fill(FloatBuffer.allocate(doubles.remaining()), i -> (float) doubles.get(i));
    }
    return narrow(floats(elements, own), wanted);
  }

  private static Buffer integers(NpyArray array) {
    Buffer elements = array.buffer();
    if (elements instanceof LongBuffer longs) {
      int[] ints = new int[longs.remaining()];
      for (int i = 0; i < ints.length; i++) {
        ints[i] = (int) longs.get(i);
        Require.that(
            ints[i] == longs.get(i), "element %d is %d, but must be an int", i, longs.get(i));
      }
      return IntBuffer.wrap(ints);
    }
    Require.that(
        array.type() == NpyType.INT32,
        "elements are %s, but must be <i4 or <i8",
        array.type().text());
    return elements;
  }

  private static FloatBuffer floats(Buffer elements, DataType own) {
    if (elements instanceof FloatBuffer floats) {
      return floats;
    } else if (elements instanceof ByteBuffer bytes) {
      FloatBuffer integers = FloatBuffer.allocate(bytes.remaining());
      return fill(integers, i -> Bytes.toInt(bytes.get(i), own));
    }
    ShortBuffer halves = (ShortBuffer) elements;
    return fill(FloatBuffer.allocate(halves.remaining()), i -> Half.toFloat(halves.get(i)));
  }

  private static Buffer narrow(FloatBuffer floats, DataType wanted) {
    int count = floats.remaining();
    return switch (wanted) {
      case FLOAT32 -> floats;
      case FLOAT64 -> {
        double[] doubles = new double[count];
        Arrays.setAll(doubles, floats::get);
        yield DoubleBuffer.wrap(doubles);
      }
      case FLOAT16, BFLOAT16 -> {
        short[] bits = new short[count];
        for (int i = 0; i < count; i++) {
          float value = floats.get(i);
          bits[i] = wanted == DataType.FLOAT16 ? Half.fromFloat(value) : BFloat16.fromFloat(value);
        }
        yield ShortBuffer.wrap(bits);
      }
      case INT32, UINT8, INT8 ->
          throw new IllegalArgumentException(
              "type is " + wanted + ", but must be a floating-point type");
    };
  }

  @FunctionalInterface
  private interface FloatAt {
    float get(int index);
  }

  private static FloatBuffer fill(FloatBuffer target, FloatAt source) {
    for (int i = 0; i < target.capacity(); i++) {
      target.put(i, source.get(i));
    }
    return target;
  }

  /**
   * Copies a tensor out.
   *
   * @param tensor the tensor; the bits of BFLOAT16 become {@code <u2}
   * @return an array in its memory order
   */
  public static NpyArray array(Tensor tensor) {
    NpyType type =
        switch (Require.present("tensor", tensor).type()) {
          case FLOAT16 -> NpyType.FLOAT16;
          case BFLOAT16 -> NpyType.BITS16;
          case FLOAT32 -> NpyType.FLOAT32;
          case FLOAT64 -> NpyType.FLOAT64;
          case UINT8 -> NpyType.UINT8;
          case INT8 -> NpyType.INT8;
          case INT32 -> NpyType.INT32;
        };
    NpyArray array = NpyArray.zeros(type, sizes(tensor.shape(), tensor.layout()));
    tensor.read(array.buffer());
    return array;
  }

  /**
   * Makes an array of longs, for indices in a whole tensor.
   *
   * @param like a tensor of the shape and layout of the indices
   * @param longs as many as it has elements, in its memory order
   * @return the array
   */
  public static NpyArray array(Tensor like, long[] longs) {
    Require.present("like", like);
    Require.present("longs", longs);
    return NpyArray.of(NpyType.INT64, LongBuffer.wrap(longs), sizes(like.shape(), like.layout()));
  }
}
