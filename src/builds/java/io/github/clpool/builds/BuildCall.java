package io.github.clpool.builds;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/**
 * Calls by the build whose classes are beside this one, each made of a line such as {@code max
 * window=3 | 8x512x13x13 NHWC FLOAT16 indices}. Only what has not changed in any build is used.
 */
public final class BuildCall implements Function<String, Runnable> {
  private static final int ROIS = 512;

  private final Random random = new Random(1);
  private final List<Tensor> made = new ArrayList<>();
  private Pooling pooling;

  /**
   * Opens a device if given its name, and else makes a call, of which a run waits for its end, and
   * frees what the one before was given.
   */
  @Override
  public Runnable apply(String text) {
    if (pooling == null) {
      pooling = Pooling.open(DevicePolicy.parse(text));
      return pooling::finish;
    }
    made.forEach(Tensor::close);
    made.clear();
    String[] parts = text.split(" *\\| *");
    List<String> words = List.of(parts[1].split(" +"));
    Operator operator = Operators.parse(parts[0]);
    Layout layout = words.contains("NHWC") ? Layout.NHWC : Layout.NCHW;
    DataType type =
        Arrays.stream(DataType.values())
            .filter(each -> words.contains(each.name()))
            .findFirst()
            .orElse(DataType.FLOAT32);
    boolean backward = words.contains("backward");
    Shape shape = shape(words.get(0));
    Map<Role, Tensor> forward = new EnumMap<>(Role.class);
    forward.put(Role.INPUT, filled(shape, layout, type));
    for (Role role : operator.parameters()) {
      if (!operator.optionalParameters().contains(role)) {
        forward.put(role, parameter(role, shape, layout, type));
      }
    }
    boolean overRois = forward.containsKey(Role.ROIS);
    Shape outputs = overRois ? Shape.of(ROIS, shape.c(), 7, 7) : operator.outputShape(shape);
    forward.put(Role.OUTPUT, empty(outputs, layout, type));
    if (words.contains("indices") || operator.keptForBackward().contains(Role.INDICES)) {
      forward.put(Role.INDICES, empty(outputs, layout, DataType.INT32));
    }
    Runnable run = run(operator, Direction.FORWARD, forward);
    if (!backward) {
      return run;
    }
    run.run();
    Map<Role, Tensor> gradient = new EnumMap<>(Role.class);
    gradient.put(Role.GRAD_OUTPUT, filled(outputs, layout, type));
    gradient.put(Role.GRAD_INPUT, empty(shape, layout, type));
    operator.keptForBackward().forEach(role -> gradient.put(role, forward.get(role)));
    return run(operator, Direction.BACKWARD, gradient);
  }

  private Runnable run(Operator operator, Direction direction, Map<Role, Tensor> tensors) {
    boolean draws = operator.draws(direction, tensors.keySet());
    return () -> {
      if (draws) {
        pooling.compute(operator, direction, tensors, RandomKey.of(1), false);
      } else {
        pooling.compute(operator, direction, tensors, false);
      }
      pooling.finish();
    };
  }

  private Tensor parameter(Role role, Shape shape, Layout layout, DataType type) {
    return switch (role) {
      case LOGITS -> filled(shape, layout, type);
      case ROIS -> kept(pooling.tensor(Shape.array(ROIS, 5), boxes(shape)));
      case WEIGHTS -> kept(pooling.tensor(Shape.array(1), 0.75f));
      default -> throw new IllegalArgumentException("nothing is known of " + role);
    };
  }

  private static Shape shape(String text) {
    int[] sizes = Arrays.stream(text.split("x")).mapToInt(Integer::parseInt).toArray();
    return Shape.of(sizes[0], sizes[1], Arrays.copyOfRange(sizes, 2, sizes.length));
  }

  private Tensor empty(Shape shape, Layout layout, DataType type) {
    return kept(pooling.empty(shape, layout, type));
  }

  private Tensor kept(Tensor tensor) {
    made.add(tensor);
    return tensor;
  }

  /** Normal numbers of any sign; of two bytes, such as are normal in both types. */
  private Tensor filled(Shape shape, Layout layout, DataType type) {
    int count = Math.toIntExact(shape.planeCount() * shape.planeSize());
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(count * type.bytes()).order(ByteOrder.nativeOrder());
    while (bytes.hasRemaining()) {
      switch (type.bytes()) {
        case 1 -> bytes.put((byte) random.nextInt());
        case 2 -> bytes.putShort((short) (0x3000 + random.nextInt(0x1000)));
        case 4 -> bytes.putFloat((float) random.nextGaussian());
        default -> bytes.putDouble(random.nextGaussian());
      }
    }
    bytes.flip();
    Buffer values =
        switch (type.bytes()) {
          case 1 -> bytes;
          case 2 -> bytes.asShortBuffer();
          case 4 -> bytes.asFloatBuffer();
          default -> bytes.asDoubleBuffer();
        };
    return kept(pooling.tensor(shape, layout, type, values));
  }

  private float[] boxes(Shape shape) {
    float[] boxes = new float[5 * ROIS];
    for (int i = 0; i < boxes.length; i += 5) {
      boxes[i] = random.nextInt((int) shape.n());
      boxes[i + 1] = random.nextFloat() * shape.w() * 0.7f;
      boxes[i + 2] = random.nextFloat() * shape.h() * 0.7f;
      boxes[i + 3] = boxes[i + 1] + 10 + random.nextFloat() * 80;
      boxes[i + 4] = boxes[i + 2] + 10 + random.nextFloat() * 80;
    }
    return boxes;
  }
}
