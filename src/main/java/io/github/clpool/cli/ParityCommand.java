package io.github.clpool.cli;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.backend.Candidate;
import io.github.clpool.backend.Preference;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.Outcome;
import io.github.clpool.parity.Parity;
import io.github.clpool.parity.ParityReport;
import io.github.clpool.tensor.Require;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Compares backends with the reference, bit for bit. */
@Command(
    name = "parity",
    description = "Compare devices with the reference, bit for bit, on random calls.",
    footer = {"", "Example:", "  clpool parity --operator max --cases 200 --device all"})
final class ParityCommand implements Callable<Integer> {
  private static final String ALL = "all";

  @Option(
      names = "--operator",
      paramLabel = "NAME",
      description =
          "Only this operator: its word, a whole text such as \"max window=3\", or a word of"
              + " regions such as fractional, for every reduction over them; repeatable. Default:"
              + " every one.")
  private List<String> operators = new ArrayList<>();

  @Option(
      names = "--cases",
      paramLabel = "N",
      description =
          "How many calls on each device. Default: 200; of each seed, where there is a time, 12.")
  private Integer cases;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description =
          "Draw from seed after seed on each device until so many seconds are over, and print what"
              + " was found after each.")
  private Integer seconds;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "The seed of the calls. Default: the time; it is printed.")
  private Long seed;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "auto",
      description =
          "A part of a device's name, its index, auto, opencl, jvm, or 'all' for the JVM and every"
              + " OpenCL device. Default: ${DEFAULT-VALUE}.")
  private String device;

  @Mixin private final CaseFilters filters = new CaseFilters();

  @Option(names = "--small", description = "Small tensors, for simulators.")
  private boolean small;

  @Option(
      names = "--case",
      paramLabel = "CASE",
      description = "Compare this one call instead, as a failure prints it.")
  private String text;

  @Option(names = "--implementation", paramLabel = "NAME", description = "Only this one.")
  private String implementation;

  @Option(names = "--work-group", paramLabel = "SIZE", description = "The work-group's size.")
  private Integer workGroup;

  @Mixin private final ParityOutput output = new ParityOutput();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Parity search = usage(this::search);
    Case one = text == null ? null : usage(() -> Case.parse(text));
    output.check();
    try (OpenDevices devices = new OpenDevices()) {
      List<Pooling> chosen = policies(devices).stream().map(devices::get).toList();
      return one == null
          ? random(search, chosen, out)
          : single(one, devices.get(DevicePolicy.REFERENCE), chosen, out);
    }
  }

  private Parity search() {
    Parity search =
        operators.isEmpty() ? Parity.ofAll() : Parity.of(operators.toArray(String[]::new));
    search = filters.apply(search);
    search = small ? search.small() : search;
    search = seconds == null ? search : search.seconds(atLeastOne("--seconds", seconds));
    return cases == null ? search : search.cases(atLeastOne("--cases", cases));
  }

  private List<DevicePolicy> policies(OpenDevices devices) {
    if (!device.equals(ALL)) {
      return List.of(DevicePolicy.parse(device));
    }
    List<DevicePolicy> policies = new ArrayList<>(List.of(DevicePolicy.JVM_ONLY));
    for (Candidate each : devices.get(DevicePolicy.AUTO).selection().candidates()) {
      if (each.verdict() != Candidate.Outcome.REJECTED && !each.name().startsWith("JVM")) {
        policies.add(DevicePolicy.named(each.name()));
      }
    }
    return policies;
  }

  private int single(Case one, Pooling reference, List<Pooling> devices, PrintWriter out)
      throws IOException {
    Preference preference =
        new Preference(
            Optional.ofNullable(implementation),
            workGroup == null ? OptionalInt.empty() : OptionalInt.of(workGroup));
    List<Outcome> outcomes = new ArrayList<>();
    for (Pooling each : devices) {
      outcomes.add(Parity.check(one, reference, each, preference));
    }
    return output.print(outcomes, out);
  }

  private int random(Parity search, List<Pooling> devices, PrintWriter out) throws IOException {
    long start = seed == null ? System.nanoTime() : seed;
    output.begin(start, devices, out);
    ParityReport report;
    Parity seeded = search.seed(start);
    Pooling[] all = devices.toArray(Pooling[]::new);
    if (seconds == null) {
      try (Progress bar = new Progress("parity", (long) seeded.draw().size() * devices.size())) {
        report = seeded.progress((done, total) -> bar.at(done)).check(all);
      }
    } else {
      report = seeded.progress(output.asItGoes(out)).check(all);
    }
    return output.print(report, out);
  }

  private int atLeastOne(String option, int value) {
    Require.that(value >= 1, "%s is %d, but must be at least 1", option, value);
    return value;
  }

  /** What is wrong with an argument is wrong usage. */
  private <T> T usage(Supplier<T> read) {
    try {
      return read.get();
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
    }
  }
}
