package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.op.Role;
import io.github.clpool.parity.Case;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;

/** The comparison with other libraries on small planes: they load, and give what we give. */
class PeersTest {
  private static final Sizes SMALL = new Sizes(Sizes.Kind.CPU, 256);

  private static final Set<String> SOME =
      Set.of(
          "max D",
          "max indices D",
          "max indices D NHWC",
          "max gradient D NHWC",
          "max indices 1-d",
          "max indices 3-d NHWC",
          "max F FLOAT16",
          "max indices D BFLOAT16",
          "avg D BFLOAT16",
          "avg F",
          "avg gradient D",
          "avg gradient F NHWC",
          "lp p=2 F",
          "roi_align 7x7");

  private static List<PeerCase> some() {
    return PeerCase.all(SMALL, false).stream()
        .filter(each -> SOME.contains(each.toString()))
        .toList();
  }

  /** The others are slow, or refuse long loops, and would say nothing more of other libraries. */
  private static List<String> devices() {
    return TestDevices.openCl().equals("pocl") ? TestDevices.others() : List.of("jvm");
  }

  @ParameterizedTest
  @MethodSource("devices")
  void everyLibraryLoadsAndAgrees(String device) {
    Map<String, String> missing = new TreeMap<>();
    List<Peer> peers = new ArrayList<>();
    peers.addAll(PeerBench.load(missing));
    assertEquals(Map.of(), missing);
    try (Pooling pooling = TestDevices.open(device);
        Pooling jvm = Pooling.open(DevicePolicy.JVM_ONLY)) {
      peers.add(new ClpoolPeer("JVM", jvm));
      PeerMeter meter = new PeerMeter(pooling, peers, 1);
      Set<String> measured = new TreeSet<>();
      Set<String> expected = new TreeSet<>();
      List<PeerCase> cases = some();
      assertEquals(SOME.size(), cases.size());
      for (PeerCase subject : cases) {
        PeerRow row = meter.measure(subject);
        assertFalse(row.isWrong(), () -> subject + ": " + row.lacking());
        assertTrue(row.ratio("JVM").isPresent(), () -> subject + ": " + row.lacking());
        peers.stream()
            .map(Peer::name)
            .filter(name -> row.ratio(name).isPresent())
            .forEach(measured::add);
      }
      peers.forEach(peer -> expected.add(peer.name()));
      assertEquals(expected, measured);
    }
  }

  /** The JVM path with one element, or one index, off. */
  private record Wrong(String name, Pooling pooling, float off, int aside) implements Peer {
    @Override
    public String version() {
      return "1";
    }

    @Override
    public Prepared prepare(Case subject, Map<Role, NativeArray> given) {
      Prepared right = new ClpoolPeer("right", pooling).prepare(subject, given);
      return new Prepared() {
        @Override
        public void run() {
          right.run();
        }

        @Override
        public float[] values() {
          float[] values = right.values();
          values[values.length - 1] += off;
          return values;
        }

        @Override
        public int[] indices() {
          int[] indices = right.indices();
          indices[0] += aside;
          return indices;
        }

        @Override
        public void close() {
          right.close();
        }
      };
    }
  }

  @Test
  void whatDiffersIsNotTimed() {
    try (Pooling jvm = Pooling.open(DevicePolicy.JVM_ONLY)) {
      List<Peer> peers =
          List.of(
              new Wrong("value", jvm, 1e-6f, 0),
              new Wrong("index", jvm, 0, 1),
              new Wrong("right", jvm, 0, 0));
      PeerMeter meter = new PeerMeter(jvm, peers, 1);
      PeerCase maxima =
          some().stream().filter(each -> each.toString().equals("max indices D")).findFirst().get();
      PeerRow row = meter.measure(maxima);
      assertTrue(row.isWrong());
      assertEquals(Set.of("value", "index"), row.lacking().keySet());
      row.lacking().values().forEach(why -> assertTrue(why.startsWith("differs"), why));
      assertTrue(row.ratio("value").isEmpty());
      assertTrue(row.ratio("right").isPresent());
      PeerCase averages =
          some().stream().filter(each -> each.toString().equals("avg F")).findFirst().get();
      assertFalse(meter.measure(averages).isWrong(), "1e-6 is within the tolerance");
    }
  }

  @Test
  void theReportShowsRatiosAndReasons(@TempDir Path folder) throws Exception {
    PeerRow first = new PeerRow(some().get(0));
    first.took(PeerRow.OURS, 0.002);
    first.took("a", 0.001);
    first.took("b", 0.025);
    PeerRow second = new PeerRow(some().get(1));
    second.took(PeerRow.OURS, 0.004);
    second.took("a", 0.006);
    second.lacks("b", "has no indices");
    PeerReport report = new PeerReport("command", 3, Map.of("what", "text"), List.of("a", "b"));
    report.add(first);
    report.add(second);
    report.write(folder);
    String page = Files.readString(folder.resolve("performance.md"));
    String name = first.subject().operation() + " | " + first.subject().shape();
    assertTrue(page.contains("| " + name + " | 2.00 | **0.50** | 13 |"), page);
    assertTrue(page.contains("| 4.00 | 1.50 | - |"), page);
    assertTrue(page.contains("- b: has no indices (" + second.subject() + ")"), page);
    assertTrue(page.contains("- what: text"), page);
    assertEquals("1 of 3 cells below 1", report.end());
    Document chart =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(folder.resolve("performance.svg").toFile());
    // of each library one in the legend, of each ratio one in the panels
    assertEquals(2 + 3, chart.getElementsByTagName("circle").getLength());
  }
}
