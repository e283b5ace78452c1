package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.op.Operators;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** README and the documents: programs run, links lead somewhere, lines are short. */
@WithoutDevice
class DocumentsTest {
  private static final Path README = Path.of("README.md");
  private static final Path CONTRIBUTING = Path.of("CONTRIBUTING.md");
  private static final Path FIRST_PROJECT = Path.of("docs", "first-project.md");
  private static final Path OPERATORS = Path.of("docs", "operators.md");
  private static final int LONGEST_LINE = 120;
  private static final int MOST_README_LINES = 150;
  private static final long MOST_PICTURE_BYTES = 600_000;

  /** What a line of a program prints, as the comment at its end says. */
  private static final Pattern PRINTS =
      Pattern.compile("System\\.out\\.println\\(.*\\); // ([\\[\\d].*)");

  private static final Pattern LINK =
      Pattern.compile("(?:\\]\\(|src=\"|^\\[[a-z]+\\]: )([^)\\s#\"]+)", Pattern.MULTILINE);

  private static final Pattern MARKED = Pattern.compile("`([^`\n]+)`");

  /**
   * A class of the library, with members or without; what the documents name besides is no class.
   */
  private static final Pattern CLASS =
      Pattern.compile("(?!Given|AutoCloseable)[A-Z]\\w*[a-z]\\w*((\\.|::)\\w+)*");

  @TempDir Path folder;

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(README, CONTRIBUTING));
    documents.add(Path.of("CHANGELOG.md"));
    try (Stream<Path> files = Files.list(OPERATORS.getParent())) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
    }
    try (Stream<Path> files = Files.walk(Path.of("examples"), 2)) {
      files.filter(file -> file.endsWith("README.md")).sorted().forEach(documents::add);
    }
    return documents;
  }

  @Test
  void theFirstProgramPrintsWhatItSays() throws IOException, InterruptedException {
    String program = Sources.in(README).get(0);
    Sources.compile(folder, "FirstProgram", program);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dclpool.device=jvm",
                "-cp",
                System.getProperty("java.class.path") + File.pathSeparator + folder,
                "FirstProgram")
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), printed);
    List<String> expected = PRINTS.matcher(program).results().map(line -> line.group(1)).toList();
    assertEquals(3, expected.size(), program);
    assertEquals(expected, printed.lines().filter(expected::contains).toList(), printed);
  }

  @Test
  void theExamplesOfOperatorsCompile() throws IOException {
    StringBuilder source = imports();
    source.append("class Examples {\n  Pooling pooling;\n  Pass pass;\n  long seed;\n");
    source.append("  Tensor x, l, p, boxes, values;\n");
    int number = 0;
    for (String example : Sources.in(OPERATORS)) {
      source.append("  Object example%d() {\n    return %s;\n  }\n".formatted(++number, example));
    }
    Sources.compile(folder, "Examples", source + "}\n");
    assertEquals(Operators.names().size(), number, "one example for each operator");
  }

  private static StringBuilder imports() {
    StringBuilder imports = new StringBuilder();
    for (String name : List.of("", ".io", ".op", ".tensor")) {
      imports.append("import io.github.clpool" + name + ".*;\n");
    }
    return imports.append("import static io.github.clpool.op.Regions.*;\n");
  }

  @Test
  void theFirstProjectsPartsCompile() throws IOException {
    StringBuilder source = imports().append("import java.nio.file.Path;\n");
    source.append("class Parts {\n  Pooling pooling;\n  Operator operator;\n  Shape shape;\n");
    source.append("  Tensor x, y;\n  float[] numbers;\n");
    int number = 0;
    for (String part : Sources.in(FIRST_PROJECT)) {
      source.append("  void part%d() throws Exception {\n%s  }\n".formatted(++number, part));
    }
    Sources.compile(folder, "Parts", source + "}\n");
    assertEquals(3, number);
  }

  @Test
  void everyOperatorHasItsPart() throws IOException {
    String page = Files.readString(OPERATORS);
    Matcher headings = Pattern.compile("(?m)^### (\\w+)$").matcher(page);
    TreeSet<String> words = new TreeSet<>();
    while (headings.find()) {
      words.add(headings.group(1));
    }
    assertEquals(new TreeSet<>(Operators.names()), words);
  }

  @Test
  void linksLeadToFiles() throws IOException {
    List<String> missing = new ArrayList<>();
    for (Path document : documents()) {
      Matcher links = LINK.matcher(Files.readString(document));
      while (links.find()) {
        String target = links.group(1);
        Path file = document.toAbsolutePath().resolveSibling(target);
        if (!target.matches("[a-z]+:.*") && !Files.exists(file)) {
          missing.add(document + ": " + target);
        }
      }
    }
    assertEquals(List.of(), missing);
  }

  /** Classes with their members, kernel files, and macros or other constants. */
  @Test
  void namesOfTheCodeAreThere() throws IOException {
    Map<String, String> classes = texts("src", ".java");
    Map<String, String> kernels = texts("opencl", ".cl", ".clh");
    String everything = String.join("", classes.values()) + String.join("", kernels.values());
    List<String> missing = new ArrayList<>();
    int found = 0;
    for (Path document : List.of(OPERATORS.resolveSibling("architecture.md"), CONTRIBUTING)) {
      Matcher marked = MARKED.matcher(Files.readString(document));
      while (marked.find()) {
        String name = marked.group(1);
        boolean isThere = true;
        if (CLASS.matcher(name).matches()) {
          List<String> parts = List.of(name.split("\\.|::"));
          String text = classes.getOrDefault(parts.get(0) + ".java", "");
          isThere = parts.stream().allMatch(text::contains);
        } else if (name.matches("[a-z_0-9/]+\\.clh?")) {
          isThere = kernels.containsKey(name.substring(name.lastIndexOf('/') + 1));
        } else if (name.matches("[A-Z][A-Z_]+")) {
          isThere = everything.contains(name);
        }
        found++;
        if (!isThere) {
          missing.add(document + ": " + name);
        }
      }
    }
    assertEquals(List.of(), missing);
    assertTrue(found > 100, "names: " + found);
  }

  private static Map<String, String> texts(String folder, String... endings) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Stream.of(endings).anyMatch(file.toString()::endsWith)) {
          texts.put(file.getFileName().toString(), Files.readString(file));
        }
      }
    }
    return texts;
  }

  /** Rows of tables may be longer, but not on the first page. */
  @Test
  void linesAreShort() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path document : documents()) {
      List<String> lines = Files.readAllLines(document);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        boolean row = line.startsWith("|") && !document.equals(README);
        if (!row && line.codePointCount(0, line.length()) > LONGEST_LINE) {
          wrong.add(document + ":" + (i + 1));
        }
      }
    }
    assertEquals(List.of(), wrong);
    int readme = Files.readAllLines(README).size();
    assertTrue(readme <= MOST_README_LINES, () -> "the README has " + readme + " lines");
  }

  @Test
  void measuredNumbersAreThoseOfTheMeasurement() throws IOException {
    List<String> measured = Files.readAllLines(Path.of("docs", "performance.md"));
    Map<Boolean, List<String>> rows = rows(Files.readAllLines(README), measured);
    assertEquals(List.of(), rows.get(false), "rows that docs/performance.md does not have");
    assertTrue(rows.get(true).size() >= 5, rows::toString);
  }

  private static Map<Boolean, List<String>> rows(List<String> lines, List<String> measured) {
    return lines.stream()
        .dropWhile(line -> !line.startsWith("## Measured"))
        .dropWhile(line -> !line.startsWith("|---"))
        .skip(1)
        .takeWhile(line -> line.startsWith("|"))
        .collect(Collectors.partitioningBy(measured::contains));
  }

  @Test
  void picturesAreFewAndSmall() throws IOException {
    try (Stream<Path> pictures = Files.list(Path.of("docs", "pictures"))) {
      long bytes = pictures.mapToLong(picture -> picture.toFile().length()).sum();
      assertTrue(bytes > 0 && bytes <= MOST_PICTURE_BYTES, () -> "pictures of " + bytes);
    }
  }
}
