package io.github.clpool.opencl.implementations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.WithoutDevice;
import io.github.clpool.op.Problem;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelSource;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.Parity;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A macro that a kernel does not read would only have it built once more. */
@WithoutDevice
class MacrosTest {
  private static final int CASES = 400;
  private static final Pattern COMMENT = Pattern.compile("//.*");
  private static final Pattern WORD = Pattern.compile("\\w+");
  private static final List<DeviceProfile> DEVICES =
      List.of(DeviceProfile.genericCpu(), DeviceProfile.genericGpu());

  private final Map<String, Set<String>> words = new HashMap<>(); // of a file and its reduction

  @Test
  void everyMacroIsReadByItsKernel() {
    Set<String> unread = new TreeSet<>();
    Set<String> files = new HashSet<>();
    for (Case call : Parity.ofAll().cases(CASES).draw()) {
      Problem problem = call.problem();
      for (DeviceProfile device : DEVICES) {
        for (OpenClImplementation each : OpenClImplementations.of(problem, device.kind())) {
          if (each.accepts(problem, device).accepted()) {
            for (Launch launch : each.plan(problem, device).launches()) {
              files.add(launch.file());
              Set<String> read = read(launch);
              launch.macros().keySet().stream()
                  .filter(macro -> !read.contains(macro))
                  .forEach(macro -> unread.add(macro + " of " + launch.file()));
            }
          }
        }
      }
    }
    assertEquals(Set.of(), unread);
    assertTrue(files.size() > 40, () -> "only " + files);
  }

  private Set<String> read(Launch launch) {
    String reduction = launch.reduction().orElse(null);
    return words.computeIfAbsent(
        launch.file() + " " + reduction,
        unused -> {
          String text = KernelSource.load(launch.file(), reduction).text();
          return WORD.matcher(COMMENT.matcher(text).replaceAll(""))
              .results()
              .map(MatchResult::group)
              .collect(Collectors.toSet());
        });
  }
}
