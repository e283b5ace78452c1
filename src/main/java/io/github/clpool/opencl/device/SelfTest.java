package io.github.clpool.opencl.device;

import io.github.clpool.backend.DeviceException;
import io.github.clpool.backend.KernelBuildException;
import io.github.clpool.cache.Cache;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.DeviceProfile.Rounding;
import io.github.clpool.opencl.runtime.DeviceProperties;
import io.github.clpool.opencl.runtime.Memory;
import io.github.clpool.opencl.runtime.OpenClContext;
import io.github.clpool.opencl.runtime.Programs;
import io.github.clpool.opencl.runtime.Transfers;
import io.github.clpool.tensor.DataType;
import java.nio.Buffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes on the device what Java computes too, and tells where they agree: what a device says
 * about itself is not always true. Once per device and process, unless something fails that may
 * pass.
 */
public final class SelfTest {
  /** Forces {@code native}, {@code double} or {@code integer} division, a system property. */
  public static final String DIVISION_PROPERTY = "clpool.opencl.division";

  /** Forces the same for square roots, a system property. */
  public static final String SQUARE_ROOT_PROPERTY = "clpool.opencl.squareRoot";

  /** Makes a device seem to end loops after so many iterations, a system property. */
  public static final String LOOP_LIMIT_PROPERTY = "clpool.opencl.loopLimit";

  private static final Logger LOG = LoggerFactory.getLogger(SelfTest.class);
  private static final int ALL_HALVES = 1 << 16;
  private static final int FEW_HALVES = 1 << 10; // a simulator would need seconds for all

  /** By device; only what cannot change. */
  public static final Map<Long, SelfTestVerdicts> VERDICTS = new ConcurrentHashMap<>();

  private final DeviceProperties device;
  private final SelfTestKernels kernels;
  private final SelfTestFunctions functions;
  private boolean lasts = true;

  private SelfTest(DeviceProperties device, SelfTestKernels kernels) {
    this.device = device;
    this.kernels = kernels;
    this.functions = new SelfTestFunctions(kernels);
  }

  /** What planning needs to know, found out by computing. */
  public static DeviceProfile profile(
      OpenClContext context, Programs programs, Memory memory, Transfers transfers) {
    DeviceProperties device = context.properties();
    SelfTestKernels kernels = new SelfTestKernels(context, programs, memory, transfers);
    SelfTestVerdicts verdicts =
        verdicts(context.device().getNativePointer(), new SelfTest(device, kernels));
    return new DeviceProfile(
        device.platform(),
        device.name(),
        device.kind(),
        device.computeUnits(),
        device.maxWorkGroup(),
        device.localMemory(),
        device.memory(),
        device.maxAllocation(),
        verdicts.hasDouble(),
        forced(DIVISION_PROPERTY, verdicts.division(), verdicts),
        forced(SQUARE_ROOT_PROPERTY, verdicts.squareRoot(), verdicts),
        verdicts.keepsSubnormals(),
        verdicts.exactFma(),
        verdicts.exactSubnormalFma(),
        verdicts.widensHalves() && device.kind() != DeviceProfile.Kind.CPU,
        loopLimit(verdicts));
  }

  private static SelfTestVerdicts verdicts(long device, SelfTest test) {
    SelfTestVerdicts known = VERDICTS.get(device);
    if (known != null) {
      return known;
    }
    SelfTestVerdicts found = test.run();
    if (test.lasts) {
      VERDICTS.put(device, found);
    }
    return found;
  }

  private static long loopLimit(SelfTestVerdicts verdicts) {
    return Math.min(
        verdicts.loopLimit(), Long.getLong(LOOP_LIMIT_PROPERTY, DeviceProfile.NO_LIMIT));
  }

  private static Rounding forced(String property, Rounding found, SelfTestVerdicts verdicts) {
    String wish = System.getProperty(property);
    if (wish == null || wish.isBlank()) {
      return found;
    }
    Rounding rounding;
    try {
      rounding = Rounding.valueOf(wish.trim().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw new IllegalArgumentException(
          property + " is '" + wish + "', but must be native, double or integer", unknown);
    }
    if (rounding == Rounding.DOUBLE && !verdicts.hasDouble()) {
      throw new DeviceException(property + " is double, but the device has no working fp64");
    }
    return rounding;
  }

  /**
   * Halves are tried beside the rest, as if division and roots were native: most often they are.
   */
  private SelfTestVerdicts run() {
    CompletableFuture<Boolean> halves =
        CompletableFuture.supplyAsync(() -> widensHalves(Map.of()), beside());
    try {
      return run(halves);
    } finally {
      halves.handle((widens, failure) -> widens).join(); // it uses what is freed next if all fails
    }
  }

  /** Where simulators are concerned, not beside: they may not be thread-safe. */
  private Executor beside() {
    return device.isSimulator()
        ? Runnable::run
        : task -> new Thread(task, "clpool self-test of halves").start();
  }

  private SelfTestVerdicts run(CompletableFuture<Boolean> nativeHalves) {
    long start = System.nanoTime();
    boolean hasDouble = device.claimsDouble() && doublesAgree();
    float[][] operands = SelfTestCases.floats();
    int[] results = new int[SelfTestOperation.of(hasDouble).size() * SelfTestCases.COUNT];
    List<Buffer> bits = new ArrayList<>();
    for (float[] operand : operands) {
      bits.add(IntBuffer.wrap(bits(operand)));
    }
    // A program for doubles, if there are, and one for halves: each costs many times what it
    // computes.
    DataType program = hasDouble ? DataType.FLOAT64 : DataType.FLOAT16;
    kernels.compute(
        program, Map.of(), "self_test", bits, IntBuffer.wrap(results), SelfTestCases.COUNT);
    SelfTestVerdicts verdicts =
        SelfTestVerdicts.of(device.label(), operands, results, hasDouble, loopLimit(program));
    Map<String, String> ways = ways(verdicts);
    check(functions.floatDifference(ways, verdicts.keepsSubnormals()));
    verdicts = verdicts.widening(ways.isEmpty() ? Cache.joined(nativeHalves) : widensHalves(ways));
    LOG.debug(
        "self-test of {} in {} ms: {}",
        device.label(),
        (System.nanoTime() - start) / 1_000_000,
        verdicts);
    return verdicts;
  }

  /** How the device divides and takes roots, where it is not as kernels do by default. */
  private static Map<String, String> ways(SelfTestVerdicts verdicts) {
    Map<String, String> ways = new TreeMap<>();
    if (verdicts.division() != Rounding.NATIVE) {
      ways.put("DIVISION", verdicts.division() + "_DIVISION");
    }
    if (verdicts.squareRoot() != Rounding.NATIVE) {
      ways.put("SQUARE_ROOT", verdicts.squareRoot() + "_SQUARE_ROOT");
    }
    return ways;
  }

  private boolean widensHalves(Map<String, String> ways) {
    short[] halves = SelfTestCases.halves(device.isSimulator() ? FEW_HALVES : ALL_HALVES);
    check(functions.halvesDifference(ways, halves));
    return functions.widensHalves(ways, halves);
  }

  private void check(String difference) {
    if (!difference.isEmpty()) {
      throw SelfTestVerdicts.wrong(device.label(), difference);
    }
  }

  private static int[] bits(float[] floats) {
    return IntStream.range(0, floats.length).map(i -> Float.floatToRawIntBits(floats[i])).toArray();
  }

  /** A simulator would need seconds. */
  private long loopLimit(DataType program) {
    if (device.isSimulator()) {
      return DeviceProfile.NO_LIMIT;
    }
    int[] state = new int[1];
    kernels.compute(program, Map.of(), "self_test_loop", List.of(), IntBuffer.wrap(state), 1);
    return SelfTestVerdicts.loopLimit(device.label(), state[0]);
  }

  private boolean doublesAgree() {
    String difference;
    try {
      difference = doublesDifference();
    } catch (KernelBuildException failed) {
      LOG.warn("{} claims fp64, but does not build kernels with it", device.label(), failed);
      return false;
    } catch (DeviceException failed) {
      LOG.warn(
          "{} claims fp64, but fails with it; it is not used this time", device.label(), failed);
      lasts = false;
      return false;
    }
    if (!difference.isEmpty()) {
      LOG.warn("{} claims fp64, but {}", device.label(), difference);
    }
    return difference.isEmpty();
  }

  private String doublesDifference() {
    double[][] operands = SelfTestCases.doubles();
    long[] results = new long[SelfTestVerdicts.DOUBLE_ROWS * SelfTestCases.COUNT];
    List<Buffer> bits = SelfTestKernels.bits(operands, DataType.FLOAT64);
    kernels.compute(
        DataType.FLOAT64,
        Map.of(),
        "self_test_double",
        bits,
        LongBuffer.wrap(results),
        SelfTestCases.COUNT);
    String difference = SelfTestVerdicts.firstDifference(operands, results);
    return difference.isEmpty() ? functions.doubleDifference() : difference;
  }
}
