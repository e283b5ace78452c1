package io.github.clpool.reference;

import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.HeapBackend;
import io.github.clpool.backend.Implementation;
import io.github.clpool.op.CrfPool;
import io.github.clpool.op.Operator;
import io.github.clpool.op.RoiAlign;
import io.github.clpool.op.RoiPool;
import io.github.clpool.tensor.Require;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Makes the backend that is the specification. Stateless. */
public final class ReferenceBackend {
  /** What computes an operator that is no reduction over regions, by its word. */
  private static final Map<String, Function<Operator, ReferenceImplementation>> OTHERS =
      Map.of(
          "crf_pool", operator -> new ReferenceCrfPool((CrfPool) operator),
          "max_unpool", operator -> new ReferenceMaxUnpool(),
          "s3_pool", operator -> new ReferenceS3Pool(),
          "roi_pool", operator -> new ReferenceRoiPool((RoiPool) operator),
          "roi_align", operator -> new ReferenceRoiAlign((RoiAlign) operator),
          "soft_gate", operator -> new ReferenceSoftGate());

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
    Set<String> words = new HashSet<>(reductions());
    words.addAll(OTHERS.keySet());
    return words;
  }

  /**
   * The reductions that have a formula.
   *
   * @return their words
   */
  public static Set<String> reductions() {
    return Formulas.TABLE.keySet();
  }

  private static List<Implementation<Void, Computation>> implementations(Operator operator) {
    String word = operator.name();
    if (Formulas.TABLE.containsKey(word)) {
      return List.of(new ReferencePool());
    }
    Require.that(OTHERS.containsKey(word), "operator %s is not in the reference's table", word);
    return List.of(OTHERS.get(word).apply(operator));
  }
}
