package io.github.clpool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.tensor.Handles;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchCommandTest {
  @Test
  void measuresWhatIsAskedFor() {
    long live = Handles.live();
    String out = Cli.ok("bench", "--quick", "--only", "CALL", "--device", "jvm");
    assertEquals(live, Handles.live());
    assertTrue(out.startsWith("on Java"), out);
    assertEquals(1, out.lines().filter(line -> line.startsWith("max call, smallest")).count(), out);
    assertTrue(out.contains(" of 1 targets reached"), out);
    Cli.fails(
        2,
        "--only is 'zzz', but must be a part of one of [max A, ",
        "bench",
        "--quick",
        "--only",
        "zzz");
    Cli.fails(2, "Missing required option: '--quick'", "bench");
  }

  @Test
  void figuresHaveNamesOfTheirOwn() {
    List<String> names = Figure.all().stream().map(Figure::name).toList();
    assertEquals(names.size(), new HashSet<>(names).size());
  }
}
