package io.github.clpool.cli;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.backend.Candidate;
import io.github.clpool.backend.Preference;
import io.github.clpool.op.Operators;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.Outcome;
import io.github.clpool.parity.Parity;
import io.github.clpool.parity.ParityReport;
import io.github.clpool.parity.ParityRun;
import io.github.clpool.parity.RandomCases;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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
  private static final int USUAL_CASES = 200;

  /** Each combination of operator, type, layout and so on is compiled: others are soon drawn. */
  private static final int CASES_OF_A_SEED = 12;

  private static final int TEMPLATES_OF_A_SEED = 4;

  @Option(
      names = "--operator",
      paramLabel = "NAME",
      description =
          "Only this operator, or every reduction over regions of this word, such as fractional;"
              + " may be repeated. Default: every one.")
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

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    atLeastOne("--cases", cases);
    atLeastOne("--seconds", seconds);
    for (String name : operators) {
      if (!Operators.names().contains(name) && !Operators.regions().contains(name)) {
        throw usage(
            "--operator is '%s', but must be one of %s or, for every reduction over such regions, %s"
                .formatted(name, Operators.names(), Operators.regions()));
      }
    }
    Case one = text == null ? null : Case.parse(text);
    try (OpenDevices devices = new OpenDevices()) {
      Pooling reference = devices.get(DevicePolicy.REFERENCE);
      List<Pooling> chosen = policies(devices).stream().map(devices::get).toList();
      return one == null ? random(reference, chosen, out) : single(one, reference, chosen, out);
    }
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

  private int single(Case one, Pooling reference, List<Pooling> devices, PrintWriter out) {
    Preference preference =
        new Preference(
            Optional.ofNullable(implementation),
            workGroup == null ? OptionalInt.empty() : OptionalInt.of(workGroup));
    boolean same = true;
    for (Pooling each : devices) {
      Outcome outcome = Parity.check(one, reference, each, preference);
      out.println(outcome);
      same &= outcome.matches();
    }
    return same ? 0 : 1;
  }

  private int random(Pooling reference, List<Pooling> devices, PrintWriter out) {
    long start = seed == null ? System.nanoTime() : seed;
    out.println("seed " + start);
    devices.forEach(each -> out.println("on " + each.selection().device()));
    out.println();
    List<String> names = operators.isEmpty() ? Operators.names() : operators;
    RandomCases.Limits limits = small ? RandomCases.Limits.SMALL : RandomCases.Limits.FULL;
    ParityReport report;
    if (seconds == null) {
      int count = cases == null ? USUAL_CASES : cases;
      ParityRun.Options options = new ParityRun.Options(names, count, start, limits);
      try (Progress bar = new Progress("parity", (long) count * devices.size())) {
        report = ParityRun.run(reference, devices, options, (done, total) -> bar.at(done));
      }
    } else {
      int count = cases == null ? CASES_OF_A_SEED : cases;
      RandomCases.Limits few = new RandomCases.Limits(limits.work(), TEMPLATES_OF_A_SEED);
      ParityRun.Options options = new ParityRun.Options(names, count, start, few, seconds);
      report = ParityRun.run(reference, devices, options, new AsItGoes(out));
    }
    Table table = new Table("operator", "implementation", "device", "checks", "mismatches");
    for (ParityReport.Row row : report.rows()) {
      table.row(row.operator(), row.implementation(), row.device(), row.checks(), row.mismatches());
    }
    table.print(out);
    if (!report.unused().isEmpty()) {
      out.println("took no case: " + String.join(", ", report.unused()));
    }
    if (report.refused() > 0) {
      out.println(
          "refused: " + report.refused() + " cases that no implementation of a device takes");
    }
    for (Outcome failure : report.failures()) {
      out.println();
      out.println(failure);
      out.println("again: clpool " + failure.command());
    }
    out.println();
    out.println(report);
    return report.mismatches() == 0 ? 0 : 1;
  }

  /** Prints at once, so that little is lost when the process is ended. */
  private record AsItGoes(PrintWriter out) implements ParityRun.Progress {
    @Override
    public void done(long done, long total) {
      // a line for each seed is enough
    }

    @Override
    public void differs(Outcome outcome) {
      out.println(outcome);
      out.println("again: clpool " + outcome.command());
      out.flush();
    }

    @Override
    public void seedDone(long drawn, ParityReport soFar) {
      out.println("seed " + drawn + " done: " + soFar);
      out.flush();
    }
  }

  private void atLeastOne(String option, Integer value) {
    if (value != null && value < 1) {
      throw usage(option + " is " + value + ", but must be at least 1");
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
