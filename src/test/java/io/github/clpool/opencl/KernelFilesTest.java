package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.opencl.plan.KernelSource;
import io.github.clpool.opencl.plan.ReductionHeader;
import io.github.clpool.tensor.DataType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for the files of kernels as a whole. */
class KernelFilesTest {
  private static final Pattern DIRECTIVE = Pattern.compile("\\s*#\\s*(\\w+)\\s*(.*)");
  private static final Pattern NAME = Pattern.compile("\\w+");
  private static final Path ROOT = root();

  /** Macros that more than one file may define, and why. */
  private static final Map<String, String> SHARED = new TreeMap<>();

  private static void mayShare(String reason, String... names) {
    Stream.of(names).forEach(name -> SHARED.put(name, reason));
  }

  static {
    mayShare("each skeleton says what it is with if no reduction is given", "REDUCTION");
    mayShare("vectors are as wide as what kernels go by: rows, or channels", "LANES");
    mayShare(
        "lib/outputs.clh and lib/cells.clh tell skeletons apart, which include one of them",
        "OF_REGIONS",
        "OF_COVERS",
        "BUFFERS",
        "GEOMETRY");
    mayShare(
        "a kernel includes one reduction, and each says it for itself",
        "KEYS_OF_STORED",
        "PADS",
        "PADDING",
        "STATISTICS_AT_ONCE",
        "SELECTED",
        "DRAWN_STREAM",
        "HALVES");
    mayShare(
        "kernels for rows on CPUs, which meet no skeleton, have windows of other strides",
        "KERNEL_D",
        "KERNEL_H",
        "KERNEL_W",
        "STRIDE_D",
        "STRIDE_H",
        "STRIDE_W",
        "DILATION_D",
        "DILATION_H",
        "DILATION_W",
        "COVERS_H");
    mayShare(
        "keys of rows are as wide as their elements; a kernel includes one header of keys",
        "MINIMUM",
        "SIGN",
        "INFINITY_BITS",
        "INFINITY_KEY",
        "LEAST_KEY");
    mayShare(
        "a row holds keys or numbers: a kernel includes one of the headers that say which",
        "ELEMENT",
        "CELL_T",
        "LOAD_CELL",
        "LOAD_CELLS",
        "FEW_TAPS",
        "FOR_EACH_VECTOR");
    mayShare(
        "lib/lanes.clh makes vectors of numbers",
        "CHANNELS",
        "CONDITION",
        "LATER_BETTER",
        "LOAD",
        "NONE",
        "STORE",
        "STORE_INT",
        "X");
    mayShare(
        "kernels that stand alone and include no header that states it",
        "ACCUMULATE",
        "CAPACITY",
        "CHANNELS_LAST",
        "CHOICE",
        "GRAD_INPUT",
        "GRAD_LOGITS",
        "INDICES",
        "MAGNITUDES",
        "PAPER_GRADIENT",
        "PREFETCH",
        "WIDE");
  }

  /** One with each of their words, and those that a word's options make another reduction. */
  private static List<String> reductions() {
    List<String> all = new ArrayList<>(List.of("lp p=inf", "stochastic expected"));
    Map<String, String> needed = Map.of("lp", " p=2", "mix", " gated");
    ReductionHeader.words().forEach(word -> all.add(word + needed.getOrDefault(word, "")));
    return all;
  }

  @Test
  void noIncludeStandsUnderACondition() {
    List<String> found = new ArrayList<>();
    for (String file : files()) {
      Deque<String> conditions = new ArrayDeque<>();
      for (String line : lines(file)) {
        Matcher directive = DIRECTIVE.matcher(line);
        if (!directive.matches()) {
          continue;
        }
        String word = directive.group(1);
        if (word.startsWith("if")) {
          conditions.push(directive.group(2).strip());
        } else if (word.equals("endif")) {
          conditions.pop();
        } else if (word.equals("include")) {
          conditions.stream()
              .filter(condition -> !condition.equals(guard(file)))
              .map(condition -> file + ": " + line + " under " + condition)
              .forEach(found::add);
        }
      }
    }
    assertEquals(List.of(), found);
  }

  /** A header that states the default of an option, and a file that sets it, are one definition. */
  @Test
  void aMacroIsDefinedByOneFile() {
    SortedMap<String, SortedSet<String>> defaults = new TreeMap<>();
    SortedMap<String, SortedSet<String>> settings = new TreeMap<>();
    for (String file : files()) {
      List<String> lines = lines(file);
      for (int i = 0; i < lines.size(); i++) {
        String name = named("define", lines.get(i));
        if (name == null || name.equals(guard(file))) {
          continue;
        }
        boolean isDefault = i > 0 && name.equals(named("ifndef", lines.get(i - 1)));
        // Kernel files are compiled one by one; headers meet each other.
        if (isDefault || file.endsWith(".clh")) {
          (isDefault ? defaults : settings)
              .computeIfAbsent(name, unused -> new TreeSet<>())
              .add(file);
        }
      }
    }
    SortedMap<String, SortedSet<String>> found = new TreeMap<>();
    Stream.of(defaults, settings)
        .flatMap(map -> map.entrySet().stream())
        .filter(entry -> entry.getValue().size() > 1 && !SHARED.containsKey(entry.getKey()))
        .forEach(
            entry ->
                found.merge(
                    entry.getKey(),
                    entry.getValue(),
                    (a, b) -> {
                      a.addAll(b);
                      return a;
                    }));
    assertEquals(Map.of(), found);
  }

  @Test
  void everyReductionIsOfAnOperator() {
    Set<String> used = new TreeSet<>();
    for (String text : reductions()) {
      Pool pool = (Pool) Operators.parse(text + " window=2");
      used.add(ReductionHeader.of(pool, DataType.FLOAT32).file());
    }
    Set<String> there =
        files().stream()
            .filter(file -> file.startsWith("reductions/"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(there, used);
  }

  private static final Pattern MEMBERS = Pattern.compile("typedef struct \\{([^}]*)\\} (\\w+);");

  /** Where a plan had too little memory for what outputs give, kernels would write behind it. */
  @Test
  void aReductionGivesAsManyNumbersAsItsHeaderSays() {
    for (String text : reductions()) {
      Pool pool = (Pool) Operators.parse(text + " window=2");
      ReductionHeader header = ReductionHeader.of(pool, DataType.FLOAT32);
      if (!header.selects()) {
        assertEquals(header.given(), membersOf("Given", header.file()), header.file());
      }
    }
  }

  /** How many numbers a type of a file holds; anything that is no struct of its is one. */
  private static int membersOf(String type, String file) {
    for (Matcher struct = MEMBERS.matcher(String.join("\n", lines(file))); struct.find(); ) {
      if (struct.group(2).equals(type)) {
        return Stream.of(struct.group(1).strip().split(";\\s*"))
            .map(member -> member.split(" ", 2))
            .mapToInt(member -> member[1].split(",").length * membersOf(member[0], file))
            .sum();
      }
    }
    return 1;
  }

  private static String named(String word, String line) {
    Matcher directive = DIRECTIVE.matcher(line);
    if (!directive.matches() || !directive.group(1).equals(word)) {
      return null;
    }
    Matcher name = NAME.matcher(directive.group(2));
    return name.lookingAt() ? name.group() : null;
  }

  /** The macro that keeps a header from being included twice. */
  private static String guard(String file) {
    String name = file.substring(file.lastIndexOf('/') + 1).replace('.', '_');
    return "CLPOOL_" + name.toUpperCase(Locale.ROOT);
  }

  private static List<String> files() {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> ROOT.relativize(file).toString().replace('\\', '/'))
          .filter(file -> file.endsWith(".cl") || file.endsWith(".clh"))
          .sorted()
          .toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static List<String> lines(String file) {
    try {
      return Files.readAllLines(ROOT.resolve(file));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static Path root() {
    try {
      return Path.of(KernelSource.class.getResource("/opencl/tile.cl").toURI()).getParent();
    } catch (URISyntaxException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
