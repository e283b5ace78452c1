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
import io.github.clpool.opencl.device.OpenClDiscovery;
import io.github.clpool.opencl.device.SelfTest;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jocl.CL;

/**
 * What {@link FaultsTest} starts in a JVM of its own, where a library makes OpenCL calls fail.
 * After each failure the same calls are made again.
 */
public final class FaultsProgram {
  /** In the order of {@code opencl_faults.c}. */
  private static final List<String> FUNCTIONS =
      List.of(
          "clCreateContext",
          "clCreateCommandQueue",
          "clCreateBuffer",
          "clCreateProgramWithSource",
          "clBuildProgram",
          "clCreateKernel",
          "clGetKernelWorkGroupInfo",
          "clSetKernelArg",
          "clEnqueueNDRangeKernel",
          "clEnqueueReadBuffer",
          "clEnqueueWriteBuffer",
          "clEnqueueMapBuffer",
          "clFlush",
          "clFinish",
          "clEnqueueUnmapMemObject",
          "clEnqueueBarrierWithWaitList",
          "clReleaseContext",
          "clReleaseCommandQueue",
          "clReleaseMemObject",
          "clReleaseProgram",
          "clReleaseKernel",
          "clRetainContext",
          "clGetPlatformIDs",
          "clGetPlatformInfo",
          "clGetDeviceIDs",
          "clGetDeviceInfo");

  private static final int DISCOVERY = FUNCTIONS.indexOf("clGetPlatformIDs"); // and what follows

  /** What shares no memory with its host is not mapped; only rusticl needs barriers. */
  private static final List<String> NOT_EVERYWHERE =
      List.of("clEnqueueMapBuffer", "clEnqueueUnmapMemObject", "clEnqueueBarrierWithWaitList");

  /** They tell of a lack that may pass; the other one of a mistake. */
  private static final List<Integer> LACKS =
      List.of(
          CL.CL_OUT_OF_RESOURCES, CL.CL_OUT_OF_HOST_MEMORY, CL.CL_MEM_OBJECT_ALLOCATION_FAILURE);

  private static final int MISTAKE = CL.CL_INVALID_OPERATION;

  private static final Shape SHAPE = Shape.of(2, 3, 4, 8);
  private static final Shape LARGE = Shape.of(1, 1, 500, 600); // is copied through a mapping

  private final DevicePolicy device;
  private final List<String> expected;
  private final String discovered;
  private final TreeMap<String, Integer> failures = new TreeMap<>();
  private int wrong;

  private FaultsProgram(String device) {
    checkFirstDiscovery();
    this.discovered = described(OpenClDiscovery.look());
    try (Pooling once = TestDevices.open(device)) {
      this.device = once.selection().policy();
    }
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE)) {
      this.expected = results(reference);
    }
  }

  /** From now on the nth call of a function fails, or that and all after it. */
  private static native void arm(int function, int nth, boolean forever, int code);

  /** From now on no call fails; returns how many did. */
  private static native int disarm();

  /** How many references to OpenCL's objects there are. */
  private static native long references();

  /** Given a device, the library, and up to which call of each function one fails. */
  public static void main(String[] args) {
    System.load(args[1]);
    FaultsProgram program = new FaultsProgram(args[0]);
    int last = Integer.parseInt(args[2]);
    for (int function = 0; function < FUNCTIONS.size(); function++) {
      for (int nth = 1; nth <= last; nth++) {
        int lack = LACKS.get((function + nth) % LACKS.size());
        boolean isOdd = nth % 2 != 0;
        program.check(function, nth, false, isOdd ? MISTAKE : lack);
        program.check(function, nth, true, isOdd ? lack : MISTAKE);
      }
    }
    System.out.println("failed calls: " + program.failures);
    for (String name : FUNCTIONS) {
      if (program.failures.get(name) == 0 && !NOT_EVERYWHERE.contains(name)) {
        program.wrong(name, new AssertionError("no call failed"));
      }
    }
    System.exit(program.wrong == 0 ? 0 : 1);
  }

  /** It is not remembered: what comes after finds devices. */
  private static void checkFirstDiscovery() {
    arm(DISCOVERY, 1, true, LACKS.get(0));
    try (Pooling pooling = Pooling.open()) {
      String selection = pooling.selection().toString();
      if (!selection.contains("chose jvm") || !selection.contains(FUNCTIONS.get(DISCOVERY))) {
        throw new AssertionError(selection);
      }
    } finally {
      disarm();
    }
  }

  private void check(int function, int nth, boolean forever, int code) {
    String name = FUNCTIONS.get(function);
    String what = name + " " + nth + (forever ? " and on, " : ", ") + CL.stringFor_errorCode(code);
    try {
      int failed =
          function >= DISCOVERY
              ? checkDiscovery(what, function, nth, forever, code)
              : checkCalls(what, function, nth, forever, code);
      failures.merge(name, failed, Integer::sum);
    } catch (RuntimeException | Error other) {
      wrong(what, other);
    } finally {
      disarm();
    }
  }

  /** Never throws, but says what failed; the next time it has passed. */
  private int checkDiscovery(String what, int function, int nth, boolean forever, int code) {
    arm(function, nth, forever, code);
    OpenClDiscovery found = OpenClDiscovery.look();
    int failed = disarm();
    String failures = found.failures().toString();
    boolean isClear = names(failures, function, code);
    if (failed == 0 ? !discovered.equals(described(found)) : !isClear) {
      wrong(what, new AssertionError(described(found)));
    }
    if (!discovered.equals(described(OpenClDiscovery.look()))) {
      wrong(what + ", afterwards", new AssertionError(described(OpenClDiscovery.look())));
    }
    return failed;
  }

  private static String described(OpenClDiscovery found) {
    return found.devices() + " " + found.failures();
  }

  private static boolean names(String text, int function, int code) {
    return Stream.of(FUNCTIONS.get(function), CL.stringFor_errorCode(code), "" + code)
        .allMatch(text::contains);
  }

  private int checkCalls(String what, int function, int nth, boolean forever, int code) {
    long handles = Handles.live();
    long references = references();
    if (forever || nth % 2 == 0) { // the self-test may meet the failure, too
      SelfTest.VERDICTS.clear();
    }
    Pooling pooling = null;
    String outcome = "right";
    arm(function, nth, forever, code);
    try {
      pooling = Pooling.open(device);
      compare(what, results(pooling));
    } catch (DeviceException refused) {
      outcome = refused.getMessage();
      if (!names(outcome, function, code) || pooling != null && !isClear(refused, pooling, code)) {
        wrong(what, refused);
      }
    }
    int failed = disarm();
    boolean isRelease = FUNCTIONS.get(function).startsWith("clRelease");
    if (!outcome.equals("right") && (failed == 0 || isRelease)) {
      wrong(what, new AssertionError(failed + " calls failed, but " + outcome));
    }
    Pooling again = pooling != null ? pooling : Pooling.open(device);
    compare(what + ", afterwards", results(again));
    arm(function, nth, forever, code);
    again.close();
    failed += disarm();
    long left = references() - references - (isRelease ? failed : 0);
    if (handles != Handles.live() || left != 0) {
      String all = Handles.live() - handles + " handles, " + left;
      wrong(what, new AssertionError(all + " references of OpenCL are left after " + outcome));
    }
    return failed;
  }

  /** Of a call: names the device, and says what memory is in use where a kernel lacks some. */
  private static boolean isClear(DeviceException refused, Pooling pooling, int code) {
    String text = refused.getMessage();
    boolean isLack = LACKS.contains(code);
    return text.contains(pooling.selection().device())
        && refused instanceof DeviceMemoryException == isLack
        && (!isLack || !text.contains("clEnqueueNDRangeKernel") || text.contains("are in use"));
  }

  private void compare(String what, List<String> found) {
    if (!expected.equals(found)) {
      wrong(what, new AssertionError(found + " must be " + expected));
    }
  }

  private void wrong(String what, Throwable why) {
    wrong++;
    System.out.println("WRONG: " + what);
    why.printStackTrace(System.out);
  }

  /** Calls that use every function, as hashes. */
  private static List<String> results(Pooling pooling) {
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
