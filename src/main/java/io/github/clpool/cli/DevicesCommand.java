package io.github.clpool.cli;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.Selection;
import io.github.clpool.backend.Candidate;
import io.github.clpool.backend.Device;
import io.github.clpool.backend.PoolingException;
import io.github.clpool.opencl.device.OpenClDevice;
import io.github.clpool.opencl.device.OpenClDiscovery;
import java.io.PrintWriter;
import java.util.Locale;
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
          + " device found."
    },
    footer = {"", "Example:", "  clpool devices --device opencl"})
final class DevicesCommand implements Callable<Integer> {
  @Mixin private final DeviceOption device = new DeviceOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Selection selection;
    try (Pooling pooling = Pooling.open(device.policy())) {
      selection = pooling.selection();
    }
    out.println(
        "policy "
            + selection.policy()
            + " chose "
            + selection.backend()
            + ": "
            + selection.device());
    out.println();
    Table candidates = new Table("candidate", "verdict", "reason");
    for (Candidate each : selection.candidates()) {
      candidates.row(each.name(), each.verdict().name().toLowerCase(Locale.ROOT), each.reason());
    }
    candidates.print(out);
    if (looksForOpenCl(selection.policy())) {
      details(out);
    }
    return 0;
  }

  private static boolean looksForOpenCl(DevicePolicy policy) {
    return policy.kind() != DevicePolicy.Kind.JVM_ONLY
        && policy.kind() != DevicePolicy.Kind.REFERENCE;
  }

  /** What is known of each OpenCL device, as far as it computes what it should. */
  private static void details(PrintWriter out) {
    for (OpenClDevice each : OpenClDiscovery.scan().devices()) {
      out.println();
      out.println("device " + each.index() + ": " + each.name());
      if (each.rejection().isPresent()) {
        out.println("  cannot be used: " + each.rejection().get());
        continue;
      }
      try (Pooling pooling = Pooling.open(DevicePolicy.index(each.index()))) {
        print(pooling.device(), out);
      } catch (PoolingException failed) {
        out.println("  cannot be used: " + Main.oneLine(failed));
      }
    }
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
