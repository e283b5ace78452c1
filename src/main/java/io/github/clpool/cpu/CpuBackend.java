package io.github.clpool.cpu;

import static java.util.Map.entry;

import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.HeapBackend;
import io.github.clpool.backend.Implementation;
import io.github.clpool.op.Lp;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Pool;
import io.github.clpool.reference.ReferenceBackend;
import io.github.clpool.tensor.Require;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Makes the backend that computes fast in Java. Stateless. */
public final class CpuBackend {
  /**
   * The implementations of an operator by its word, the preferred first. Reductions that are not
   * here are computed by their formulas.
   */
  private static final Map<String, Function<Operator, List<Implementation<Parallel, Computation>>>>
      TABLE =
          Map.ofEntries(
              entry("max", folds(Fold.MAX, new DirectSelectPool())),
              entry("min", folds(Fold.MIN, new DirectSelectPool())),
              entry("sum", folds(Fold.SUM, new DirectPool())),
              entry("avg", folds(Fold.SUM, new DirectPool())),
              entry("lp", CpuBackend::norm),
              entry("soft", always(new SoftWindowRows(), new DirectPool())),
              entry("crf_pool", always(new DirectCrfPool())),
              entry("max_unpool", always(new MaxUnpoolPlanes())),
              entry("s3_pool", always(new S3PoolChain())),
              entry("roi_pool", always(new RoiPlanes(RoiPoolBody::of))),
              entry("roi_align", always(new RoiPlanes(RoiAlignAvg::of))),
              entry("soft_gate", always(new DirectSoftGate())));

  private CpuBackend() {}

  /**
   * Makes the backend.
   *
   * @return a backend that computes on the threads of the common fork-join pool; small tensors in
   *     the calling thread
   */
  public static Backend open() {
    return open(Parallel.DEFAULT);
  }

  static Backend open(Parallel parallel) {
    String device = "Java " + Runtime.version().feature();
    return new HeapBackend<>("jvm", device, parallel, CpuBackend::implementations);
  }

  /**
   * The operators that it computes.
   *
   * @return their words
   */
  public static Set<String> words() {
    Set<String> words = new HashSet<>(ReferenceBackend.reductions());
    words.addAll(TABLE.keySet());
    return words;
  }

  static List<Implementation<Parallel, Computation>> implementations(Operator operator) {
    String word = operator.name();
    if (TABLE.containsKey(word)) {
      return TABLE.get(word).apply(operator);
    }
    Require.that(words().contains(word), "operator %s is not in the JVM's table", word);
    return direct(operator);
  }

  private static Function<Operator, List<Implementation<Parallel, Computation>>> always(
      Implementation<Parallel, Computation> only) {
    return operator -> List.of(only);
  }

  private static Function<Operator, List<Implementation<Parallel, Computation>>> always(
      Implementation<Parallel, Computation> preferred,
      Implementation<Parallel, Computation> other) {
    return operator -> List.of(preferred, other);
  }

  /** What folds regions, and what takes the rest. */
  private static Function<Operator, List<Implementation<Parallel, Computation>>> folds(
      Fold fold, Implementation<Parallel, Computation> rest) {
    return operator -> List.of(new TapsPool(fold), new RowsPool(fold), rest);
  }

  private static List<Implementation<Parallel, Computation>> norm(Operator operator) {
    Lp lp = (Lp) ((Pool) operator).reduction();
    return Powers.has(lp)
        ? List.of(
            new TapsPool(Fold.SUM, Powers.of(lp)),
            new RowsPool(Fold.SUM, Powers.of(lp)),
            new DirectPool())
        : direct(operator);
  }

  private static List<Implementation<Parallel, Computation>> direct(Operator operator) {
    return List.of(operator.hasIndices() ? new DirectSelectPool() : new DirectPool());
  }
}
