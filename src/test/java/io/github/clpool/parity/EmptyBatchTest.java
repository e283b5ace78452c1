package io.github.clpool.parity;

import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Batches without any image, by every implementation that takes their shape. */
class EmptyBatchTest {
  private static final List<String> REDUCTIONS =
      List.of(
          "max", "avg", "lp p=2", "gem", "soft", "importance", "median", "stochastic", "mix mean");
  private static final List<String> REGIONS =
      List.of("window=2", "window=4", "global", "adaptive=2", "fractional=2 outputSize=2");
  private static final List<String> OTHERS =
      List.of("max_unpool window=2", "s3_pool grid=4 window=2", "soft_gate");
  private static final List<String> WAYS = List.of("", "backward", "NHWC", "NHWC backward");

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#others")
  void isComputed(String device) {
    Stream<String> pools =
        REDUCTIONS.stream().flatMap(each -> REGIONS.stream().map(regions -> each + " " + regions));
    String[] calls =
        Stream.concat(pools, OTHERS.stream())
            .flatMap(text -> WAYS.stream().map(way -> (text + " on 0x3x4x4 " + way).strip()))
            .toArray(String[]::new);
    try (Pooling pooling = TestDevices.open(device)) {
      Parity.repeat(calls).check(pooling).assertEqual();
    }
  }
}
