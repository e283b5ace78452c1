package io.github.clpool.opencl;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pass;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.DeviceException;
import io.github.clpool.backend.DeviceMemoryException;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operators;
import io.github.clpool.op.RandomKey;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.opencl.device.OpenClDiscovery;
import io.github.clpool.opencl.device.SelfTest;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jocl.CL;
import org.jocl.cl_context;
import org.jocl.cl_device_id;

/**
 * What {@link FaultsTest} starts in a JVM of its own, where a library makes OpenCL calls fail.
 * After each failure the same calls are made again.
 */
public final class FaultsProgram {
  private static final int DISCOVERY =
      Faults.FUNCTIONS.indexOf("clGetPlatformIDs"); // and what follows

  /** What shares no memory with its host is not mapped. */
  private static final List<String> NOT_EVERYWHERE =
      List.of("clEnqueueMapBuffer", "clEnqueueUnmapMemObject");

  /** They tell of a lack that may pass; the other one of a mistake. */
  private static final List<Integer> LACKS =
      List.of(
          CL.CL_OUT_OF_RESOURCES, CL.CL_OUT_OF_HOST_MEMORY, CL.CL_MEM_OBJECT_ALLOCATION_FAILURE);

  private static final int MISTAKE = CL.CL_INVALID_OPERATION;

  private static final Shape SHAPE = Shape.of(2, 3, 4, 8);
  private static final Shape LARGE = Shape.of(1, 1, 500, 600); // is copied through a mapping

  private final boolean isQuick;
  private final DevicePolicy device;
  private final List<String> expected;
  private final CallerQueue caller;
  private final List<String> expectedOfCaller;
  private final String discovered;
  private final TreeMap<String, Integer> failures = new TreeMap<>();
  private final Complaints complaints = new Complaints();

  private FaultsProgram(String device, boolean isQuick) {
    this.isQuick = isQuick;
    checkFirstDiscovery();
    this.discovered = described(OpenClDiscovery.look());
    try (Pooling once = TestDevices.open(device)) {
      this.device = once.selection().policy();
    }
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE)) {
      this.expected = results(reference);
    }
    this.caller = new CallerQueue(TestDevice.get());
    this.expectedOfCaller = caller.results();
  }

  /**
   * Given a device, the library, and up to which call of each function one fails; with 0 only the
   * first of a few calls fails, once.
   */
  public static void main(String[] args) {
    System.load(args[1]);
    int last = Integer.parseInt(args[2]);
    FaultsProgram program = new FaultsProgram(args[0], last == 0);
    checkTransfers();
    if (last > 0) {
      program.checkVanishing();
    }
    for (int function = 0; function < Faults.FUNCTIONS.size(); function++) {
      if (last == 0) {
        program.check(function, 1, false, MISTAKE);
      }
      boolean isCalled = true; // so often
      for (int nth = 1; nth <= last && isCalled; nth++) {
        int lack = LACKS.get((function + nth) % LACKS.size());
        boolean isOdd = nth % 2 != 0;
        program.check(function, nth, false, isOdd ? MISTAKE : lack);
        isCalled = program.check(function, nth, true, isOdd ? lack : MISTAKE) > 0;
      }
      String name = Faults.FUNCTIONS.get(function);
      System.out.println(name + ": " + program.failures.get(name) + " calls failed");
    }
    System.out.println("failed calls: " + program.failures);
    for (String name : Faults.FUNCTIONS) {
      if (last > 0 && program.failures.get(name) == 0 && !NOT_EVERYWHERE.contains(name)) {
        program.complaints.add(name, new AssertionError("no call failed"));
      }
    }
    System.exit(program.complaints.count() == 0 ? 0 : 1);
  }

  /** A pipeline comes back to the host only for what it is asked for in the end. */
  private static void checkTransfers() {
    OpenClDevice device = TestDevice.get();
    cl_context context =
        CL.clCreateContext(null, 1, new cl_device_id[] {device.id()}, null, null, null);
    try (PipelineOnDevice side = new PipelineOnDevice(device, context, Faults::transfers)) {
      long before = Faults.transfers();
      PipelineTest.run(side);
      if (side.transfers() != 0 || Faults.transfers() == before) {
        throw new AssertionError(
            "%d transfers in the pipeline, %d with its inputs and results"
                .formatted(side.transfers(), Faults.transfers() - before));
      }
    }
    CL.clReleaseContext(context);
  }

  /** Every call says that the device is gone; nothing is lost, and all goes on when it is back. */
  private void checkVanishing() {
    int code = CL.CL_DEVICE_NOT_AVAILABLE;
    String what = "vanished";
    long handles = Handles.live();
    long references = Faults.references();
    try (Pooling pooling = Pooling.open(device);
        Tensor x = pooling.tensor(SHAPE, numbers(SHAPE));
        Pass pass = pooling.forward(Operators.parse("max window=2"), x)) {
      String before = hash(pass.output());
      Faults.arm(Faults.VANISHED, 1, true, code);
      List<Runnable> calls =
          List.of(
              () -> pooling.forward(Operators.parse("max window=2"), x).close(),
              () -> pass.backward(pass.output()).close(),
              () -> pooling.run(Operators.parse("avg window=2"), x).close(), // to be built
              () -> pooling.tensor(SHAPE, numbers(SHAPE)).close(),
              () -> pass.output().toFloats(),
              pooling::finish,
              () -> Pooling.open(device).close());
      for (Runnable each : calls) {
        try {
          each.run();
          complaints.add(what, new AssertionError("a call was made on a device that is gone"));
        } catch (DeviceException gone) {
          if (!gone.getMessage().contains(CL.stringFor_errorCode(code))
              || !gone.getMessage().contains(pooling.selection().device())) {
            complaints.add(what, gone);
          }
        }
      }
      int failed = Faults.disarm();
      complaints.compare(what + ", afterwards", List.of(before), List.of(hash(pass.output())));
      complaints.compare(what + ", afterwards", expected, results(pooling));
      System.out.println(what + ": " + failed + " calls failed");
    } catch (RuntimeException | Error other) {
      complaints.add(what, other);
    } finally {
      Faults.disarm();
    }
    checkNothingIsLeft(what, handles, references, what);
  }

  /** It is not remembered: what comes after finds devices. */
  private static void checkFirstDiscovery() {
    Faults.arm(DISCOVERY, 1, true, LACKS.get(0));
    try (Pooling pooling = Pooling.open()) {
      String selection = pooling.selection().toString();
      if (!selection.contains("chose jvm")
          || !selection.contains(Faults.FUNCTIONS.get(DISCOVERY))) {
        throw new AssertionError(selection);
      }
    } finally {
      Faults.disarm();
    }
  }

  /** Returns how many calls failed, 0 for none of so many. */
  private int check(int function, int nth, boolean forever, int code) {
    String name = Faults.FUNCTIONS.get(function);
    String what = name + " " + nth + (forever ? " and on, " : ", ") + CL.stringFor_errorCode(code);
    int failed = 0;
    try {
      failed += checkCaller(what + ", caller's queue", function, nth, forever, code);
      if (!isQuick) {
        failed +=
            function >= DISCOVERY
                ? checkDiscovery(what, function, nth, forever, code)
                : checkCalls(what, function, nth, forever, code);
      }
    } catch (RuntimeException | Error other) {
      complaints.add(what, other);
    } finally {
      Faults.disarm();
    }
    failures.merge(name, failed, Integer::sum);
    return failed;
  }

  /** Never throws, but says what failed; the next time it has passed. */
  private int checkDiscovery(String what, int function, int nth, boolean forever, int code) {
    Faults.arm(function, nth, forever, code);
    OpenClDiscovery found = OpenClDiscovery.look();
    int failed = Faults.disarm();
    String failures = found.failures().toString();
    boolean isClear = names(failures, function, code);
    if (failed == 0 ? !discovered.equals(described(found)) : !isClear) {
      complaints.add(what, new AssertionError(described(found)));
    }
    if (!discovered.equals(described(OpenClDiscovery.look()))) {
      complaints.add(what + ", afterwards", new AssertionError(described(OpenClDiscovery.look())));
    }
    return failed;
  }

  private static String described(OpenClDiscovery found) {
    return found.devices() + " " + found.failures();
  }

  private static boolean names(String text, int function, int code) {
    return Stream.of(Faults.FUNCTIONS.get(function), CL.stringFor_errorCode(code), "" + code)
        .allMatch(text::contains);
  }

  private int checkCalls(String what, int function, int nth, boolean forever, int code) {
    long handles = Handles.live();
    long references = Faults.references();
    if (forever || nth % 2 == 0) { // the self-test may meet the failure, too
      SelfTest.VERDICTS.clear();
    }
    Pooling pooling = null;
    String outcome = "right";
    Faults.arm(function, nth, forever, code);
    try {
      pooling = Pooling.open(device);
      complaints.compare(what, expected, results(pooling));
    } catch (DeviceException refused) {
      outcome = refused.getMessage();
      if (!names(outcome, function, code) || pooling != null && !isClear(refused, pooling, code)) {
        complaints.add(what, refused);
      }
    }
    int failed = Faults.disarm();
    checkOutcome(what, function, failed, outcome);
    Pooling again = pooling != null ? pooling : Pooling.open(device);
    complaints.compare(what + ", afterwards", expected, results(again));
    Faults.arm(function, nth, forever, code);
    again.close();
    failed += Faults.disarm();
    checkNothingIsLeft(what, handles, references + (isRelease(function) ? failed : 0), outcome);
    return failed;
  }

  /** The same on a queue and in buffers of the caller, which stay as they are. */
  private int checkCaller(String what, int function, int nth, boolean forever, int code) {
    long handles = Handles.live();
    long references = Faults.references();
    String outcome = "right";
    Faults.arm(function, nth, forever, code);
    try {
      complaints.compare(what, expectedOfCaller, caller.results());
    } catch (DeviceException refused) {
      outcome = refused.getMessage();
      if (!names(outcome, function, code)
          || !outcome.contains(caller.device()) && !outcome.startsWith("adopted device: ")
          || refused instanceof DeviceMemoryException != LACKS.contains(code)) {
        complaints.add(what, refused);
      }
    }
    int failed = Faults.disarm();
    checkOutcome(what, function, failed, outcome);
    complaints.compare(what + ", afterwards", expectedOfCaller, caller.results());
    checkNothingIsLeft(what, handles, references + (isRelease(function) ? failed : 0), outcome);
    return failed;
  }

  private static boolean isRelease(int function) {
    return Faults.FUNCTIONS.get(function).startsWith("clRelease");
  }

  /** A failed release harms nobody. */
  private void checkOutcome(String what, int function, int failed, String outcome) {
    if (!outcome.equals("right") && (failed == 0 || isRelease(function))) {
      complaints.add(what, new AssertionError(failed + " calls failed, but " + outcome));
    }
  }

  private void checkNothingIsLeft(String what, long handles, long references, String outcome) {
    for (int i = 0; i < 500 && references != Faults.references(); i++) {
      LockSupport.parkNanos(10_000_000); // JOCL lets go of its events in a thread of the driver
    }
    if (handles != Handles.live() || references != Faults.references()) {
      String left = Handles.live() - handles + " handles, " + (Faults.references() - references);
      complaints.add(
          what, new AssertionError(left + " references of OpenCL are left after " + outcome));
    }
  }

  /** Of a call: names the device, and says what memory is in use where a kernel lacks some. */
  private static boolean isClear(DeviceException refused, Pooling pooling, int code) {
    String text = refused.getMessage();
    boolean isLack = LACKS.contains(code);
    return text.contains(pooling.selection().device())
        && refused instanceof DeviceMemoryException == isLack
        && (!isLack || !text.contains("clEnqueueNDRangeKernel") || text.contains("are in use"));
  }

  /** Calls that use every function, as hashes. */
  static List<String> results(Pooling pooling) {
    List<String> found = new ArrayList<>();
    for (String text : List.of("max window=3 stride=2 padding=1", "avg sampled=2 grid=4")) {
      try (Tensor x = pooling.tensor(SHAPE, numbers(SHAPE));
          Pass pass = pooling.forward(Operators.parse(text), Inputs.of(x).key(RandomKey.of(7)));
          Tensor g = pooling.tensor(pass.output().shape(), numbers(pass.output().shape()));
          Tensor dx = pass.backward(g)) {
        found.add(hash(pass.output()) + " " + hash(dx));
        if (pass.operator().hasIndices()) {
          try (Pass unpooled = pass.unpool(g)) {
            found.add(hash(unpooled.output()));
          }
        }
      }
    }
    try (Tensor x = pooling.tensor(LARGE, numbers(LARGE))) {
      pooling.finish();
      found.add(hash(x));
    }
    return found;
  }

  private static float[] numbers(Shape shape) {
    float[] numbers = new float[(int) shape.elements()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i * 7919 % 1009 - 500;
    }
    return numbers;
  }

  private static String hash(Tensor tensor) {
    return Integer.toHexString(Arrays.hashCode(tensor.toFloats()));
  }
}
