package io.github.clpool.reference;

import static java.util.Map.entry;

import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.HeapBackend;
import io.github.clpool.backend.Implementation;
import io.github.clpool.op.CrfPool;
import io.github.clpool.op.Operator;
import io.github.clpool.op.RoiAlign;
import io.github.clpool.op.RoiPool;
import io.github.clpool.tensor.Require;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Makes the backend that is the specification. Stateless. */
public final class ReferenceBackend {
  /** What computes an operator, by its word. */
  private static final Map<String, Function<Operator, ReferenceImplementation>> TABLE =
      Map.ofEntries(
          entry("max", operator -> new ReferenceMaxPool(false, false)),
          entry("min", operator -> new ReferenceMaxPool(true, false)),
          entry("sum", ReferenceAvgPool::of),
          entry("avg", ReferenceAvgPool::of),
          entry("lp", ReferenceLpPool::of),
          entry("gem", ReferenceGemPool::of),
          entry("soft", ReferenceSoftPool::of),
          entry("importance", operator -> new ReferenceImportancePool()),
          entry("stochastic", ReferenceStochasticPool::of),
          entry("mix", ReferenceMix::of),
          entry("crf_pool", operator -> new ReferenceCrfPool((CrfPool) operator)),
          entry("max_unpool", operator -> new ReferenceMaxUnpool()),
          entry("s3_pool", operator -> new ReferenceS3Pool()),
          entry("roi_pool", operator -> new ReferenceRoiPool((RoiPool) operator)),
          entry("roi_align", operator -> new ReferenceRoiAlign((RoiAlign) operator)),
          entry("soft_gate", operator -> new ReferenceSoftGate()));

  private ReferenceBackend() {}

  /**
   * Makes the backend.
   *
   * @return a backend that computes in the calling thread
   */
  public static Backend open() {
    return new HeapBackend<Void>("reference", "JVM", null, ReferenceBackend::implementations);
  }

  /**
   * The operators that it computes.
   *
   * @return their words
   */
  public static Set<String> words() {
    return TABLE.keySet();
  }

  private static List<Implementation<Void, Computation>> implementations(Operator operator) {
    Function<Operator, ReferenceImplementation> implementation = TABLE.get(operator.name());
    Require.that(
        implementation != null, "operator %s is not in the reference's table", operator.name());
    return List.of(implementation.apply(operator));
  }
}
