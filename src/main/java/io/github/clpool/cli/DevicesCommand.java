package io.github.clpool.cli;

import io.github.clpool.Pooling;
import io.github.clpool.Selection;
import io.github.clpool.backend.Candidate;
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
    description = "Show what is there, what was chosen and why.",
    footer = {"", "Example:", "  clpool devices --device opencl"})
final class DevicesCommand implements Callable<Integer> {
  @Mixin private final DeviceOption device = new DeviceOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (Pooling pooling = Pooling.open(device.policy())) {
      Selection selection = pooling.selection();
      out.println(
          "policy "
              + selection.policy()
              + " chose "
              + selection.backend()
              + ": "
              + selection.device());
      out.println();
      Table table = new Table("candidate", "verdict", "reason");
      for (Candidate each : selection.candidates()) {
        table.row(each.name(), each.verdict().name().toLowerCase(Locale.ROOT), each.reason());
      }
      table.print(out);
    }
    return 0;
  }
}
