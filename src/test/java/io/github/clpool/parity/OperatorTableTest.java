package io.github.clpool.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Nightly;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.op.Operators;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of operators in the documents: everything is tried with every operator, and what gives
 * the bits of the reference must be what the table says, no less and no more.
 */
class OperatorTableTest {
  private static final List<String> DIRECTIONS = List.of("forward", "backward");
  private static final List<String> RANKS = List.of("1-d", "2-d", "3-d", "graphs");
  private static final List<String> SHAPES = List.of("2x3x8", "2x3x4x8", "1x3x4x4x8", "12x3");
  private static final List<String> TYPES =
      Arrays.stream(DataType.values())
          .filter(type -> type != DataType.INT32)
          .map(DataType::name)
          .toList();
  private static final List<String> LAYOUTS =
      Arrays.stream(Layout.values()).map(Layout::name).toList();

  /** How the text of a call begins; of reductions regions follow. */
  private static final Map<String, String> TEXTS =
      Map.of(
          "lp", "lp p=2",
          "mix", "mix mean",
          "max_unpool", "max_unpool window=2",
          "s3_pool", "s3_pool grid=4 window=2",
          "roi_pool", "roi_pool output=2",
          "roi_align", "roi_align output=2");

  private static final Map<String, String> REGIONS =
      Map.of(
          "window", "window=3 stride=2 padding=1",
          "global", "global",
          "adaptive", "adaptive=3",
          "fractional", "fractional=2 outputSize=3",
          "sampled", "sampled=2 grid=4");

  /** A line of the table, each cell a set of words. */
  private record Row(String operator, List<Set<String>> cells) {
    static Row parse(String line) {
      String[] parts = line.replace("`", "").split("\\|");
      List<Set<String>> cells = new ArrayList<>();
      for (int i = 2; i < parts.length; i++) {
        cells.add(new TreeSet<>(Arrays.asList(parts[i].strip().split(" *, *"))));
      }
      return new Row(parts[1].strip(), cells);
    }

    Set<String> regions() {
      return cells.get(0);
    }

    Set<String> backends() {
      return cells.get(5);
    }

    /**
     * Every combination of direction, rank, type, which may name its only direction, and layout.
     */
    Set<String> combinations() {
      Set<String> all = new TreeSet<>();
      for (String direction : cells.get(1)) {
        for (String rank : cells.get(2)) {
          for (String words : cells.get(3)) {
            String type = words.split(" ")[0];
            if (words.equals(type) || words.equals(type + " " + direction)) {
              for (String layout : cells.get(4)) {
                all.add(String.join(" ", direction, rank, type, layout));
              }
            }
          }
        }
      }
      return all;
    }
  }

  private static Map<String, Row> table() throws IOException {
    Map<String, Row> rows = new TreeMap<>();
    Files.readString(Path.of("docs", "operators.md"))
        .lines()
        .dropWhile(line -> !line.startsWith("## Every operator"))
        .dropWhile(line -> !line.startsWith("|---"))
        .skip(1)
        .takeWhile(line -> line.startsWith("|"))
        .map(Row::parse)
        .forEach(row -> rows.put(row.operator(), row));
    return rows;
  }

  @Test
  void theTableHasEveryOperator() throws IOException {
    assertEquals(new TreeSet<>(Operators.names()), table().keySet());
  }

  /** Without simulators, where everything is slow. */
  private static List<String> devices() {
    return TestDevices.isSimulator() ? List.of("jvm") : TestDevices.others();
  }

  @ParameterizedTest
  @MethodSource("devices")
  void theTableSaysWhatRuns(String name) throws IOException {
    try (Pooling reference = Pooling.open(DevicePolicy.REFERENCE);
        Pooling device = TestDevices.open(name)) {
      String backend = name.equals("jvm") ? "JVM" : "OpenCL";
      for (Row row : table().values()) {
        String operator = row.operator();
        Set<String> expected = new TreeSet<>();
        if (row.backends().contains(backend)) {
          row.combinations().stream()
              .filter(each -> device.refusal(DataType.valueOf(each.split(" ")[2])).isEmpty())
              .forEach(expected::add);
        }
        boolean overRegions = !RandomOperators.has(operator);
        String text = TEXTS.getOrDefault(operator, operator);
        String call = overRegions ? text + " " + REGIONS.get("window") : text;
        assertSame(expected, ran(call, reference, device), operator + " on " + name);
        if (overRegions) {
          assertSame(row.regions(), regions(text, reference, device), operator + " on " + name);
        }
      }
    }
  }

  private static void assertSame(Set<String> said, Set<String> found, String what) {
    Set<String> less = new TreeSet<>(said);
    less.removeAll(found);
    Set<String> more = new TreeSet<>(found);
    more.removeAll(said);
    assertTrue(
        less.isEmpty() && more.isEmpty(),
        () -> what + ": the table says too much with " + less + ", too little without " + more);
  }

  /** The combinations that an operator takes. */
  private static Set<String> ran(String operator, Pooling reference, Pooling device) {
    Set<String> ran = new TreeSet<>();
    for (String direction : DIRECTIONS) {
      for (int rank = 0; rank < RANKS.size(); rank++) {
        for (String type : TYPES) {
          for (String layout : LAYOUTS) {
            String way = direction.equals("forward") ? "" : " backward";
            String text = String.join(" ", operator, "on", SHAPES.get(rank), type, layout) + way;
            if (runs(text, reference, device)) {
              ran.add(String.join(" ", direction, RANKS.get(rank), type, layout));
            }
          }
        }
      }
    }
    return ran;
  }

  /** The regions that a reduction takes. */
  private static Set<String> regions(String reduction, Pooling reference, Pooling device) {
    Set<String> ran = new TreeSet<>();
    for (String word : Operators.regions()) {
      String call = reduction + " " + REGIONS.get(word) + " on " + SHAPES.get(1);
      if (runs(call, reference, device) && runs(call + " backward", reference, device)) {
        ran.add(word);
      }
    }
    return ran;
  }

  /**
   * Whether a call is taken; then it must give the bits of the reference. Where each costs a
   * compilation, only one of six is computed, the others are planned.
   */
  private static boolean runs(String text, Pooling reference, Pooling device) {
    Case subject;
    try {
      subject = Case.parse(text);
      subject.problem();
    } catch (IllegalArgumentException doesNotFit) {
      return false;
    }
    if (device.refusal(subject.type()).isPresent()) {
      return false;
    }
    if (device.selection().backend().equals("opencl")
        && text.hashCode() % Nightly.cases(12, 1) != 0) {
      return device.explain(subject.problem()).stream().anyMatch(Verdict::accepted);
    }
    Outcome outcome = Parity.check(subject, reference, device, preference(subject, device));
    assertTrue(outcome.matches(), outcome::toString);
    assertTrue(outcome.compared() > 0, outcome::toString);
    return true;
  }

  /** What takes least to compile; the fast implementations are compared elsewhere. */
  private static Preference preference(Case subject, Pooling device) {
    boolean direct =
        device.explain(subject.problem()).stream()
            .anyMatch(verdict -> verdict.accepted() && verdict.implementation().equals("direct"));
    return direct ? Preference.implementation("direct") : Preference.NONE;
  }
}
