package io.github.clpool.cli;

import io.github.clpool.Pooling;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Problem;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says which implementation computes a call, and why not the others. */
@Command(
    name = "explain",
    description = "Say which implementation computes a call, and why not the others.",
    footer = {
      "",
      "Example:",
      "  clpool explain \"avg adaptive=7\" --shape 32x64x112x112 --backward"
    })
final class ExplainCommand implements Callable<Integer> {
  @Mixin private final Call call = new Call();
  @Mixin private final DeviceOption device = new DeviceOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Problem problem = call.problem();
    PrintWriter out = spec.commandLine().getOut();
    out.println(problem);
    out.println("output " + problem.output());
    try (Pooling pooling = Pooling.open(device.policy())) {
      out.println("on " + pooling.selection().backend() + ", " + pooling.selection().device());
      List<Verdict> verdicts = pooling.explain(problem);
      if (verdicts.stream().anyMatch(Verdict::accepted)) {
        out.println("memory " + pooling.memory(problem));
      }
      out.println();
      return print(verdicts, out);
    }
  }

  private static int print(List<Verdict> verdicts, PrintWriter out) {
    Table table = new Table("implementation", "verdict", "reason");
    boolean runs = false;
    for (Verdict verdict : verdicts) {
      String word = !verdict.accepted() ? "refuses" : runs ? "could run" : "runs";
      runs |= verdict.accepted();
      table.row(verdict.implementation(), word, verdict.reason());
    }
    table.print(out);
    return runs ? 0 : 1;
  }
}
