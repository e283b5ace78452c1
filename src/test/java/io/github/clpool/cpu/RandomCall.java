package io.github.clpool.cpu;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Backend;
import io.github.clpool.backend.HeapStorage;
import io.github.clpool.backend.Plan;
import io.github.clpool.backend.Preference;
import io.github.clpool.op.Adaptive;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Reduction;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Role;
import io.github.clpool.op.Window;
import io.github.clpool.tensor.BFloat16;
import io.github.clpool.tensor.Bytes;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Half;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A call drawn from a seed, with its data; runs on any heap backend. */
final class RandomCall {
  private final Random random;
  final Pool pool;
  final Problem forward;
  final Problem backward;
  private final Map<Role, double[]> data = new EnumMap<>(Role.class);

  RandomCall(long seed) {
    random = new Random(seed);
    int axes = 1 + random.nextInt(3);
    Shape shape = null;
    Pool drawn = null;
    while (drawn == null) {
      shape = shape(axes);
      try {
        drawn = new Pool(reduction(), regions(axes));
        drawn.outputShape(shape);
      } catch (IllegalArgumentException doesNotFit) {
        drawn = null;
      }
    }
    pool = drawn;
    Layout layout = random.nextBoolean() ? Layout.NCHW : Layout.NHWC;
    List<DataType> types = new ArrayList<>(List.of(DataType.values()));
    types.removeIf(each -> !pool.takes(each, Direction.FORWARD));
    DataType type = types.get(random.nextInt(types.size()));
    boolean indices = pool.hasIndices();
    Shape output = pool.outputShape(shape);
    Map<Role, Shape> shapes = new EnumMap<>(Map.of(Role.INPUT, shape, Role.OUTPUT, output));
    if (indices) {
      shapes.put(Role.INDICES, output);
    }
    forward = new Problem(pool, Direction.FORWARD, shape, layout, type, shapes, false);
    shapes = new EnumMap<>(Map.of(Role.GRAD_INPUT, shape, Role.GRAD_OUTPUT, output));
    if (indices) {
      shapes.put(Role.INDICES, output);
    }
    boolean accumulate = random.nextInt(3) == 0;
    backward = new Problem(pool, Direction.BACKWARD, shape, layout, type, shapes, accumulate);
    data.put(Role.INPUT, draw(shape, random.nextInt(6)));
    data.put(Role.GRAD_OUTPUT, draw(output, random.nextInt(3)));
    data.put(Role.GRAD_INPUT, draw(shape, random.nextInt(3)));
  }

  private Shape shape(int axes) {
    int[] spatial = new int[axes];
    for (int i = 0; i < axes; i++) {
      int most = axes == 1 ? 300 : axes == 2 ? 67 : 12;
      spatial[i] = 1 + (random.nextInt(4) == 0 ? random.nextInt(most) : random.nextInt(12));
    }
    return Shape.of(1 + random.nextInt(2), 1 + random.nextInt(5), spatial);
  }

  private Reduction reduction() {
    return switch (random.nextInt(7)) {
      case 0, 1 -> Pool.max();
      case 2 -> Pool.min();
      case 3 -> Pool.sum();
      case 4 -> Pool.avg().countIncludePad(random.nextBoolean());
      case 5 -> Pool.stochastic();
      default -> Pool.avg().divisorOverride(random.nextInt(9) - 10);
    };
  }

  private int[] each(int axes, int least, int bound) {
    int[] values = new int[axes];
    for (int i = 0; i < axes; i++) {
      values[i] = least + random.nextInt(bound);
    }
    return values;
  }

  private Regions regions(int axes) {
    int kind = random.nextInt(11);
    if (kind == 0) {
      return Regions.global();
    } else if (kind <= 2) {
      int[] sizes = each(axes, 1, 14);
      if (random.nextBoolean()) {
        sizes[random.nextInt(axes)] = Adaptive.KEEP;
      }
      return Regions.adaptive(sizes);
    }
    if (kind == 3) {
      return Regions.fractional(each(axes, 1, 3)).outputSize(each(axes, 1, 8));
    }
    int most = axes == 1 && random.nextInt(4) == 0 ? 150 : 6;
    Window window = Regions.window(each(axes, 1, most));
    if (random.nextInt(4) > 0) {
      window = window.stride(each(axes, 1, 4));
    }
    if (random.nextInt(3) == 0) {
      window = window.dilation(each(axes, 1, 4));
    }
    if (random.nextInt(5) == 0) {
      return random.nextBoolean() ? window.same() : window.sameLower();
    }
    if (random.nextBoolean()) {
      window = window.padding(each(axes, 0, 1 + most / 2), each(axes, 0, 1 + most / 2));
    }
    if (random.nextBoolean()) {
      window = window.widePadding();
    }
    return random.nextBoolean() ? window.ceilMode() : window;
  }

  private double[] draw(Shape shape, int recipe) {
    double[] values = new double[(int) shape.elements()];
    double[] special = {
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      0.0,
      -0.0,
      0x1p-149,
      -0x3p-149,
      0x1p-24,
      Float.MAX_VALUE,
      -65504,
      0x1p-1074
    };
    double same = random.nextGaussian();
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (recipe) {
            case 0 -> random.nextGaussian();
            case 1 -> random.nextInt(5) - 2;
            case 2 ->
                random.nextInt(4) == 0
                    ? special[random.nextInt(special.length)]
                    : random.nextGaussian();
            case 3 -> same;
            case 4 -> random.nextInt(8) == 0 ? same : Double.NEGATIVE_INFINITY;
            default -> random.nextBoolean() ? 0.0 : -0.0;
          };
    }
    return values;
  }

  /** The indices among the results of a forward run, or null. */
  int[] indices(Map<Role, long[]> results) {
    long[] bits = results.get(Role.INDICES);
    return bits == null ? null : Arrays.stream(bits).mapToInt(i -> (int) i).toArray();
  }

  /** Runs one direction and returns the bits of all results, NaNs made equal. */
  Map<Role, long[]> run(
      Backend backend, Problem problem, Optional<String> implementation, int[] indices) {
    Map<Role, Tensor> tensors = new EnumMap<>(Role.class);
    try {
      problem
          .arguments()
          .forEach(
              (role, shape) -> {
                DataType type = pool.typeOf(role, problem.type());
                HeapStorage storage = (HeapStorage) backend.allocate(shape, problem.layout(), type);
                fill(storage, type, data.get(role));
                if (role == Role.INDICES && indices != null) {
                  System.arraycopy(indices, 0, storage.ints(), 0, indices.length);
                }
                tensors.put(role, new Tensor(shape, problem.layout(), type, storage, null));
              });
      Preference preference =
          implementation.map(Preference::implementation).orElse(Preference.NONE);
      try (Plan plan = backend.plan(problem, preference)) {
        plan.run(new Arguments(tensors, Optional.of(RandomKey.of(7))));
      }
      Map<Role, long[]> results = new EnumMap<>(Role.class);
      tensors.forEach(
          (role, tensor) -> {
            if (role != Role.INPUT && role != Role.GRAD_OUTPUT) {
              results.put(role, bits(tensor));
            }
          });
      return results;
    } finally {
      tensors.values().forEach(Tensor::close);
    }
  }

  private static void fill(HeapStorage storage, DataType type, double[] values) {
    for (int i = 0; values != null && i < values.length; i++) {
      switch (type) {
        case FLOAT32 -> storage.floats()[i] = (float) values[i];
        case FLOAT64 -> storage.doubles()[i] = values[i];
        case FLOAT16 -> storage.bits()[i] = Half.fromFloat((float) values[i]);
        case BFLOAT16 -> storage.bits()[i] = BFloat16.fromFloat((float) values[i]);
        case UINT8, INT8 -> storage.bytes()[i] = Bytes.fromDouble(60 * values[i], type);
        case INT32 -> storage.ints()[i] = (int) values[i];
      }
    }
  }

  private static long[] bits(Tensor tensor) {
    if (tensor.type() == DataType.INT32) {
      return tensor.toLongs();
    }
    double[] values = tensor.toDoubles(); // exact for every type
    long[] bits = new long[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Double.doubleToLongBits(values[i]);
    }
    return bits;
  }

  @Override
  public String toString() {
    return forward + " / " + backward;
  }
}
