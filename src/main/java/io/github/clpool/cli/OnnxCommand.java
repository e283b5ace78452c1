package io.github.clpool.cli;

import io.github.clpool.Pooling;
import io.github.clpool.files.FileIdentity;
import io.github.clpool.io.Npy;
import io.github.clpool.io.NpyArray;
import io.github.clpool.tensor.Require;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs an ONNX model that is made of poolings. */
@Command(
    name = "onnx",
    description = "Run an ONNX model that is made of poolings.",
    footer = {
      "",
      "Example:",
      "  clpool onnx model.onnx --input x.npy --output y.npy",
      "A model with a node that is no pooling is refused with code 2."
    })
final class OnnxCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "The model (.onnx).")
  private Path model;

  @Option(
      names = "--input",
      paramLabel = "[NAME=]FILE",
      description = "An input's array (.npy); without a name, of the next input that has none.")
  private List<String> inputs = List.of();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "[NAME=]FILE",
      description = "Takes an output's array; without a name, of the next output that has none.")
  private List<String> outputs;

  @Mixin private final DeviceOption device = new DeviceOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    OnnxGraph graph = OnnxGraph.read(model);
    Map<String, Path> given;
    Map<String, Path> wanted;
    OnnxRun run;
    try {
      run = new OnnxRun(graph);
      given = named("--input", inputs, graph.inputs());
      wanted = named("--output", outputs, graph.outputs());
      check(graph, given, wanted);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage());
    }
    for (Map.Entry<String, Path> input : given.entrySet()) {
      run.put(input.getKey(), Npy.read(input.getValue()));
    }
    try (Pooling pooling = Pooling.open(device.policy())) {
      for (OnnxGraph.Node node : graph.nodes()) {
        spec.commandLine().getOut().println(run.run(node, pooling));
      }
    }
    Map<Path, NpyArray> results = new LinkedHashMap<>();
    wanted.forEach((name, file) -> results.put(file, run.get(name)));
    Npy.write(results);
    return 0;
  }

  /** The file of each name. */
  private static Map<String, Path> named(String option, List<String> texts, List<String> names) {
    Map<String, Path> files = new LinkedHashMap<>();
    for (String text : texts) {
      if (text.contains("=")) {
        String name = text.substring(0, text.indexOf('='));
        Require.that(
            names.contains(name), "%s is '%s', but must name one of %s", option, text, names);
        String file = text.substring(name.length() + 1);
        Require.that(files.put(name, Path.of(file)) == null, "%s %s is given twice", option, name);
        continue;
      }
      String next =
          names.stream().filter(each -> !files.containsKey(each)).findFirst().orElse(null);
      Require.that(next != null, "%s is '%s', but the model has only %s", option, text, names);
      files.put(next, Path.of(text));
    }
    return files;
  }

  private void check(OnnxGraph graph, Map<String, Path> given, Map<String, Path> wanted) {
    for (String name : graph.inputs()) {
      Require.that(given.containsKey(name), "--input %s=FILE is missing", name);
    }
    List<Path> others = new ArrayList<>(given.values());
    others.add(model);
    for (Path output : wanted.values()) {
      for (Path other : others) {
        Require.that(
            !FileIdentity.isSame(output, other),
            "--output names %s, another file of this run, but results need files of their own",
            output);
      }
      others.add(output);
    }
  }
}
