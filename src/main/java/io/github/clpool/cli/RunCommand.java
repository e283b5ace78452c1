package io.github.clpool.cli;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.files.NamedFailure;
import io.github.clpool.parity.Case;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Pools arrays of files: one job of the command line, or the jobs of a file. */
@Command(
    name = "run",
    description = "Pool a NumPy array, forward and backward.",
    footer = {
      "",
      "Example:",
      "  clpool run \"max window=3x3 stride=2 padding=1\" --input x.npy --output y.npy",
      "A jobs file holds such a line for each job; # begins a comment."
    })
final class RunCommand implements Callable<Integer> {
  @Mixin private final Job job = Job.empty();

  @Option(
      names = "--jobs",
      paramLabel = "FILE",
      description =
          "Run every line of a file in one process; a job that fails does not stop the others."
              + " --device holds for the lines that name none.")
  private Path jobs;

  @Option(
      names = "--case",
      paramLabel = "CASE",
      description =
          "Run this call with numbers that it makes up, such as \"max window=3 on 2x3x9x9 NHWC"
              + " FLOAT16 backward\", and say how long it took. CLPOOL_VERBOSE=1 makes programs"
              + " log such lines.")
  private String madeUp;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (jobs != null && !job.isEmpty()) {
      throw usage("--jobs stands alone, but a job is given too");
    }
    if (madeUp != null && (jobs != null || !job.isEmpty())) {
      throw usage("--case stands alone, but a job is given too");
    }
    try (OpenDevices devices = new OpenDevices()) {
      if (madeUp != null) {
        return runCase(devices);
      }
      if (jobs != null) {
        return runAll(devices);
      }
      try {
        job.check();
      } catch (IllegalArgumentException wrong) {
        throw usage(wrong.getMessage());
      }
      print(job.run(devices.get(job.deviceOr(DevicePolicy.AUTO))));
      return 0;
    }
  }

  private int runCase(OpenDevices devices) {
    Case subject;
    try {
      subject = Case.parse(madeUp);
      subject.problem();
    } catch (IllegalArgumentException wrong) {
      throw usage(wrong.getMessage());
    }
    Pooling pooling = devices.get(job.deviceOr(DevicePolicy.AUTO));
    try (CallTensors call = new CallTensors(pooling, subject, (role, tensor) -> false)) {
      pooling.finish();
      long start = System.nanoTime();
      call.start();
      call.finish();
      double milliseconds = (System.nanoTime() - start) * 1e-6;
      print(
          String.format(
              Locale.ROOT,
              "%s by %s/%s (%s): %.3f ms",
              subject,
              pooling.selection().backend(),
              call.implementation(),
              pooling.selection().device(),
              milliseconds));
      return 0;
    }
  }

  private int runAll(OpenDevices devices) throws IOException {
    List<String> lines = lines();
    int failures = 0;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        failures += runLine(devices, line, i + 1);
      }
    }
    return failures == 0 ? 0 : 1;
  }

  private List<String> lines() throws IOException {
    try {
      return Files.readAllLines(jobs);
    } catch (IOException failed) {
      throw NamedFailure.of(jobs, failed);
    } catch (OutOfMemoryError tooLarge) { // a device without an end
      throw NamedFailure.of(jobs, tooLarge);
    }
  }

  private int runLine(OpenDevices devices, String line, int number) {
    try {
      List<String> words = Words.split(line);
      boolean named = words.get(0).equals(spec.name());
      Job each = Job.empty();
      Main.prepared(new OneJob(each))
          .parseArgs(words.subList(named ? 1 : 0, words.size()).toArray(String[]::new));
      each.check();
      print(each.run(devices.get(each.deviceOr(job.deviceOr(DevicePolicy.AUTO)))));
      return 0;
    } catch (IOException | RuntimeException failed) {
      return failed(number, Main.oneLine(failed));
    } catch (OutOfMemoryError tooLarge) { // what it had is free for the next
      return failed(number, Main.outOfMemory(tooLarge));
    }
  }

  private int failed(int number, String why) {
    spec.commandLine()
        .getErr()
        .println(spec.qualifiedName() + ": " + jobs + " line " + number + ": " + why);
    return 1;
  }

  /** What a line of a jobs file may hold. */
  @Command(name = "job")
  private static final class OneJob {
    @Mixin private final Job job;

    OneJob(Job job) {
      this.job = job;
    }
  }

  private void print(String line) {
    spec.commandLine().getOut().println(line);
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
