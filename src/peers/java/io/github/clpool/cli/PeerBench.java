package io.github.clpool.cli;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures clpool beside other libraries and writes the page of it. */
@Command(
    name = "ci/bench-peers",
    description =
        "Time clpool, oneDNN, libtorch and ONNX Runtime in turns, and write performance.md and"
            + " performance.svg.")
final class PeerBench implements Callable<Integer> {
  private static final int ROUNDS = 9;
  private static final int QUICK_ROUNDS = 3;

  @Option(names = "--quick", description = "FLOAT32 only, and fewer rounds.")
  private boolean quick;

  @Option(
      names = "--only",
      paramLabel = "CASE",
      defaultValue = "",
      description = "Only cases with this text in their name, such as \"max gradient D NHWC\".")
  private String only;

  @Option(
      names = "--scale",
      paramLabel = "N",
      defaultValue = "1",
      description = "So many times fewer planes, to try it out.")
  private int scale;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      defaultValue = "target/bench-peers",
      description = "Where the page goes. Default: ${DEFAULT-VALUE}.")
  private Path out;

  @Option(
      names = "--note",
      paramLabel = "WHAT=TEXT",
      description = "A line for the page, such as what else ran; repeatable.")
  private Map<String, String> notes = new LinkedHashMap<>();

  @Option(names = "--help", usageHelp = true, description = "Show this.")
  private boolean help;

  @Mixin private final DeviceOption device = new DeviceOption();
  @Spec private CommandSpec spec;

  /** Runs the command and ends the process. */
  public static void main(String... arguments) {
    System.exit(Main.prepared(new PeerBench()).execute(arguments));
  }

  /** The other libraries that can be loaded; why one cannot is put into a map by its name. */
  static List<Peer> load(Map<String, String> missing) {
    Map<String, Supplier<Peer>> all = new LinkedHashMap<>();
    all.put("oneDNN", () -> new OneDnnPeer(false));
    all.put("oneDNN, blocked", () -> new OneDnnPeer(true));
    all.put("libtorch", LibtorchPeer::new);
    all.put("ONNX Runtime", OnnxRuntimePeer::new);
    List<Peer> loaded = new ArrayList<>();
    all.forEach(
        (name, peer) -> {
          try {
            loaded.add(peer.get());
          } catch (RuntimeException | LinkageError failed) {
            missing.put(name, "cannot be loaded: " + Main.oneLine(failed));
          }
        });
    return loaded;
  }

  @Override
  public Integer call() throws IOException {
    List<PeerCase> cases = cases();
    PrintWriter log = spec.commandLine().getOut();
    try (OpenDevices devices = new OpenDevices()) {
      Pooling pooling = devices.get(device.policy());
      Map<String, String> machine = MachineFacts.of(pooling);
      List<Peer> peers = new ArrayList<>();
      peers.add(new ClpoolPeer("JVM", devices.get(DevicePolicy.JVM_ONLY)));
      peers.addAll(load(machine));
      for (Peer peer : peers.subList(1, peers.size())) {
        machine.put(peer.name(), peer.version());
      }
      machine.putAll(notes);
      int rounds = quick ? QUICK_ROUNDS : ROUNDS;
      PeerMeter meter = new PeerMeter(pooling, peers, rounds);
      List<String> columns = peers.stream().map(Peer::name).toList();
      PeerReport report = new PeerReport(command(), rounds, machine, columns);
      for (PeerCase subject : cases) {
        PeerRow row = meter.measure(subject);
        report.add(row);
        log.println(line(row, columns));
        log.flush();
        report.write(out);
      }
      log.println(report.end() + "; the page is in " + out);
      return report.isWrong() ? 1 : 0;
    }
  }

  private String command() {
    return "ci/bench-peers"
        + (quick ? " --quick" : "")
        + (only.isEmpty() ? "" : " --only '" + only + "'");
  }

  private static String line(PeerRow row, List<String> columns) {
    String ratios =
        Stream.concat(Stream.of(PeerMeter.COPY), columns.stream())
            .map(each -> each + " " + number(row, each))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT, "%-32s %8.2f ms; %s", row.subject(), row.ours() * 1e3, ratios);
  }

  private static String number(PeerRow row, String library) {
    return row.ratio(library).isPresent()
        ? String.format(Locale.ROOT, "%.2f", row.ratio(library).getAsDouble())
        : "- (" + row.lacking().get(library) + ")";
  }

  private List<PeerCase> cases() {
    List<PeerCase> cases =
        PeerCase.all(new Sizes(Sizes.Kind.CPU, scale), quick).stream()
            .filter(each -> each.toString().contains(only))
            .toList();
    if (cases.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--only is '" + only + "', but no case has that in its name");
    }
    return cases;
  }
}
