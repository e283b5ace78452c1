package io.github.clpool.cpu;

import io.github.clpool.backend.Backend;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.HeapBackend;
import io.github.clpool.backend.Implementation;
import io.github.clpool.op.CrfPool;
import io.github.clpool.op.Divisor;
import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Reduction;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.op.S3Pool;
import io.github.clpool.op.SoftGate;
import java.util.List;

/** Makes the backend that computes fast in Java. Stateless. */
public final class CpuBackend {
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

  static List<Implementation<Parallel, Computation>> implementations(Operator operator) {
    if (operator instanceof Pool pool) {
      Reduction reduction = pool.reduction();
      if (reduction instanceof Reduction.Stochastic stochastic && !stochastic.expects()) {
        return List.of(new DirectStochasticPool());
      } else if (!Fold.has(reduction)) {
        return List.of(new WindowRowsPool(), new DirectSmoothPool());
      } else if (reduction instanceof Reduction.Lp) {
        return List.of(new DirectPool(Fold.MAX, Divisor.NONE));
      }
      Fold fold = Fold.of(reduction);
      Divisor divisor =
          reduction instanceof Reduction.Avg avg ? Divisor.of(avg, pool.regions()) : Divisor.NONE;
      return List.of(new RowsPool(fold, divisor), new DirectPool(fold, divisor));
    } else if (operator instanceof MaxUnpool) {
      return List.of(new MaxUnpoolPlanes());
    } else if (operator instanceof S3Pool) {
      return List.of(new S3PoolChain());
    } else if (operator instanceof SoftGate) {
      return List.of(new DirectSoftGate());
    } else if (operator instanceof RoiOperator) {
      return List.of(new RoiPlanes());
    }
    if (operator instanceof CrfPool) {
      return List.of(new DirectCrfPool());
    }
    throw new IllegalArgumentException("operator " + operator + " is unknown");
  }
}
