package io.github.clpool.cli;

import io.github.clpool.op.Max;
import io.github.clpool.op.Pool;
import io.github.clpool.parity.Case;
import io.github.clpool.tensor.DataType;
import java.util.Locale;

/**
 * What clpool gives for a case, and how near others must come to it.
 *
 * @param values the output or the gradient
 * @param indices the indices, if it is asked for them
 * @param tolerance how much of a number, or of 1 if that is greater, others may be off
 */
record PeerComparison(float[] values, int[] indices, double tolerance) {
  /** How far numbers may be off that are sums, which others add and round in another order. */
  static double tolerance(DataType type) {
    return switch (type) {
      case FLOAT16 -> 4e-3;
      case BFLOAT16 -> 3e-2;
      default -> 1e-5;
    };
  }

  static PeerComparison of(Case subject, Peer.Prepared ours) {
    boolean selects =
        Figures.Call.of(subject) != Figures.Call.GRADIENT
            && subject.operator() instanceof Pool pool
            && pool.reduction() instanceof Max;
    return new PeerComparison(
        ours.values(),
        subject.indices() ? ours.indices() : new int[0],
        selects ? 0 : tolerance(subject.type()));
  }

  /** Where another result differs, or an empty text. */
  String difference(Peer.Prepared other) {
    float[] found = other.values();
    for (int i = 0; i < Math.max(values.length, found.length); i++) {
      if (values.length != found.length || !near(values[i], found[i])) {
        return String.format(
            Locale.ROOT,
            "differs: element %d is %s of %d, but ours %s of %d",
            i,
            i < found.length ? found[i] : "none",
            found.length,
            i < values.length ? values[i] : "none",
            values.length);
      }
    }
    int[] places = indices.length == 0 ? indices : other.indices();
    for (int i = 0; i < indices.length; i++) {
      if (indices[i] != places[i]) {
        return "differs: index %d is %d, but ours %d".formatted(i, places[i], indices[i]);
      }
    }
    return "";
  }

  private boolean near(float ours, float theirs) {
    return ours == theirs
        || Math.abs((double) ours - theirs) <= tolerance * Math.max(1, Math.abs(ours));
  }
}
