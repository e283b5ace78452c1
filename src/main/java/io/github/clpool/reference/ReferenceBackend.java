package io.github.clpool.reference;

import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.HeapBackend;
import io.github.clpool.backend.Implementation;
import io.github.clpool.op.CrfPool;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.Mix;
import io.github.clpool.op.Mixture;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Reduction;
import io.github.clpool.op.RoiAlign;
import io.github.clpool.op.RoiPool;
import io.github.clpool.op.S3Pool;
import io.github.clpool.op.SoftGate;
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
    } else if (operator instanceof SoftGate) {
      return List.of(new ReferenceSoftGate());
    } else if (operator instanceof CrfPool crfPool) {
      return List.of(new ReferenceCrfPool(crfPool));
    }
    if (operator instanceof RoiPool pool) {
      return List.of(new ReferenceRoiPool(pool));
    } else if (operator instanceof RoiAlign align) {
      return List.of(new ReferenceRoiAlign(align));
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
    } else if (reduction instanceof Reduction.Importance) {
      return new ReferenceImportancePool();
    } else if (reduction instanceof Reduction.Stochastic stochastic) {
      return stochastic.expects() ? new ReferenceExpectedPool() : new ReferenceStochasticPool();
    } else if (reduction instanceof Mix mix) {
      return mix(mix.mixture(), Divisor.counting(mix.countsPadding(), pool.regions()));
    }
    throw new IllegalArgumentException("reduction " + reduction + " is unknown");
  }

  private static ReferencePool mix(Mixture mixture, Divisor divisor) {
    if (mixture instanceof Mixture.Weighted weighted) {
      return new ReferenceMixWeighted(weighted, divisor);
    } else if (mixture instanceof Mixture.Alpha) {
      return new ReferenceMixAlpha(divisor);
    } else if (mixture instanceof Mixture.Gated) {
      return new ReferenceMixGated(divisor);
    } else if (mixture instanceof Mixture.Cat cat) {
      return new ReferenceMixCat(cat.order(), divisor);
    }
    return new ReferenceMixRandom(divisor);
  }
}
