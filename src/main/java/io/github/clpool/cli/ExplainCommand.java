package io.github.clpool.cli;

import io.github.clpool.Pooling;
import io.github.clpool.Selection;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Problem;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  private static final String RUNS = "runs";

  @Mixin private final Call call = new Call();
  @Mixin private final DeviceOption device = new DeviceOption();
  @Mixin private final JsonOption json = new JsonOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Problem problem = call.problem();
    PrintWriter out = spec.commandLine().getOut();
    try (Pooling pooling = Pooling.open(device.policy())) {
      List<Verdict> verdicts = pooling.explain(problem);
      List<String> words = words(verdicts);
      if (json.isAsked()) {
        JsonOption.print(out, object(problem, pooling.selection(), verdicts, words));
      } else {
        out.println(problem);
        out.println("output " + problem.output());
        out.println("on " + pooling.selection().backend() + ", " + pooling.selection().device());
        if (words.contains(RUNS)) {
          out.println("memory " + pooling.memory(problem));
        }
        out.println();
        print(verdicts, words, out);
      }
      return words.contains(RUNS) ? 0 : 1;
    }
  }

  /** What becomes of each implementation. */
  private static List<String> words(List<Verdict> verdicts) {
    List<String> words = new ArrayList<>();
    for (Verdict verdict : verdicts) {
      words.add(!verdict.accepted() ? "refuses" : words.contains(RUNS) ? "could run" : RUNS);
    }
    return words;
  }

  private static void print(List<Verdict> verdicts, List<String> words, PrintWriter out) {
    Table table = new Table("implementation", "verdict", "reason");
    for (int i = 0; i < words.size(); i++) {
      table.row(verdicts.get(i).implementation(), words.get(i), verdicts.get(i).reason());
    }
    table.print(out);
  }

  private static Map<String, Object> object(
      Problem problem, Selection selection, List<Verdict> verdicts, List<String> words) {
    List<Object> implementations = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      implementations.add(
          JsonOption.object(
              "name", verdicts.get(i).implementation(),
              "verdict", words.get(i),
              "reason", verdicts.get(i).reason()));
    }
    return JsonOption.object(
        "call", problem,
        "output", problem.output(),
        "backend", selection.backend(),
        "device", selection.device(),
        "implementations", implementations);
  }
}
