package io.github.clpool.cli;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.Selection;
import io.github.clpool.backend.Candidate;
import io.github.clpool.backend.Device;
import io.github.clpool.backend.PoolingException;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.opencl.device.OpenClDiscovery;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows what is there and what was chosen. */
@Command(
    name = "devices",
    description = {
      "Show what is there, what was chosen and why, and what a self-test of each OpenCL"
          + " device found; how long opening takes, and the first call."
    },
    footer = {"", "Example:", "  clpool devices --device opencl"})
final class DevicesCommand implements Callable<Integer> {
  private static final Pool FIRST_CALL = Pool.max().over(Regions.window(2));

  @Mixin private final DeviceOption device = new DeviceOption();
  @Mixin private final JsonOption json = new JsonOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Selection selection;
    Times times;
    long start = System.nanoTime();
    try (Pooling pooling = Pooling.open(device.policy())) {
      double open = seconds(start);
      selection = pooling.selection();
      times = new Times(open, firstCall(pooling));
    }
    List<Found> found = looksForOpenCl(selection.policy()) ? openCl() : List.of();
    if (json.isAsked()) {
      JsonOption.print(out, object(selection, times, found));
    } else {
      print(selection, times, out);
      found.forEach(each -> print(each, out));
    }
    return 0;
  }

  /** How long opening took, and the first call, in this process, which was just started. */
  private record Times(double open, double firstCall) {}

  private static double seconds(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }

  private static double firstCall(Pooling pooling) {
    long start = System.nanoTime();
    try (Tensor x = pooling.zeros(Shape.of(1, 1, 4, 4));
        Tensor y = pooling.run(FIRST_CALL, x)) {
      y.toFloats();
    }
    return seconds(start);
  }

  /** An OpenCL device, and what is known of it or why it cannot be used. */
  private record Found(OpenClDevice about, Optional<Device> device, String refusal) {}

  private static void print(Selection selection, Times times, PrintWriter out) {
    out.println(
        "policy "
            + selection.policy()
            + " chose "
            + selection.backend()
            + ": "
            + selection.device());
    out.printf(
        Locale.ROOT,
        "opened in %.2f s, the first call (%s) in %.2f s%n",
        times.open(),
        FIRST_CALL,
        times.firstCall());
    out.println();
    Table candidates = new Table("candidate", "verdict", "reason");
    for (Candidate each : selection.candidates()) {
      candidates.row(each.name(), lower(each.verdict()), each.reason());
    }
    candidates.print(out);
  }

  private static Map<String, Object> object(Selection selection, Times times, List<Found> found) {
    List<Object> candidates = new ArrayList<>();
    for (Candidate each : selection.candidates()) {
      candidates.add(
          JsonOption.object(
              "name", each.name(), "verdict", lower(each.verdict()), "reason", each.reason()));
    }
    return JsonOption.object(
        "policy", selection.policy(),
        "backend", selection.backend(),
        "device", selection.device(),
        "openSeconds", times.open(),
        "firstCallSeconds", times.firstCall(),
        "candidates", candidates,
        "openCl", found.stream().map(DevicesCommand::object).toList());
  }

  private static Object object(Found found) {
    Map<String, Object> object =
        JsonOption.object(
            "index", found.about().index(),
            "name", found.about().name(),
            "versions", found.about().versions());
    if (found.device().isEmpty()) {
      object.put("refusal", found.refusal());
      return object;
    }
    Device device = found.device().get();
    object.put("kind", lower(device.kind()));
    object.put("computeUnits", device.computeUnits());
    object.put("memory", device.memory());
    object.put("maxAllocation", device.maxAllocation());
    object.put("maxWorkGroup", device.maxWorkGroup());
    object.put("localMemory", device.localMemory());
    object.put("arithmetic", device.arithmetic());
    return object;
  }

  private static boolean looksForOpenCl(DevicePolicy policy) {
    return policy.kind() != DevicePolicy.Kind.JVM_ONLY
        && policy.kind() != DevicePolicy.Kind.REFERENCE;
  }

  /** What is known of each OpenCL device, as far as it computes what it should. */
  private static List<Found> openCl() {
    List<Found> found = new ArrayList<>();
    for (OpenClDevice each : OpenClDiscovery.scan().devices()) {
      found.add(
          each.rejection()
              .map(why -> new Found(each, Optional.empty(), why))
              .orElseGet(() -> opened(each)));
    }
    return found;
  }

  private static Found opened(OpenClDevice device) {
    try (Pooling pooling = Pooling.open(DevicePolicy.index(device.index()))) {
      return new Found(device, Optional.of(pooling.device()), "");
    } catch (PoolingException failed) {
      return new Found(device, Optional.empty(), Main.oneLine(failed));
    }
  }

  private static void print(Found found, PrintWriter out) {
    out.println();
    out.println("device " + found.about().index() + ": " + found.about().name());
    line(out, "versions", found.about().versions());
    found
        .device()
        .ifPresentOrElse(
            device -> print(device, out),
            () -> out.println("  cannot be used: " + found.refusal()));
  }

  private static void print(Device device, PrintWriter out) {
    line(out, "kind", lower(device.kind()));
    line(out, "compute units", device.computeUnits());
    line(
        out,
        "memory",
        mebibytes(device.memory()) + ", a buffer at most " + mebibytes(device.maxAllocation()));
    line(
        out,
        "work-group",
        "at most "
            + device.maxWorkGroup()
            + " work-items, "
            + (device.localMemory() >> 10)
            + " KiB local memory");
    device.arithmetic().forEach((subject, found) -> line(out, subject, found));
  }

  private static String mebibytes(long bytes) {
    return (bytes >> 20) + " MiB";
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  private static void line(PrintWriter out, String what, Object value) {
    out.printf("  %-14s %s%n", what, value);
  }
}
