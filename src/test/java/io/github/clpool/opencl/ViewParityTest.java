package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Nightly;
import io.github.clpool.Pooling;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.Outcome;
import io.github.clpool.parity.Parity;
import io.github.clpool.tensor.Handles;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Every implementation that reads and writes views in place, on views of every tensor, has the bits
 * of the reference on dense ones, and leaves alone what lies beside them.
 */
class ViewParityTest {
  private static final long SEED = Nightly.seed();

  /** By the implementation before the colon; at night by all, in both layouts. */
  private static final List<String> CASES =
      List.of(
          "tile: max window=3 stride=2 padding=1 on 2x3x7x8 indices",
          "tile: importance window=3 stride=2 on 2x3x7x7 NHWC",
          "tile: max window=2 on 2x3x4x8 accumulate",
          "tile: avg window=3 stride=2 padding=1 on 2x3x7x8 accumulate",
          "tile: mix gated window=2 on 2x3x4x4 NHWC backward",
          "direct: max window=3 stride=2 on 2x3x7x7 NHWC indices",
          "direct: mix cat=avg-max window=2 on 2x3x4x4 NHWC",
          "direct: lp p=inf window=2 on 2x3x5x4 NHWC backward",
          "direct: importance window=2 on 2x3x4x4 NHWC accumulate",
          "direct: max global on 2x3x3x3 accumulate",
          "direct: soft window=4 on 2x3x4x8 backward",
          "tile_scatter: max window=4 stride=1 padding=1 on 2x3x7x8 backward",
          "tile_scatter: max window=4 stride=1 padding=1 on 2x3x6x7 NHWC accumulate",
          "blocks: max_unpool window=2 on 2x3x3x4",
          "separable: max window=6 stride=1 padding=2 on 2x3x7x8 NHWC",
          "separable: avg window=6 stride=1 padding=2 on 2x3x7x8 NHWC backward",
          "group: avg global on 2x3x9x8 FLOAT16",
          "claim: max_unpool window=2 on 2x3x3x4 NHWC accumulate",
          "distinct: max_unpool window=2 distinct on 2x3x2x3 NHWC",
          "direct: roi_pool output=2x3 on 2x3x9x8 NHWC indices",
          "direct: roi_pool output=2x3 on 2x8x9x8 backward",
          "direct: roi_align output=2x3 on 2x4x9x8",
          "direct: roi_align output=2x3 on 2x8x9x8 NHWC accumulate",
          "direct: roi_align output=2x3 mode=max samplingRatio=2 on 2x3x9x8 NHWC backward");

  @Test
  void everyImplementationInPlaceHasTheBitsOfDenseTensors() {
    long live = Handles.live();
    OpenClBackend device = TestDevice.open();
    Set<String> inPlace = new TreeSet<>();
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling viewed = Pooling.over(new ViewedBackend(device, new Random(SEED)))) {
      for (String text : CASES) {
        String[] parts = text.split(": ");
        check(parts[0], Case.parse(parts[1]), reference, viewed, inPlace);
        if (Nightly.is()) {
          check("", Case.parse(parts[1]), reference, viewed, inPlace);
          check("", Case.parse(inOtherLayout(parts[1])), reference, viewed, inPlace);
        }
      }
    }
    assertEquals(
        Set.of(
            "blocks", "claim", "direct", "distinct", "group", "separable", "tile", "tile_scatter"),
        inPlace,
        "implementations that take views");
    assertEquals(live, Handles.live());
  }

  private static String inOtherLayout(String text) {
    return text.contains(" NHWC") ? text.replace(" NHWC", "") : text + " NHWC";
  }

  /** By one implementation, or by all that take views. */
  private static void check(
      String only, Case call, Pooling reference, Pooling viewed, Set<String> inPlace) {
    int checks = 0;
    for (Verdict verdict : viewed.explain(call.problem())) {
      boolean wished = only.isEmpty() || verdict.implementation().equals(only);
      if (wished && verdict.accepted() && verdict.reason().endsWith("; views in place")) {
        Preference wish = Preference.implementation(verdict.implementation());
        Outcome outcome = Parity.check(call, reference, viewed, wish);
        assertTrue(outcome.matches(), () -> "seed " + SEED + ": " + outcome);
        assertTrue(outcome.compared() > 0);
        inPlace.add(verdict.implementation());
        checks++;
      }
    }
    assertTrue(checks > 0, () -> only + ": " + call);
  }
}
