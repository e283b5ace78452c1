package io.github.clpool.cli;

import io.github.clpool.DevicePolicy;
import io.github.clpool.backend.PoolingException;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.tensor.Require;
import io.github.clpool.tensor.Shape;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code clpool}. */
@Command(
    name = "clpool",
    description = "Pooling on any OpenCL device or the JVM, with the same bits everywhere.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    usageHelpAutoWidth = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:It is done; what was compared is the same.",
      "1:It failed, or what was compared differs, or nothing takes the call.",
      "2:Wrong usage: a word of the command line is missing, unknown or wrong."
    },
    subcommands = {
      OperatorsCommand.class,
      DevicesCommand.class,
      RunCommand.class,
      OnnxCommand.class,
      ExplainCommand.class,
      PlanCommand.class,
      ParityCommand.class,
      DemoCommand.class,
      BenchCommand.class,
      CommandLine.HelpCommand.class,
      GenerateCompletion.class,
    })
public final class Main implements Runnable {
  private static final int LONGEST = 4000; // a line of an error

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Log what is done, and show stack traces.")
  private boolean verbose;

  @Spec private CommandSpec spec;

  Main() {}

  /**
   * Runs a command and ends the process: code 0, 1 for a failure, 2 for wrong usage.
   *
   * @param args the words of the command line
   */
  public static void main(String[] args) {
    System.setProperty("java.awt.headless", "true");
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    System.exit(run(out, err, args));
  }

  /**
   * Runs a command.
   *
   * @param out where results go
   * @param err where errors go, one line each
   * @param args the words of the command line
   * @return 0, 1 for a failure, 2 for wrong usage
   */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    Main main = new Main();
    CommandLine commandLine =
        prepared(main)
            .setOut(out)
            .setErr(err)
            .setParameterExceptionHandler((wrong, words) -> usage(wrong))
            .setExecutionExceptionHandler((failed, command, result) -> main.fail(failed, command));
    commandLine.setExecutionStrategy(
        result -> {
          Logging.verbose(main.verbose);
          return new CommandLine.RunLast().execute(result);
        });
    int code;
    try {
      code = commandLine.execute(args);
    } catch (OutOfMemoryError tooLarge) {
      err.println("clpool: " + outOfMemory(tooLarge));
      code = CommandLine.ExitCode.SOFTWARE;
    }
    if (out.checkError()) { // a writer says nothing when its disk is full
      err.println("clpool: standard output cannot be written");
      code = code == CommandLine.ExitCode.OK ? CommandLine.ExitCode.SOFTWARE : code;
    }
    err.flush();
    return code;
  }

  static String outOfMemory(OutOfMemoryError tooLarge) {
    return "out of memory: " + tooLarge.getMessage() + " (java -Xmx sets the limit)";
  }

  /** A command line that reads the texts of this library. */
  static CommandLine prepared(Object command) {
    return new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOverwrittenOptionsAllowed(true)
        .registerConverter(Operator.class, converter(Operators::parse))
        .registerConverter(Shape.class, converter(Shape::parse))
        .registerConverter(DevicePolicy.class, converter(DevicePolicy::parse))
        .registerConverter(Path.class, converter(Main::path));
  }

  private static Path path(String text) {
    Require.that(!text.isBlank(), "name of a file is '%s', but must not be empty", text);
    return Path.of(text);
  }

  private static <T> ITypeConverter<T> converter(Function<String, T> parse) {
    return text -> {
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException wrong) {
        throw new TypeConversionException(wrong.getMessage());
      }
    };
  }

  private static int usage(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    command
        .getErr()
        .println(name + ": " + oneLine(wrong) + question(wrong) + " (see " + name + " --help)");
    return CommandLine.ExitCode.USAGE;
  }

  /** What an unknown word may have been meant to be. */
  private static String question(ParameterException wrong) {
    if (wrong instanceof UnmatchedArgumentException unknown
        && !unknown.getSuggestions().isEmpty()) {
      return "; did you mean '" + unknown.getSuggestions().get(0) + "'?";
    }
    return "";
  }

  private int fail(Exception failed, CommandLine command) {
    command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + oneLine(failed));
    if (verbose) {
      failed.printStackTrace(command.getErr());
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** The message of an exception, with its kind where the message alone would not help. */
  static String oneLine(Throwable failed) {
    boolean plain =
        failed instanceof IllegalArgumentException
            || failed instanceof PoolingException
            || failed instanceof ParameterException
            || failed.getClass() == IndexOutOfBoundsException.class
            || failed.getClass() == IOException.class;
    String text = plain && failed.getMessage() != null ? failed.getMessage() : failed.toString();
    String line = text.lines().map(String::strip).collect(Collectors.joining("; "));
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
