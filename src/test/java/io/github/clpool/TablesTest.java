package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.cpu.CpuBackend;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Reduction;
import io.github.clpool.opencl.implementations.OpenClImplementations;
import io.github.clpool.opencl.plan.ReductionHeader;
import io.github.clpool.reference.ReferenceBackend;
import io.github.clpool.tensor.DataType;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Every operator stands in every table by its word, the glossary included, and nothing else does.
 */
class TablesTest {
  private static final String PACKAGE = "io.github.clpool.";

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
  void openClHasEveryOperator() {
    check(OpenClImplementations.words());
  }

  /** What has an order of implementations but no header would fail only when it is planned. */
  @Test
  void openClHasAHeaderForEveryReduction() {
    for (String word : ReferenceBackend.words()) {
      if (example(word) instanceof Pool pool) {
        String file = ReductionHeader.of(pool, DataType.FLOAT32).file();
        assertNotNull(Pooling.class.getResource("/opencl/" + file), file);
      }
    }
  }

  @Test
  void everyWordIsThatOfTheOperatorItMakes() {
    for (String word : Operators.names()) {
      assertEquals(word, example(word).name());
    }
  }

  /** Nothing else can be an operator, so that no table can meet what it does not know. */
  @Test
  void everyClassOfOperatorsHasAWord() {
    Set<Class<?>> made = new HashSet<>();
    for (String word : Operators.names()) {
      Operator operator = example(word);
      made.add(operator.getClass());
      if (operator instanceof Pool pool) {
        made.add(pool.reduction().getClass());
      }
    }
    Set<Class<?>> permitted = new HashSet<>();
    addPermitted(Operator.class, permitted);
    addPermitted(Reduction.class, permitted);
    assertEquals(permitted, made);
  }

  private static void addPermitted(Class<?> type, Set<Class<?>> all) {
    if (Modifier.isFinal(type.getModifiers())) {
      all.add(type);
      return;
    }
    assertTrue(type.isSealed(), () -> type + " is open to others");
    for (Class<?> part : type.getPermittedSubclasses()) {
      addPermitted(part, all);
    }
  }

  /**
   * The columns of a row: word, other names, value, specification, kernels; only code has marks.
   */
  private static final Pattern ROW =
      Pattern.compile(
          "\\| `([a-z_0-9]+)` \\| [^|]+ \\| `([^`]+)` \\| `([^`]+)` \\| `([^`]+\\.clh?)` \\|");

  @Test
  void theGlossaryNamesWhatIsThere() throws IOException {
    Map<String, MatchResult> rows = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("docs/architecture.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.put(row.group(1), row.toMatchResult());
      }
    }
    check(rows.keySet());
    rows.forEach(
        (word, row) -> {
          Operator operator = example(word);
          Object value = operator instanceof Pool pool ? pool.reduction() : operator;
          assertEquals(value.getClass().getCanonicalName(), PACKAGE + "op." + row.group(2));
          assertDoesNotThrow(() -> Class.forName(PACKAGE + "reference." + row.group(3)), word);
          assertNotNull(Pooling.class.getResource("/opencl/" + row.group(4)), row.group(4));
          if (operator instanceof Pool pool) {
            assertEquals(ReductionHeader.of(pool, DataType.FLOAT32).file(), row.group(4));
          }
        });
  }

  /** One operator of a word. */
  static Operator example(String word) {
    return Operators.parse(
        word
            + switch (word) {
              case "lp" -> " p=2 global";
              case "mix" -> " mean global";
              case "max_unpool" -> " output=4";
              case "s3_pool" -> " grid=2 window=1 inference";
              case "roi_pool", "roi_align" -> " output=2";
              case "crf_pool", "soft_gate" -> "";
              default -> " global";
            });
  }
}
