package io.github.clpool.opencl.plan;

import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes a plan as files that run without this library: for each launch the kernel source with its
 * includes and macros in place, and a file for Oclgrind's {@code oclgrind-kernel} that gives it
 * arguments. Stateless.
 *
 * <p>Inputs hold 0, 1, 2, ... as far as that is exact, the bits of small numbers in the half types,
 * else ones; results start as a number that no pooling of these gives, and are printed where they
 * are short. A launch that reads what an earlier one wrote finds zeros there.
 *
 * @see <a href="https://github.com/jrprice/Oclgrind/wiki/Running-Kernels-in-Isolation">the
 *     format</a>
 */
public final class PlanExport {
  private static final int MOST_PRINTED = 256;
  private static final int EXACT_IN_FLOAT = 1 << 24;
  private static final int FINITE_HALVES = 0x7c00;
  private static final int ONE_IN_FLOAT16 = 0x3c00;
  private static final int ONE_IN_BFLOAT16 = 0x3f80;
  private static final String POISON = "12345";
  private static final String NO_FAULT = "4294967295";

  private final Problem problem;
  private final LaunchPlan plan;

  private PlanExport(Problem problem, LaunchPlan plan) {
    this.problem = problem;
    this.plan = plan;
  }

  /**
   * Makes the texts.
   *
   * @param problem the call
   * @param plan its plan
   * @return the texts by the names of their files, a {@code .cl} and a {@code .sim} for each
   *     launch; {@code oclgrind-kernel} must run in the folder that holds them
   */
  public static Map<String, String> texts(Problem problem, LaunchPlan plan) {
    Map<String, String> texts = new LinkedHashMap<>();
    PlanExport export = new PlanExport(problem, plan);
    for (int i = 0; i < plan.launches().size(); i++) {
      Launch launch = plan.launches().get(i);
      String name = (plan.launches().size() == 1 ? "" : (i + 1) + "-") + launch.kernel();
      texts.put(name + ".cl", source(launch));
      texts.put(name + ".sim", export.simulation(launch, name + ".cl"));
    }
    return texts;
  }

  private static String source(Launch launch) {
    StringBuilder text = new StringBuilder();
    launch
        .macros()
        .forEach(
            (name, value) -> {
              if (!name.equals(Launch.REDUCTION)) {
                text.append("#define ").append(name).append(' ').append(value).append('\n');
              }
            });
    return text + launch.source().text();
  }

  private String simulation(Launch launch, String source) {
    String arguments =
        launch.arguments().stream().map(this::argument).collect(Collectors.joining("\n"));
    return """
    # %s
    %s
    %s
    %s
    %s
    %s
    """
        .formatted(
            problem,
            source,
            launch.kernel(),
            sizes(launch.enqueued()),
            sizes(launch.local().stream().mapToLong(Long::longValue).toArray()),
            arguments);
  }

  /** Three sizes, the missing ones 1. */
  private static String sizes(long[] sizes) {
    long[] three = {1, 1, 1};
    System.arraycopy(sizes, 0, three, 0, sizes.length);
    return Arrays.stream(three).mapToObj(Long::toString).collect(Collectors.joining(" "));
  }

  private String argument(KernelArgument argument) {
    Text text = new Text();
    argument.bindTo(text);
    return text.line;
  }

  /** An argument as oclgrind-kernel reads it. */
  private final class Text implements KernelParameter {
    private String line;

    @Override
    public void number(int value) {
      line = "<size=4 int> " + value;
    }

    @Override
    public void number(long value) {
      line = "<size=8 long> " + value;
    }

    @Override
    public void struct(int... words) {
      line = ints(words);
    }

    @Override
    public void table(KernelArgument.Table table) {
      line = ints(table.values());
    }

    @Override
    public void tensor(Role role) {
      line = buffer(role);
    }

    @Override
    public void view(Role role) {
      throw new IllegalArgumentException("a plan for views cannot be exported");
    }

    @Override
    public void temporary(int index) {
      line = "<size=" + plan.temporaries().get(index) + " uchar fill=0>";
    }

    @Override
    public void drawn(KernelArgument.Drawn.Source source) {
      line = ints(source.example());
    }

    @Override
    public void key(long each) {
      line = "<size=32 uint> 0 0 0 0 0 0 0 0";
    }

    @Override
    public void fault(KernelArgument.Fault fault) {
      line = "<size=4 uint dump> " + NO_FAULT;
    }

    @Override
    public void callTable(KernelArgument.CallTable table) {
      throw ofCall();
    }

    @Override
    public void callCount(KernelArgument.CallCount count) {
      throw ofCall();
    }

    @Override
    public void callTemporary(KernelArgument.CallTemporary temporary) {
      throw ofCall();
    }

    private IllegalArgumentException ofCall() {
      return new IllegalArgumentException(
          "a plan of "
              + problem.operator().name()
              + " cannot be exported: its call's values are part of it");
    }
  }

  private static String ints(int... values) {
    return "<size=" + 4L * values.length + " int> " + joined(values);
  }

  private static String joined(int... values) {
    return Arrays.stream(values).mapToObj(Integer::toString).collect(Collectors.joining(" "));
  }

  private String buffer(Role role) {
    Shape shape = problem.arguments().get(role);
    DataType type = problem.operator().typeOf(role, problem.type());
    long count = shape.elements();
    boolean result = role.isResult(problem.direction());
    String content =
        result
            ? "fill=" + POISON + (count <= MOST_PRINTED ? " dump" : "")
            : role == Role.INDICES ? "fill=0" : numbers(type, count);
    return "<size=%d %s %s>  # %s %s"
        .formatted(count * type.bytes(), word(type), content, role.words(), shape);
  }

  private static String numbers(DataType type, long count) {
    long exact = type == DataType.FLOAT32 ? EXACT_IN_FLOAT : FINITE_HALVES;
    exact = type.isByte() ? Byte.MAX_VALUE : exact;
    if (type == DataType.FLOAT64 || count <= exact) {
      return "range=0:1:" + (count - 1);
    }
    return "fill="
        + switch (type) {
          case FLOAT16 -> ONE_IN_FLOAT16;
          case BFLOAT16 -> ONE_IN_BFLOAT16;
          default -> 1;
        };
  }

  private static String word(DataType type) {
    return switch (type) {
      case FLOAT32 -> "float";
      case FLOAT64 -> "double";
      case FLOAT16, BFLOAT16 -> "ushort";
      case UINT8 -> "uchar";
      case INT8 -> "char";
      case INT32 -> "int";
    };
  }
}
