package io.github.clpool.cache;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Plan;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.Producer;
import java.util.Collections;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs a line for each run of a plan, once it is done: what repeats it, what computed it, and how
 * long that took from the call on. Thread-safe.
 */
final class CallLog implements Plan {
  private static final Logger LOG = LoggerFactory.getLogger(CallLog.class);
  private static final String PROPERTY = "clpool.verbose";
  private static final String ENVIRONMENT = "CLPOOL_VERBOSE";

  private final Backend backend;
  private final Problem problem;
  private final Plan plan;

  CallLog(Backend backend, Problem problem, Plan plan) {
    this.backend = backend;
    this.problem = problem;
    this.plan = plan;
  }

  /** Whether property or environment ask for it, by {@code true} or {@code 1}. */
  static boolean isWanted() {
    String wish = System.getProperty(PROPERTY, System.getenv(ENVIRONMENT));
    return wish != null && (wish.equals("1") || wish.equalsIgnoreCase("true"));
  }

  @Override
  public Producer producer() {
    return plan.producer();
  }

  @Override
  public boolean tryRun(Arguments arguments) {
    boolean[] ran = new boolean[1];
    long start = System.nanoTime();
    try (Completion done = backend.enqueue(() -> ran[0] = plan.tryRun(arguments))) {
      done.toCompletableFuture().whenComplete((nothing, failed) -> log(start, failed));
    }
    return ran[0];
  }

  private void log(long start, Throwable failed) {
    String time = String.format(Locale.ROOT, "%.3f ms", (System.nanoTime() - start) * 1e-6);
    LOG.info(
        "{} # {}, {}", command(problem, producer()), producer(), failed == null ? time : failed);
  }

  /** The command line that repeats a call with numbers that it makes up. */
  static String command(Problem problem, Producer producer) {
    boolean backward = problem.direction() == Direction.BACKWARD;
    String way =
        problem.accumulate()
            ? " accumulate"
            : backward ? " backward" : problem.has(Role.INDICES) ? " indices" : "";
    boolean bare =
        Collections.disjoint(problem.operator().optionalParameters(), problem.arguments().keySet());
    return String.format(
        Locale.ROOT,
        "clpool run --case \"%s on %s %s %s%s seed=%d\" --device \"%s\"",
        problem.operator(),
        problem.input(),
        problem.layout(),
        problem.type(),
        way,
        bare ? 0 : 1, // odd seeds give what may be given
        producer.backend().equals("opencl") ? producer.device() : producer.backend());
  }

  @Override
  public void close() {
    plan.close();
  }
}
