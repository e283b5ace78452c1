package io.github.clpool.reference;

import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.HeapBackend;
import io.github.clpool.backend.Implementation;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Reduction;
import io.github.clpool.op.S3Pool;
import java.util.List;

/** Makes the backend that is the specification. Stateless. */
public final class ReferenceBackend {
  private ReferenceBackend() {}

  /**
   * Makes the backend.
   *
   * @return a backend that computes in the calling thread
   */
  public static Backend open() {
    return new HeapBackend<Void>("reference", "JVM", null, ReferenceBackend::implementations);
  }

  private static List<Implementation<Void, Computation>> implementations(Operator operator) {
    if (operator instanceof Pool pool) {
      return List.of(implementation(pool));
    } else if (operator instanceof MaxUnpool) {
      return List.of(new ReferenceMaxUnpool());
    } else if (operator instanceof S3Pool) {
      return List.of(new ReferenceS3Pool());
    }
    throw new IllegalArgumentException("operator " + operator + " is unknown");
  }

  private static ReferencePool implementation(Pool pool) {
    Reduction reduction = pool.reduction();
    if (reduction instanceof Reduction.Max) {
      return new ReferenceMaxPool(false, false);
    } else if (reduction instanceof Reduction.Min) {
      return new ReferenceMaxPool(true, false);
    } else if (reduction instanceof Reduction.Avg avg) {
      return new ReferenceAvgPool(Divisor.of(avg, pool.regions()));
    } else if (reduction instanceof Reduction.Sum) {
      return new ReferenceAvgPool(Divisor.NONE);
    } else if (reduction instanceof Reduction.Lp lp) {
      return lp.isSelecting() ? new ReferenceMaxPool(false, true) : new ReferenceLpPool(lp);
    } else if (reduction instanceof Reduction.Gem gem) {
      return new ReferenceGemPool(gem.eps());
    } else if (reduction instanceof Reduction.Soft soft) {
      return new ReferenceSoftPool(soft.exact());
    }
    throw new IllegalArgumentException("reduction " + reduction + " is unknown");
  }
}
