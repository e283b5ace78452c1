package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.cpu.CpuBackend;
import io.github.clpool.op.Operators;
import io.github.clpool.reference.ReferenceBackend;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every operator stands in the table of every backend by its word, and nothing else does. */
class TablesTest {
  private static void check(Set<String> table) {
    assertEquals(new TreeSet<>(Operators.names()), new TreeSet<>(table));
  }

  @Test
  void theReferenceHasEveryOperator() {
    check(ReferenceBackend.words());
  }

  @Test
  void theJvmHasEveryOperator() {
    check(CpuBackend.words());
  }
}
