package io.github.clpool.opencl.device;

import io.github.clpool.backend.DeviceException;
import io.github.clpool.backend.KernelBuildException;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.DeviceProfile.Rounding;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.runtime.BoundKernel;
import io.github.clpool.opencl.runtime.DeviceProperties;
import io.github.clpool.opencl.runtime.Elements;
import io.github.clpool.opencl.runtime.Memory;
import io.github.clpool.opencl.runtime.OpenClContext;
import io.github.clpool.opencl.runtime.PlanBuffers;
import io.github.clpool.opencl.runtime.Programs;
import io.github.clpool.opencl.runtime.Transfers;
import java.nio.Buffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
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
  private static final String FILE = "self_test.cl";
  private static final long GROUP = 64;

  /** By device; only what cannot change. */
  public static final Map<Long, SelfTestVerdicts> VERDICTS = new ConcurrentHashMap<>();

  private final OpenClContext context;
  private final Programs programs;
  private final Memory memory;
  private final Transfers transfers;
  private boolean lasts = true;

  private SelfTest(OpenClContext context, Programs programs, Memory memory, Transfers transfers) {
    this.context = context;
    this.programs = programs;
    this.memory = memory;
    this.transfers = transfers;
  }

  /** What planning needs to know, found out by computing. */
  public static DeviceProfile profile(
      OpenClContext context, Programs programs, Memory memory, Transfers transfers) {
    SelfTestVerdicts verdicts =
        verdicts(
            context.device().getNativePointer(),
            new SelfTest(context, programs, memory, transfers));
    DeviceProperties device = context.properties();
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

  private SelfTestVerdicts run() {
    long start = System.nanoTime();
    boolean hasDouble = context.properties().claimsDouble() && doublesAgree();
    float[][] operands = SelfTestCases.floats();
    int[] results = new int[(hasDouble ? 9 : 7) * SelfTestCases.COUNT];
    List<Buffer> bits = new ArrayList<>();
    for (float[] operand : operands) {
      bits.add(
          IntBuffer.wrap(
              IntStream.range(0, operand.length)
                  .map(i -> Float.floatToRawIntBits(operand[i]))
                  .toArray()));
    }
    compute("self_test", hasDouble, bits, IntBuffer.wrap(results), SelfTestCases.COUNT);
    String label = context.properties().label();
    SelfTestVerdicts verdicts =
        SelfTestVerdicts.of(label, operands, results, hasDouble, loopLimit());
    LOG.debug(
        "self-test of {} in {} ms: {}", label, (System.nanoTime() - start) / 1_000_000, verdicts);
    return verdicts;
  }

  /** A simulator would need seconds. */
  private long loopLimit() {
    if (context.properties().isSimulator()) {
      return DeviceProfile.NO_LIMIT;
    }
    int[] state = new int[1];
    compute("self_test_loop", false, List.of(), IntBuffer.wrap(state), 1);
    return SelfTestVerdicts.loopLimit(context.properties().label(), state[0]);
  }

  private boolean doublesAgree() {
    String label = context.properties().label();
    double[][] operands = SelfTestCases.doubles();
    long[] results = new long[7 * SelfTestCases.COUNT];
    List<Buffer> bits = new ArrayList<>();
    for (double[] operand : operands) {
      bits.add(
          LongBuffer.wrap(Arrays.stream(operand).mapToLong(Double::doubleToRawLongBits).toArray()));
    }
    try {
      compute("self_test_double", true, bits, LongBuffer.wrap(results), SelfTestCases.COUNT);
    } catch (KernelBuildException failed) {
      LOG.warn("{} claims fp64, but does not build kernels with it", label, failed);
      return false;
    } catch (DeviceException failed) {
      LOG.warn("{} claims fp64, but fails with it; it is not used this time", label, failed);
      lasts = false;
      return false;
    }
    String difference = SelfTestVerdicts.firstDifference(operands, results);
    if (!difference.isEmpty()) {
      LOG.warn("{} claims fp64, but {}", label, difference);
    }
    return difference.isEmpty();
  }

  private void compute(
      String name, boolean hasDouble, List<Buffer> operands, Buffer results, int items) {
    List<KernelArgument> arguments = new ArrayList<>();
    List<Memory.Allocation> buffers = new ArrayList<>();
    try {
      for (Buffer operand : operands) {
        arguments.add(new KernelArgument.Temporary(buffers.size()));
        buffers.add(memory.allocate((long) operand.remaining() * Elements.bytes(operand)));
        transfers.write(buffers.get(buffers.size() - 1).mem(), 0, operand);
      }
      arguments.add(new KernelArgument.Temporary(buffers.size()));
      arguments.add(new KernelArgument.Int(items));
      Memory.Allocation computed =
          memory.allocate((long) results.remaining() * Elements.bytes(results));
      buffers.add(computed);
      Launch launch =
          new Launch(
              FILE,
              new TreeMap<>(Map.of("HAS_DOUBLE", hasDouble ? "1" : "0")),
              name,
              arguments,
              List.of((long) items),
              List.of(GROUP));
      BoundKernel kernel =
          new BoundKernel(
              launch, OptionalInt.empty(), context, programs, new PlanBuffers(memory, List.of()));
      try {
        kernel.enqueue(slot -> buffers.get(slot).mem()); // slots are numbered as they are met
      } finally {
        kernel.close();
      }
      transfers.read(computed.mem(), 0, results);
    } finally {
      buffers.forEach(memory::free);
    }
  }
}
