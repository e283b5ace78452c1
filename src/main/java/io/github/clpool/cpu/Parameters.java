package io.github.clpool.cpu;

import io.github.clpool.backend.HeapStorage;
import io.github.clpool.exact.PlaneSums;
import io.github.clpool.exact.Precision;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.stream.IntStream;

/**
 * Learned weights, which all channels share or each has its own of, and the sums that their
 * gradient is made of.
 *
 * @param numbers arrays of the computing type
 * @param values the weights of all channels
 * @param ofChannel the number of weights of a channel
 * @param sets how many sets of weights there are, one or one for each channel
 */
record Parameters<A>(Numbers<A> numbers, A values, int ofChannel, int sets) {
  /** Reads the weights of a call of a reduction that has some. */
  static <A> Parameters<A> of(Problem problem, Numbers<A> numbers, Tensor weights) {
    Pool pool = (Pool) problem.operator();
    int ofChannel =
        (int) pool.reduction().weights(problem.input(), pool.regions()).get(0).elements();
    int elements = (int) weights.shape().elements();
    A values = numbers.array(elements);
    numbers.wide().load((HeapStorage) weights.storage(), 0, 1, values, 0, elements);
    return new Parameters<>(numbers, values, ofChannel, elements / ofChannel);
  }

  double get(int channel, int i) {
    return numbers.get(values, (sets == 1 ? 0 : channel * ofChannel) + i);
  }

  /** Room for what each plane gives to the gradient of each weight of its channel. */
  PlaneSums[] sums(Problem problem) {
    Shape input = problem.input();
    Precision precision = numbers.precision();
    return IntStream.range(0, ofChannel)
        .mapToObj(i -> new PlaneSums((int) input.n(), (int) input.c(), precision))
        .toArray(PlaneSums[]::new);
  }

  void storeGradient(PlaneSums[] sums, Tensor gradient, boolean accumulate) {
    HeapStorage storage = (HeapStorage) gradient.storage();
    int count = sets * ofChannel;
    A array = numbers.array(count);
    for (int i = 0; i < ofChannel; i++) {
      double[] totals = sums[i].total(sets);
      for (int set = 0; set < sets; set++) {
        numbers.set(array, set * ofChannel + i, totals[set]);
      }
    }
    A old = accumulate ? numbers.array(count) : null;
    if (accumulate) {
      numbers.wide().load(storage, 0, 1, old, 0, count);
    }
    numbers.complete(array, 0, count, old);
    numbers.wide().store(array, 0, storage, 0, 1, count);
  }
}
