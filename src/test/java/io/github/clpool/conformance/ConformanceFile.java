package io.github.clpool.conformance;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.clpool.Nightly;
import io.github.clpool.Pooling;
import io.github.clpool.TestDevices;
import io.github.clpool.backend.Preference;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Pool;
import io.github.clpool.op.RoiOperator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The files of cases, whose README says where they come from. */
final class ConformanceFile {
  /** A simulator takes one of so many of the cases that a device takes. */
  private static final int SIMULATED = 8;

  /** What a simulator takes at most: elements of the input. */
  private static final long MOST_SIMULATED = 300;

  private ConformanceFile() {}

  static List<JsonObject> read(String name) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    ConformanceFile.class.getResourceAsStream(
                        "/conformance/" + name + ".jsonl.gz")),
                StandardCharsets.UTF_8))) {
      return lines.lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
    }
  }

  /**
   * A pooling that builds few programs for all cases; parity holds other implementations to the
   * same bits.
   */
  static Pooling withFewPrograms(Pooling pooling, Operator operator) {
    boolean builds = pooling.selection().backend().equals("opencl");
    return builds && (operator instanceof Pool || operator instanceof RoiOperator)
        ? pooling.with(Preference.implementation("direct"))
        : pooling;
  }

  /**
   * Whether a device runs a case: all of them do, but for a simulator, which runs a part, and all
   * at night.
   *
   * @param every one of how many cases like this a simulator takes at most
   */
  static boolean takes(String device, int number, int every, ConformanceArray input) {
    boolean isSimulator = TestDevices.isSimulator() && device.equals(TestDevices.openCl());
    if (!isSimulator || Nightly.is()) {
      return true;
    }
    long elements = input.sizes().stream().reduce(1L, Math::multiplyExact);
    return number % (every * SIMULATED) == 0 && elements <= MOST_SIMULATED;
  }
}
