package io.github.clpool.opencl.implementations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.ExampleDevices;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.Parity;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No launch exceeds what a GPU takes, whatever the call and the implementation. */
class PlanLimitsTest {
  private static final long SEED = Long.getLong("clpool.test.seed", 20_261_128);
  private static final int CASES = Integer.getInteger("clpool.test.cases", 400);

  /** Elements of the largest input drawn; a buffer of that many floats fits into some devices. */
  private static final long MOST_ELEMENTS = 1L << 30;

  /** What NVIDIA's devices take along the second and the third dimension. */
  private static final long MOST_GROUPS = 65_535;

  /** AMD's devices are told the work-items of a dimension in 32 bits. */
  private static final long MOST_ITEMS = (1L << 32) - 1;

  /** What every device of the full profile takes. */
  private static final int MOST_ARGUMENT_BYTES = 1024;

  private static final Map<String, Boolean> USES_LOCAL_MEMORY = new TreeMap<>();

  private static List<DeviceProfile> gpus() {
    return ExampleDevices.names().stream()
        .map(name -> ExampleDevices.find(name).orElseThrow())
        .filter(device -> device.kind() == DeviceProfile.Kind.GPU)
        .toList();
  }

  @Test
  void randomCallsStayWithinTheLimits() {
    List<Case> drawn = Parity.ofAll().templates(200).seed(SEED).cases(CASES).draw();
    SplittableRandom random = new SplittableRandom(SEED);
    int launches = 0;
    for (Case small : drawn) {
      launches += check(small);
      if (small.shape().hasPlanes() && small.shape().elements() > 0) {
        Case large = withMorePlanes(small, random);
        launches += areIndexable(large.problem()) ? check(large) : 0;
      }
    }
    assertTrue(launches > 10 * CASES, "launches checked: " + launches);
  }

  private static boolean areIndexable(Problem problem) {
    return problem.arguments().values().stream()
        .allMatch(shape -> shape.elements() <= Integer.MAX_VALUE);
  }

  /** The same call of as many planes as a device might hold. */
  private static Case withMorePlanes(Case small, SplittableRandom random) {
    Shape shape = small.shape();
    long planes = 1 + random.nextLong(MOST_ELEMENTS / shape.planeSize());
    long channels = 1 + random.nextLong(Math.min(planes, 1L << random.nextInt(22)));
    int[] sizes = {shape.d(), shape.h(), shape.w()};
    int axes = shape.axes();
    int[] last = Arrays.copyOfRange(sizes, sizes.length - axes, sizes.length);
    return new Case(
        small.operator(),
        Shape.of(planes / channels, channels, last),
        small.layout(),
        small.type(),
        small.direction(),
        small.indices(),
        small.accumulate(),
        small.recipe(),
        small.seed());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gem window=2 on 1x1500000x4x4 backward",
        "mix gated window=2 on 1x1500000x4x4 backward",
        "max window=64 stride=8 on 1x16384x65536",
        "max window=13 stride=1 padding=6 on 70000x64x13x13",
        "avg window=13 stride=1 padding=6 on 70000x64x13x13 backward",
        "roi_align output=7 samplingRatio=2 on 4x70000x32x32",
      })
  void largeCallsStayWithinTheLimits(String call) {
    assertTrue(check(Case.parse(call)) > 0);
  }

  /** The graphs themselves would take long to draw, and no plan looks at them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "crf_pool on 53x4",
        "crf_pool edges=1 on 53x19",
        "crf_pool edges=1 on 53x4 backward",
        "crf_pool given on 53x19 backward",
      })
  void largeGraphsStayWithinTheLimits(String call) {
    Case few = Case.parse(call);
    Problem problem = few.problem();
    Map<Role, Shape> shapes = new EnumMap<>(Role.class);
    problem.arguments().forEach((role, shape) -> shapes.put(role, manyTimes(role, shape)));
    Problem large =
        new Problem(
            problem.operator(),
            problem.direction(),
            manyTimes(Role.INPUT, problem.input()),
            problem.layout(),
            problem.type(),
            shapes,
            problem.accumulate());
    assertTrue(check(few, large) > 0);
  }

  /** With 30,000 times as many nodes, and with as many graphs. */
  private static Shape manyTimes(Role role, Shape shape) {
    long[] sizes = shape.sizes().clone();
    if (sizes[0] == 53) {
      sizes[0] *= 30_000;
    } else if (role == Role.ROW_POINTERS || role == Role.GRAPH_POINTERS) {
      sizes[0] = 53 * 30_000 + 1;
    }
    return Shape.array(sizes);
  }

  private static int check(Case call) {
    return check(call, call.problem());
  }

  /** Returns how many launches were checked. */
  private static int check(Case call, Problem problem) {
    int launches = 0;
    for (DeviceProfile device : gpus()) {
      if (call.type() == DataType.FLOAT64 && !device.hasDouble()) {
        continue; // refused before anything is planned
      }
      for (OpenClImplementation each : OpenClImplementations.of(problem, device.kind())) {
        if (each.accepts(problem, device).accepted()) {
          for (Launch launch : each.plan(problem, device).launches()) {
            check(launch, device, () -> device.name() + ", seed " + SEED + ": " + call + launch);
            launches++;
          }
        }
      }
    }
    return launches;
  }

  private static void check(Launch launch, DeviceProfile device, Message message) {
    long group = launch.local().stream().reduce(1L, Math::multiplyExact);
    assertTrue(group >= 1 && group <= device.maxWorkGroup(), message::text);
    long[] items = launch.enqueued();
    for (int i = 0; i < items.length; i++) {
      assertTrue(items[i] <= MOST_ITEMS, message::text);
      assertTrue(i == 0 || items[i] / launch.local().get(i) <= MOST_GROUPS, message::text);
    }
    assertTrue(localBytes(launch) <= device.localMemory(), message::text);
    assertEquals(0, launch.privateBytes(), message::text);
    int bytes = launch.arguments().stream().mapToInt(PlanLimitsTest::bytes).sum();
    assertTrue(bytes <= MOST_ARGUMENT_BYTES, message::text);
  }

  /** Says what is wrong; made only where something is. */
  @FunctionalInterface
  private interface Message {
    String text();
  }

  private static int bytes(KernelArgument argument) {
    if (argument instanceof KernelArgument.Struct struct) {
      return struct.words().length * Integer.BYTES;
    } else if (argument instanceof KernelArgument.Key) {
      return 4 * Integer.BYTES;
    }
    return Long.BYTES; // a number or the address of a buffer
  }

  /** As kernels declare it: for each column or work-item a number, a key and an int; or a tile. */
  private static long localBytes(Launch launch) {
    if (!USES_LOCAL_MEMORY.computeIfAbsent(launch.file(), PlanLimitsTest::usesLocalMemory)) {
      return 0;
    }
    Map<String, String> macros = new TreeMap<>(launch.macros());
    long elements = 0;
    if (macros.containsKey("TEAM")) {
      elements = number(macros, Launch.GROUP);
    } else if (macros.containsKey("BLOCK_W")) {
      long blockW = number(macros, "BLOCK_W");
      long span =
          (blockW - 1) * number(macros, "STRIDE_W")
              + (number(macros, "KERNEL_W") - 1) * number(macros, "DILATION_W")
              + 1;
      long folded = Math.max(Long.parseLong(macros.getOrDefault("PLANE_W", "" + span)), blockW);
      elements = number(macros, "BLOCKS") * number(macros, "ROWS") * (folded | 1);
    }
    int bytes = macros.get("TYPE").equals("FLOAT64") ? Double.BYTES : Float.BYTES;
    if (launch.kernel().equals("tile_scatter")) {
      long cells = number(macros, "SLICES") * number(macros, "ROWS") * number(macros, "COLUMNS");
      return number(macros, Launch.GROUP) * ((cells | 1) + 1) * bytes;
    }
    return elements * (2 * bytes + Integer.BYTES);
  }

  private static long number(Map<String, String> macros, String name) {
    return Long.parseLong(macros.get(name));
  }

  private static boolean usesLocalMemory(String file) {
    try (InputStream source = Launch.class.getResourceAsStream("/opencl/" + file)) {
      return new String(source.readAllBytes(), StandardCharsets.UTF_8).contains("__local ");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
