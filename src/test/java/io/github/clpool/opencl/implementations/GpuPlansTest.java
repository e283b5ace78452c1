package io.github.clpool.opencl.implementations;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.clpool.backend.Chooser;
import io.github.clpool.backend.Preference;
import io.github.clpool.op.Problem;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.ExampleDevices;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.parity.Case;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** What GPUs that are not there are given: see gpu-plans.txt. */
class GpuPlansTest {
  /** More launches than this are counted. */
  private static final int MOST_LISTED = 3;

  /** In the macros of kernels: blocks of a work-group, a work-item's results, or a team. */
  private static final List<String> TILES =
      List.of(
          "BLOCKS ROWS BLOCK_W",
          "ROWS COLUMNS CHANNELS",
          "ROWS COLUMNS",
          "ROWS",
          "TEAM",
          "CHANNELS");

  @ParameterizedTest
  @CsvFileSource(resources = "gpu-plans.txt", delimiter = '|')
  void eachGetsWhatSuitsIt(String call, String plans) {
    Problem problem = Case.parse(call).problem();
    String[] either = plans.split(" ; ");
    String[] others = either.length == 1 ? new String[] {"", ""} : either[1].split(": ");
    for (String name : ExampleDevices.names()) {
      DeviceProfile device = ExampleDevices.find(name).orElseThrow();
      if (device.kind() == DeviceProfile.Kind.GPU) {
        boolean isOther = List.of(others[0].split(" ")).contains(name);
        assertEquals(isOther ? others[1] : either[0], text(problem, device), name);
      }
    }
  }

  private static String text(Problem problem, DeviceProfile device) {
    LaunchPlan plan =
        new Chooser<>(device, OpenClImplementations.of(problem, device.kind()))
            .choose(problem, Preference.NONE)
            .plan(problem, device);
    if (plan.launches().size() > MOST_LISTED) {
      String groups =
          plan.launches().stream()
              .map(GpuPlansTest::group)
              .distinct()
              .collect(Collectors.joining(" or "));
      return plan.launches().size() + " launches by " + groups;
    }
    return plan.launches().stream()
        .map(launch -> launch.kernel() + tile(launch.macros()) + " by " + group(launch))
        .collect(Collectors.joining(" + "));
  }

  private static String tile(Map<String, String> macros) {
    return TILES.stream()
        .map(tile -> List.of(tile.split(" ")))
        .filter(macros.keySet()::containsAll)
        .map(tile -> tile.stream().map(macros::get).collect(Collectors.joining("x", " ", "")))
        .findFirst()
        .orElse("");
  }

  private static String group(Launch launch) {
    return launch.local().stream().map(String::valueOf).collect(Collectors.joining("x"));
  }
}
