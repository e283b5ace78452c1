package io.github.clpool.cli;

import static io.github.clpool.cli.JsonOption.object;

import io.github.clpool.op.Operators;
import io.github.clpool.op.Syntax;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists what an operator's text may hold. */
@Command(
    name = "operators",
    description = {
      "List the operators, with what may stand in their texts.",
      "A text is a reduction with its options, then regions with theirs; or another operator with"
          + " its options. Numbers of several axes are joined by x: window=3x5."
    },
    footer = {"", "Example:", "  clpool operators"})
final class OperatorsCommand implements Callable<Integer> {
  @Mixin private final JsonOption json = new JsonOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<Syntax> all = Operators.syntax();
    if (json.isAsked()) {
      List<Object> words = all.stream().map(OperatorsCommand::json).toList();
      JsonOption.print(out, object("operators", words));
      return 0;
    }
    for (Syntax.Kind kind : Syntax.Kind.values()) {
      Table table = new Table(title(kind), "example", "options");
      for (Syntax each : all) {
        if (each.kind() == kind) {
          table.row(each.word(), each.example(), String.join(" ", each.options()));
        }
      }
      table.print(out);
      out.println();
    }
    return 0;
  }

  private static Object json(Syntax syntax) {
    return object(
        "word", syntax.word(),
        "kind", syntax.kind().name().toLowerCase(Locale.ROOT),
        "options", syntax.options(),
        "example", syntax.example());
  }

  private static String title(Syntax.Kind kind) {
    return switch (kind) {
      case REDUCTION -> "reduction";
      case REGIONS -> "regions";
      case OPERATOR -> "operator";
    };
  }
}
