package io.github.clpool.opencl;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pass;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.DeviceException;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Operators;
import io.github.clpool.op.RandomKey;
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
          "clFinish");

  /** One that tells of a lack that may pass, and one of a mistake. */
  private static final int[] CODES = {CL.CL_OUT_OF_RESOURCES, CL.CL_INVALID_OPERATION};

  private static final Shape SHAPE = Shape.of(2, 3, 4, 8);
  private static final Shape LARGE = Shape.of(1, 1, 500, 600); // is copied through a mapping

  private final DevicePolicy device;
  private final List<String> expected;
  private final TreeMap<String, Integer> failures = new TreeMap<>();
  private int wrong;

  private FaultsProgram(String device) {
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
        program.check(function, nth, false, CODES[nth % 2]);
        program.check(function, nth, true, CODES[1 - nth % 2]);
      }
    }
    System.out.println("failed calls: " + program.failures);
    for (String name : FUNCTIONS) { // what shares no memory with its host is not mapped
      if (program.failures.get(name) == 0 && !name.equals("clEnqueueMapBuffer")) {
        program.wrong(name, new AssertionError("no call failed"));
      }
    }
    System.exit(program.wrong == 0 ? 0 : 1);
  }

  private void check(int function, int nth, boolean forever, int code) {
    String name = FUNCTIONS.get(function);
    String what = name + " " + nth + (forever ? " and on, " : ", ") + CL.stringFor_errorCode(code);
    long handles = Handles.live();
    long references = references();
    Pooling pooling = null;
    String outcome = "right";
    arm(function, nth, forever, code);
    try {
      pooling = Pooling.open(device);
      compare(what, results(pooling));
    } catch (DeviceException refused) {
      outcome = refused.getMessage();
      boolean isClear =
          Stream.of(name, CL.stringFor_errorCode(code), "" + code).allMatch(outcome::contains)
              && (pooling == null || outcome.contains(pooling.selection().device()));
      if (!isClear) {
        wrong(what, refused);
      }
    } catch (RuntimeException | Error other) {
      wrong(what, other);
    }
    int failed = disarm();
    failures.merge(name, failed, Integer::sum);
    if (failed == 0 && !outcome.equals("right")) {
      wrong(what, new AssertionError("no call failed, but " + outcome));
    }
    try (Pooling again = pooling != null ? pooling : Pooling.open(device)) {
      compare(what + ", afterwards", results(again));
    } catch (RuntimeException | Error other) {
      wrong(what + ", afterwards", other);
    }
    if (handles != Handles.live() || references != references()) {
      String left = Handles.live() - handles + " handles, " + (references() - references);
      wrong(what, new AssertionError(left + " references of OpenCL are left after " + outcome));
    }
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
