package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.backend.Preference;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.Outcome;
import io.github.clpool.parity.ParityReport;
import io.github.clpool.tensor.Producer;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Filters and reports of {@code clpool parity}. */
class ParityCommandTest {
  private static final List<Outcome> ONE_DIFFERS =
      List.of(
          outcome("max global on 1x1x2", List.of()),
          outcome(
              "avg window=2 on 1x1x2 backward", List.of("GRAD_INPUT [0] is <1>, but must be 2")));

  @TempDir Path folder;

  private static Outcome outcome(String subject, List<String> differences) {
    return new Outcome(
        Case.parse(subject),
        new Producer("jvm", "Java & co", "direct"),
        Preference.NONE,
        2,
        differences.size(),
        differences);
  }

  @Test
  void filtersDrawNothingElse() {
    String out =
        Cli.ok(
            "parity",
            "--operator",
            "max",
            "--operator",
            "avg window=2",
            "--dimensions",
            "1,3",
            "--type",
            "float16,FLOAT64",
            "--layout",
            "nhwc",
            "--direction",
            "backward",
            "--special",
            "nan",
            "--cases",
            "8",
            "--seed",
            "5",
            "--device",
            "jvm",
            "--small");
    assertTrue(out.contains("avg gradient"), out);
    assertTrue(out.contains("max gradient"), out);
    assertFalse(out.contains("avg  "), out);
    assertTrue(out.endsWith("\n8 cases, 0 mismatches\n"), out);
  }

  @ParameterizedTest
  @CsvSource({
    "--dimensions, 4, 'dimensions are [4], but must be some of [1, 2, 3]'",
    "--dimensions, x, 'for option ''--dimensions'' (N): ''x'' is not an int'",
    "--layout, NWHC, expected one of [NCHW, NHWC]",
    "--type, INT32, types are [INT32]",
    "--direction, sideways, 'expected one of [FORWARD, BACKWARD]'",
    "--special, zero, 'expected one of [NAN,'",
    "--shape, 3, shape is '3'",
    "--case, max, case is 'max'",
    "--operator, max window=0, kernel is 0",
  })
  void badArgumentsAreWrongUsage(String option, String value, String words) {
    Cli.fails(2, words, "parity", option, value, "--device", "jvm");
  }

  @Test
  void reportsAreWrittenBesideJson() throws Exception {
    Path junit = folder.resolve("parity.xml");
    Path pages = folder.resolve("pages");
    String out =
        Cli.ok(
            "parity",
            "--operator",
            "max",
            "--cases",
            "3",
            "--seed",
            "7",
            "--device",
            "jvm",
            "--small",
            "--json",
            "--junit",
            junit,
            "--report",
            pages);
    assertTrue(out.startsWith("{\"seed\": 7, \"cases\": 3, "), out);
    assertTrue(out.contains("\"mismatches\": 0"), out);
    assertEquals("testsuite", xml(Files.readString(junit)).getDocumentElement().getTagName());
    assertTrue(Files.readString(pages.resolve("index.html")).contains("3 cases, 0 mismatches"));
    Cli.fails(1, "x: ", "parity", "--device", "jvm", "--junit", folder.resolve("no/x"));
  }

  @Test
  void reportsNameWhatDiffers() throws Exception {
    ParityReport report = ParityReport.of(ONE_DIFFERS);
    assertEquals(1, report.mismatches());
    Element suite = xml(JunitReport.text(report)).getDocumentElement();
    assertEquals("2", suite.getAttribute("tests"));
    assertEquals("1", suite.getAttribute("failures"));
    Element failure = (Element) suite.getElementsByTagName("failure").item(0);
    assertEquals(
        "avg gradient by direct", ((Element) failure.getParentNode()).getAttribute("name"));
    assertTrue(failure.getTextContent().contains("is <1>, but must be 2"));
    assertTrue(failure.getTextContent().contains("again: clpool parity --case"));
    String page = ParityPage.text(report);
    assertTrue(page.contains("is &lt;1&gt;, but must be 2"), page);
    assertTrue(page.contains("<td class=\"differs\">1 of 1 differ</td>"), page);
    assertTrue(page.contains("<td class=\"same\">1</td>"), page);
  }

  private static Document xml(String text) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void oneCaseAsJson() {
    String out = Cli.ok("parity", "--case", "max global on 1x1x2", "--device", "jvm", "--json");
    assertTrue(out.startsWith("{\"outcomes\": [{\"case\": \"max global on 1x1x2 NCHW"), out);
    assertTrue(out.contains("\"same\": true"), out);
  }
}
