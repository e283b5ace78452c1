package io.github.clpool.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.Nightly;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Texts of operators with mistakes: an operator that its own text gives again, or a refusal. */
class OperatorTextFuzzTest {
  private static final List<String> VALID =
      List.of(
          "max window=3x3 stride=2 padding=1 dilation=1x2 ceilMode",
          "min window=3 same",
          "max window=2x2x2 sameLower stride=1",
          "avg countIncludePad=false divisorOverride=-3 window=5 padding=1:2 widePadding",
          "avg countIncludePad=false adaptive=7xKEEP",
          "sum global",
          "lp p=2.5 mean signed window=2",
          "lp p=inf adaptive=3",
          "gem eps=1e-3 global",
          "soft paperGradient window=4",
          "median window=3x3 stride=1 padding=1",
          "variance sample window=3",
          "std global",
          "log_sum_exp sharpness=2.5 mean adaptive=3",
          "importance window=3 stride=2 padding=1",
          "stochastic fractional=2 outputSize=4x5",
          "stochastic expected window=2",
          "max fractional=2x3 outputRatio=0.7x0.5",
          "max sampled=2 grid=8",
          "mix a=0.25 b=1e-9 window=2",
          "mix alpha countIncludePad window=3 padding=1",
          "mix cat=avg,max global",
          "mix gated window=2x3",
          "mix random adaptive=2",
          "max_unpool window=3 stride=2 padding=1 distinct",
          "max_unpool output=7x9",
          "s3_pool grid=8 window=2 inference",
          "roi_pool output=7x7 spatialScale=0.0625 avg",
          "roi_align output=7 samplingRatio=2 aligned mode=max-onnx",
          "crf_pool edges=2 normalization=ROW_SUM_ABS steps=3 compatibility hard",
          "crf_pool given normalization=NONE",
          "soft_gate");
  private static final List<String> VALUES =
      List.of(
          "",
          "0",
          "-1",
          "2147483647",
          "2147483648",
          "-2147483648",
          "99999999999999999999",
          "1e400",
          "-0.0",
          "4.9e-324",
          "NaN",
          "inf",
          "Infinity",
          "0x1p-3",
          "1d",
          "KEEP",
          "true",
          "false",
          "1x",
          "x",
          "1x1x1x1",
          ":",
          "1:2:3",
          "=",
          "\u0664",
          "\ud800");
  private static final String LETTERS = "x=:., -+eE0123456789KEPinfmaxwdostrg\t\n\u00e9";

  @Test
  void textsWithMistakes() {
    long seed = Nightly.seed();
    Random random = new Random(seed);
    int cases = Nightly.cases(500, 20_000);
    int read = 0;
    for (int i = 0; i < cases; i++) {
      String text = VALID.get(random.nextInt(VALID.size()));
      for (int mistakes = random.nextInt(4); mistakes >= 0; mistakes--) {
        text = mistaken(text, random);
      }
      if (isRead(text, "seed " + seed + ", case " + i + ": '" + text + "'")) {
        read++;
      }
    }
    assertTrue(read > cases / 50, "only " + read + " of " + cases + " were read");
  }

  private static boolean isRead(String text, String what) {
    try {
      Operator operator = Operators.parse(text);
      assertEquals(operator, Operators.parse(operator.toString()), what);
      return true;
    } catch (IllegalArgumentException refused) {
      assertNotNull(refused.getMessage(), what);
      return false;
    } catch (RuntimeException | StackOverflowError other) {
      throw new AssertionError(what, other);
    }
  }

  private static String mistaken(String text, Random random) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + 1 + random.nextInt(3));
    char letter = LETTERS.charAt(random.nextInt(LETTERS.length()));
    List<String> words = new ArrayList<>(Arrays.asList(text.split(" ", -1))); // at least one
    int word = random.nextInt(words.size());
    switch (random.nextInt(7)) {
      case 0:
        return text.substring(0, at) + text.substring(end);
      case 1:
        return text.substring(0, at) + letter + text.substring(at);
      case 2:
        return text.substring(0, at) + letter + text.substring(end);
      case 3:
        String key = words.get(word).split("=", 2)[0];
        words.set(word, key + "=" + VALUES.get(random.nextInt(VALUES.size())));
        break;
      case 4:
        Collections.swap(words, word, random.nextInt(words.size()));
        break;
      case 5:
        words.remove(word);
        break;
      default:
        String[] other = VALID.get(random.nextInt(VALID.size())).split(" ");
        words.add(word, other[random.nextInt(other.length)]);
    }
    return String.join(" ", words);
  }
}
