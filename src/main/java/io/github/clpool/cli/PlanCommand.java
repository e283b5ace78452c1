package io.github.clpool.cli;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.backend.Chooser;
import io.github.clpool.backend.Device;
import io.github.clpool.backend.Preference;
import io.github.clpool.files.Replacements;
import io.github.clpool.op.Problem;
import io.github.clpool.opencl.device.OpenClDiscovery;
import io.github.clpool.opencl.implementations.OpenClImplementations;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.ExampleDevices;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.opencl.plan.PlanExport;
import io.github.clpool.tensor.Require;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what a device would be told to do. */
@Command(
    name = "plan",
    description = "Print the kernels that a call launches, also for a device that is not there.",
    footer = {
      "",
      "Example:",
      "  clpool plan \"max global\" --shape 64x2048x7x7 --device gpu --export plan",
      "Then in the folder 'plan': oclgrind-kernel --build-options -cl-opt-disable NAME.sim"
    })
final class PlanCommand implements Callable<Integer> {
  @Mixin private final Call call = new Call();

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "gpu",
      completionCandidates = Examples.class,
      description =
          "A part of an OpenCL device's name, its index, or opencl; or one that need not be there:"
              + " ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private String device;

  @Option(
      names = "--implementation",
      paramLabel = "NAME",
      description = "Plan this implementation. Default: the first that accepts.")
  private String implementation;

  @Option(
      names = "--export",
      paramLabel = "FOLDER",
      description = "Write the kernel sources and files for oclgrind-kernel.")
  private Path folder;

  @Mixin private final JsonOption json = new JsonOption();
  @Spec private CommandSpec spec;

  /** The names of devices that need not be there. */
  private static final class Examples extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    Examples() {
      super(ExampleDevices.names());
    }
  }

  @Override
  public Integer call() throws IOException {
    Problem problem = call.problem();
    DeviceProfile profile =
        ExampleDevices.find(device).orElseGet(() -> profile(DevicePolicy.parse(device)));
    Preference preference =
        implementation == null ? Preference.NONE : Preference.implementation(implementation);
    OpenClImplementation chosen =
        new Chooser<>(profile, OpenClImplementations.of(problem, profile.kind()))
            .choose(problem, preference);
    LaunchPlan plan = chosen.plan(problem, profile);
    PrintWriter out = spec.commandLine().getOut();
    if (json.isAsked()) {
      JsonOption.print(out, object(problem, plan, profile.name(), chosen));
    } else {
      print(problem, plan, profile.name(), chosen, out);
    }
    if (folder != null) {
      Map<String, String> texts = PlanExport.texts(problem, plan);
      write(texts);
      if (!json.isAsked()) {
        out.println();
        texts.keySet().forEach(name -> out.println("wrote " + folder.resolve(name)));
      }
    }
    return 0;
  }

  private static void print(
      Problem problem,
      LaunchPlan plan,
      String device,
      OpenClImplementation implementation,
      PrintWriter out) {
    out.println(problem);
    out.println("output " + problem.output());
    out.println("for " + device + ", implementation " + implementation.name());
    out.println(implementation.aboutViews());
    plan.launches().forEach(launch -> print(launch, out));
    for (int i = 0; i < plan.temporaries().size(); i++) {
      out.println("temporary " + i + ": " + plan.temporaries().get(i) + " bytes");
    }
  }

  private static Map<String, Object> object(
      Problem problem, LaunchPlan plan, String device, OpenClImplementation implementation) {
    return JsonOption.object(
        "call",
        problem,
        "output",
        problem.output(),
        "device",
        device,
        "implementation",
        implementation.name(),
        "takesViews",
        implementation.takesViews(),
        "launches",
        plan.launches().stream().map(PlanCommand::object).toList(),
        "temporaries",
        plan.temporaries());
  }

  private static Object object(Launch launch) {
    return JsonOption.object(
        "kernel", launch.kernel(),
        "file", launch.file(),
        "reduction", launch.reduction().orElse(null),
        "options", launch.options(),
        "workItems", launch.global(),
        "workGroup", launch.local(),
        "parameters", ParameterNames.of(launch),
        "arguments", launch.arguments());
  }

  private void write(Map<String, String> texts) throws IOException {
    Folder.make(folder);
    try (Replacements files = new Replacements()) {
      for (Map.Entry<String, String> text : texts.entrySet()) {
        byte[] bytes = text.getValue().getBytes(StandardCharsets.UTF_8);
        files.write(folder.resolve(text.getKey()), bytes);
      }
      files.commit();
    }
  }

  private static DeviceProfile profile(DevicePolicy policy) {
    try (Pooling pooling = Pooling.open(policy)) {
      Device found = pooling.device();
      Require.that(
          found.backend().equals("opencl"),
          "device is %s, but only OpenCL devices launch kernels",
          found.name());
      return OpenClDiscovery.scan().profile(found.name());
    }
  }

  private static void print(Launch launch, PrintWriter out) {
    out.println();
    out.println("kernel      " + launch.kernel() + " of opencl/" + launch.file());
    launch.reduction().ifPresent(header -> out.println("reduction   opencl/" + header));
    out.println("options     " + launch.options());
    out.println("work-items  " + joined(launch.global()));
    out.println("work-group  " + joined(launch.local()));
    List<String> names = ParameterNames.of(launch);
    for (int i = 0; i < launch.arguments().size(); i++) {
      String title = i == 0 ? "arguments" : "";
      out.printf("%-11s %d %s: %s%n", title, i, names.get(i), launch.arguments().get(i));
    }
  }

  private static String joined(List<Long> sizes) {
    return sizes.stream().map(String::valueOf).collect(Collectors.joining(" x "));
  }
}
