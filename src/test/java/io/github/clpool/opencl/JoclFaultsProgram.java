package io.github.clpool.opencl;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.DeviceException;
import io.github.clpool.opencl.device.SelfTest;
import io.github.clpool.tensor.Handles;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jocl.CL;
import org.jocl.CLException;

/**
 * What {@link JoclFaultsTest} starts in a JVM of its own, where calls of JOCL end by an exception
 * of its own, or by an {@link Error} that tells of no memory for an object of Java. After each the
 * same calls are made again.
 */
public final class JoclFaultsProgram {
  private final DevicePolicy device;
  private final List<String> expected = new ArrayList<>();
  private final CallerQueue caller;
  private final Complaints complaints = new Complaints();

  private JoclFaultsProgram(String name) {
    try (Pooling once = TestDevices.open(name);
        Pooling reference = Pooling.open(DevicePolicy.REFERENCE)) {
      this.device = once.selection().policy();
      this.caller = new CallerQueue(TestDevice.get());
      expected.addAll(FaultsProgram.results(reference));
      expected.addAll(caller.results());
    }
  }

  /** Given a device, and up to which call of each function one fails. */
  public static void main(String[] args) {
    JoclFaults.install();
    JoclFaultsProgram program = new JoclFaultsProgram(args[0]);
    SortedMap<String, Integer> functions = program.functions();
    System.out.println("functions: " + functions);
    int last = Integer.parseInt(args[1]);
    int failures = 0;
    for (String function : functions.keySet()) {
      for (int nth = 1; nth <= Math.min(last, functions.get(function)); nth++) {
        if (last > 1) { // FaultsTest makes the first of them fail
          failures += program.check(function, nth, () -> exception(function));
        }
        failures += program.check(function, nth, () -> new OutOfMemoryError(function));
      }
    }
    System.out.println(failures + " calls failed, " + program.complaints.count() + " went wrong");
    System.exit(program.complaints.count() == 0 ? 0 : 1);
  }

  private static CLException exception(String function) {
    int code = function.startsWith("clEnqueue") ? CL.CL_OUT_OF_RESOURCES : CL.CL_INVALID_OPERATION;
    return new CLException(CL.stringFor_errorCode(code) + " in " + function, code);
  }

  /** All functions that opening, calls and closing use, and how often. */
  private SortedMap<String, Integer> functions() {
    SortedMap<String, Integer> before = JoclFaults.calls();
    check("", 1, AssertionError::new);
    SortedMap<String, Integer> calls = JoclFaults.calls();
    before.forEach((function, count) -> calls.merge(function, -count, Integer::sum));
    calls.values().removeIf(count -> count == 0);
    return calls;
  }

  /** Returns how many calls failed. */
  private int check(String function, int nth, Supplier<? extends Throwable> how) {
    String what = function + " " + nth + " by " + how.get();
    long handles = Handles.live();
    long objects = JoclFaults.objects();
    if (nth % 2 != 0) {
      SelfTest.VERDICTS.clear(); // it meets half of the failures
    }
    String outcome = "right";
    JoclFaults.arm(function, nth, how);
    try {
      complaints.compare(what, expected, results());
    } catch (DeviceException refused) {
      outcome = refused.toString();
      if (!outcome.contains(function)) {
        complaints.add(what, refused);
      }
    } catch (OutOfMemoryError lack) {
      outcome = lack.toString();
      if (!lack.getMessage().equals(function)) {
        complaints.add(what, lack);
      }
    } catch (RuntimeException | Error other) {
      outcome = other.toString();
      complaints.add(what, other);
    }
    int failed = JoclFaults.disarm();
    boolean isRelease = function.startsWith("clRelease");
    if (!outcome.equals("right") && (failed == 0 || isRelease && !outcome.contains("OutOfMem"))) {
      complaints.add(what, new AssertionError(failed + " calls failed, but " + outcome));
    }
    long kept = isRelease && !function.endsWith("Event") ? failed : 0;
    try {
      complaints.compare(what + ", afterwards", expected, results());
    } catch (RuntimeException | Error other) {
      complaints.add(what + ", afterwards", other);
    }
    if (handles != Handles.live() || objects + kept != JoclFaults.objects()) {
      complaints.add(
          what,
          new AssertionError(
              "%d handles and %d objects of OpenCL are left after %s"
                  .formatted(
                      Handles.live() - handles, JoclFaults.objects() - kept - objects, outcome)));
    }
    return failed;
  }

  private List<String> results() {
    List<String> found;
    try (Pooling pooling = Pooling.open(device)) {
      found = FaultsProgram.results(pooling);
    }
    found.addAll(caller.results());
    return found;
  }
}
