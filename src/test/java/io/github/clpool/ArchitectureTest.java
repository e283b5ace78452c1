package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The arrows between packages, read from the compiled classes with the JDK's own jdeps. */
class ArchitectureTest {
  private static final String ROOT = "io.github.clpool";
  private static final Pattern ARROW = Pattern.compile("\\s+(\\S+)\\s+-> (\\S+)\\s+\\S.*");

  private static final Set<String> VALUES = Set.of("tensor", "exact");
  private static final Set<String> OPERATORS = and(VALUES, "op");
  private static final Set<String> BACKENDS = and(OPERATORS, "backend");
  private static final String[] OPENCL_PLANNERS = {
    "opencl.plan", "opencl.gpu", "opencl.cpu", "opencl.roi", "opencl.graph", "opencl.unpool"
  };
  private static final Set<String> LIBRARY =
      and(BACKENDS, "cache", "reference", "cpu", "opencl", "split", "");

  /** What opens devices, and what the command line shows of plans. */
  private static final String[] OPENCL_ROOMS = {
    "opencl.device", "opencl.implementations", "opencl.plan", "opencl.runtime"
  };

  /** What every package may use beside itself and the JDK. The root package's name is empty. */
  private static final Map<String, Set<String>> ALLOWED =
      Map.ofEntries(
          Map.entry("exact", Set.of("tensor")),
          Map.entry("tensor", Set.of("org.slf4j")),
          Map.entry("files", Set.of("tensor")),
          Map.entry("op", VALUES),
          Map.entry("backend", and(OPERATORS, "org.slf4j")),
          Map.entry("cache", and(BACKENDS, "org.slf4j")),
          Map.entry("roi", BACKENDS),
          Map.entry("graph", OPERATORS),
          Map.entry("reference", and(BACKENDS, "roi")),
          Map.entry("split", BACKENDS),
          Map.entry("cpu", and(BACKENDS, "reference", "roi", "graph", "org.slf4j")),
          Map.entry("opencl.plan", and(BACKENDS, "org.slf4j")),
          Map.entry("opencl.gpu", and(BACKENDS, "opencl.plan")),
          Map.entry("opencl.cpu", and(BACKENDS, "opencl.plan")),
          Map.entry("opencl.roi", and(BACKENDS, "roi", "opencl.plan")),
          Map.entry("opencl.graph", and(BACKENDS, "graph", "opencl.plan")),
          Map.entry("opencl.unpool", and(BACKENDS, "opencl.plan")),
          Map.entry("opencl.implementations", and(BACKENDS, OPENCL_PLANNERS)),
          Map.entry(
              "opencl.runtime", and(BACKENDS, "cache", "opencl.plan", "org.slf4j", "org.jocl")),
          Map.entry(
              "opencl.device",
              and(
                  BACKENDS,
                  "cache",
                  "opencl.plan",
                  "opencl.implementations",
                  "opencl.runtime",
                  "org.slf4j",
                  "org.jocl")),
          Map.entry("opencl", and(and(BACKENDS, OPENCL_ROOMS), "org.jocl")),
          Map.entry("", and(and(LIBRARY, OPENCL_ROOMS), "org.slf4j")),
          Map.entry("parity", LIBRARY),
          Map.entry("io", and(LIBRARY, "files")),
          Map.entry(
              "cli",
              and(
                  and(LIBRARY, OPENCL_ROOMS),
                  "parity",
                  "io",
                  "files",
                  "picocli",
                  "me.tongfei.progressbar",
                  "ai.onnx.proto",
                  "com.google.protobuf",
                  "org.anarres.cpp",
                  "org.slf4j",
                  "ch.qos.logback.classic")));

  private static Set<String> and(Set<String> some, String... more) {
    return Stream.concat(some.stream(), Arrays.stream(more))
        .collect(Collectors.toUnmodifiableSet());
  }

  @Test
  void packagesUseOnlyWhatLiesBelow() {
    Set<String> jdk =
        ModuleLayer.boot().modules().stream()
            .flatMap(module -> module.getPackages().stream())
            .collect(Collectors.toSet());
    Set<String> seen = new HashSet<>();
    Set<String> wrong = new TreeSet<>();
    for (String line : jdeps()) {
      Matcher arrow = ARROW.matcher(line);
      if (!arrow.matches() || !arrow.group(1).startsWith(ROOT) || jdk.contains(arrow.group(2))) {
        continue;
      }
      String from = local(arrow.group(1));
      String to = local(arrow.group(2));
      seen.add(from + " -> " + to);
      if (!to.equals(from) && !ALLOWED.getOrDefault(from, Set.of()).contains(to)) {
        wrong.add((from.isEmpty() ? "(root)" : from) + " -> " + to);
      }
    }
    assertEquals(Set.of(), wrong);
    assertTrue(
        seen.containsAll(Set.of(" -> backend", "op -> tensor")), () -> "jdeps said only " + seen);
  }

  private static List<String> jdeps() {
    String classPath = System.getProperty("java.class.path");
    Path classes =
        Arrays.stream(classPath.split(File.pathSeparator))
            .map(Path::of)
            .filter(entry -> entry.endsWith("classes"))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no classes folder in " + classPath));
    StringWriter out = new StringWriter();
    int code =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                new PrintWriter(out),
                new PrintWriter(System.err),
                "-verbose:package",
                "-filter:none",
                "--multi-release=base",
                "--ignore-missing-deps",
                "--class-path=" + classPath,
                classes.resolve("io").toString()); // not as a module, whose jars it would ask for
    assertEquals(0, code, out::toString);
    return out.toString().lines().toList();
  }

  private static String local(String name) {
    return name.equals(ROOT)
        ? ""
        : name.startsWith(ROOT + ".") ? name.substring(ROOT.length() + 1) : name;
  }

  @Test
  void theLibraryDependsOnJoclAndSlf4jOnly() throws Exception {
    NodeList dependencies =
        (NodeList)
            XPathFactory.newInstance()
                .newXPath()
                .evaluate(
                    "/project/dependencies/dependency[not(scope='test') and not(optional='true')]",
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse("pom.xml"),
                    XPathConstants.NODESET);
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < dependencies.getLength(); i++) {
      Element dependency = (Element) dependencies.item(i);
      names.add(dependency.getElementsByTagName("artifactId").item(0).getTextContent());
    }
    assertEquals(Set.of("jocl", "slf4j-api"), names);
  }
}
