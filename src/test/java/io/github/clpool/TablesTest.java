package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.cpu.CpuBackend;
import io.github.clpool.op.Operators;
import io.github.clpool.reference.ReferenceBackend;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every operator stands in the table of every backend by its word, and nothing else does. */
class TablesTest {
  private static void check(Set<String> table) {
    assertEquals(Set.of(), without(Operators.names(), table), "words that the table misses");
    assertEquals(Set.of(), without(table, Operators.names()), "words that are no operator's");
  }

  private static Set<String> without(Collection<String> words, Collection<String> others) {
    Set<String> rest = new TreeSet<>(words);
    rest.removeAll(others);
    return rest;
  }

  @Test
  void theReferenceHasEveryOperator() {
    check(ReferenceBackend.words());
  }

  @Test
  void theJvmHasEveryOperator() {
    check(CpuBackend.words());
  }

  @Test
  void everyWordIsThatOfTheOperatorItMakes() {
    for (String word : Operators.names()) {
      String options =
          switch (word) {
            case "lp" -> " p=2 global";
            case "mix" -> " mean global";
            case "max_unpool" -> " output=4";
            case "s3_pool" -> " grid=2 window=1 inference";
            case "roi_pool", "roi_align" -> " output=2";
            case "crf_pool", "soft_gate" -> "";
            default -> " global";
          };
      assertEquals(word, Operators.parse(word + options).name());
    }
  }
}
