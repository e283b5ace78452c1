package io.github.clpool.opencl.implementations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.Nightly;
import io.github.clpool.WithoutDevice;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.Guarded;
import io.github.clpool.opencl.plan.KernelSource;
import io.github.clpool.opencl.plan.Launch;
import io.github.clpool.opencl.plan.OpenClImplementation;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.Parity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The arrays that a compiler leaves in private memory are those that a launch says it has: a
 * processor keeps them on a stack for each work-item of a work-group, and one that is not counted
 * ends the process.
 */
@WithoutDevice
class PrivateArraysTest {
  /** Of a work-item, however few work-items a stack would have room for. */
  private static final long SMALL = 512;

  private static final List<String> COMPILERS =
      List.of("clang-15", "clang-16", "clang-17", "clang-18", "clang-19", "clang-14", "clang");

  /** Calls with large arrays, which few of the drawn ones have. */
  private static final List<String> CALLS =
      List.of(
          "max window=3 stride=1 padding=1 on 1x2x30x40 indices",
          "max window=3 stride=1 padding=1 on 1x2x30x40 backward",
          "avg window=3 stride=1 padding=1 on 1x2x30x40 backward",
          "max fractional=2 outputSize=4x300 on 1x2x8x700 backward seed=3",
          "max adaptive=5 on 2x3x31x33 backward",
          "soft window=3 stride=2 on 1x2x30x40 backward",
          "mix gated window=3 stride=2 on 1x2x30x40 backward",
          "importance window=3 stride=2 on 1x2x30x40 backward",
          "importance window=7 stride=1 on 1x2x30x40",
          "max global on 1x16x9x9 FLOAT64 indices",
          "max window=3 stride=2 on 1x16x30x40 NHWC backward",
          "max window=3 stride=1 padding=1 on 1x16x30x40 NHWC indices",
          "avg window=3 stride=2 on 1x16x30x40 NHWC backward",
          "avg window=3 stride=2 on 1x16x30x40 NHWC",
          "median window=5 on 1x2x30x40",
          "avg adaptive=5 on 2x3x31x33 backward");

  @TempDir Path folder;

  private static String compiler() throws InterruptedException {
    for (String name : COMPILERS) {
      try {
        Process asked = new ProcessBuilder(name, "--version").start();
        asked.getInputStream().readAllBytes();
        if (asked.waitFor() == 0) {
          return name;
        }
      } catch (IOException missing) {
        continue;
      }
    }
    return Assumptions.abort("no clang is here");
  }

  /**
   * What a processor would be told: of each kernel that owns rows the first launch, at night all
   * that differ, of others too.
   */
  private static Map<String, Launch> launches() {
    List<Case> cases = new ArrayList<>(CALLS.stream().map(Case::parse).toList());
    cases.addAll(
        Parity.ofAll().templates(200).seed(Nightly.seed()).cases(Nightly.cases(150, 400)).draw());
    DeviceProfile device = DeviceProfile.genericCpu();
    Map<String, Launch> launches = new LinkedHashMap<>();
    for (Case each : cases) {
      for (OpenClImplementation one : OpenClImplementations.of(each.problem(), device.kind())) {
        boolean isLikely = one instanceof Guarded guarded && guarded.whole().ownsRows();
        if ((isLikely || Nightly.is()) && one.accepts(each.problem(), device).accepted()) {
          for (Launch launch : one.plan(each.problem(), device).launches()) {
            String options = Nightly.is() ? launch.options() : "";
            launches.putIfAbsent(launch.kernel() + " " + options, launch);
          }
        }
      }
    }
    return launches;
  }

  @Test
  void everyArrayIsCounted() throws Exception {
    String compiler = compiler();
    Set<String> wrong = new TreeSet<>();
    int large = 0;
    Map<String, Launch> launches = launches();
    for (Launch launch : launches.values()) {
      long found = arrays(compile(compiler, launch), launch.kernel());
      large += found > SMALL ? 1 : 0;
      if (found > launch.privateBytes() + SMALL) {
        wrong.add(
            "%s has arrays of %d bytes, but says %d (%s)"
                .formatted(launch.kernel(), found, launch.privateBytes(), launch.options()));
      }
    }
    assertEquals("", String.join("\n", wrong), () -> "seed " + Nightly.seed());
    assertTrue(large >= 10, "kernels with large arrays: " + large);
  }

  private List<String> compile(String compiler, Launch launch) throws Exception {
    KernelSource source = KernelSource.load(launch.file(), launch.reduction().orElse(null));
    Path text = Files.writeString(folder.resolve("kernel.cl"), source.text());
    Path made = folder.resolve("kernel.ll");
    List<String> command = new ArrayList<>(List.of(compiler, "-x", "cl", "-cl-std=CL1.2", "-O1"));
    command.addAll(List.of("-target", "x86_64-unknown-linux-gnu", "-S", "-emit-llvm", "-w"));
    command.addAll(Arrays.asList(launch.options().split(" ")));
    command.addAll(List.of("-o", made.toString(), text.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), () -> launch + "\n" + printed);
    return Files.readAllLines(made);
  }

  private static final Pattern TYPE = Pattern.compile("%(\\S+) = type \\{ (.*) \\}");
  private static final Pattern FUNCTION =
      Pattern.compile("define .*?(spir_kernel)?.*? @(\\w+)\\(.*");
  private static final Pattern ARRAY = Pattern.compile(".* = alloca (.*), align \\d+");

  /** The bytes of the arrays of a kernel, and of what it calls. */
  private static long arrays(List<String> lines, String kernel) {
    Map<String, String> types = new HashMap<>();
    boolean isOurs = false;
    long bytes = 0;
    for (String line : lines) {
      Matcher type = TYPE.matcher(line);
      Matcher function = FUNCTION.matcher(line);
      Matcher array = ARRAY.matcher(line);
      if (type.matches()) {
        types.put("%" + type.group(1), type.group(2));
      } else if (function.matches()) {
        isOurs = function.group(2).equals(kernel) || !line.contains("spir_kernel");
      } else if (isOurs && array.matches() && hasArray(array.group(1), types)) {
        bytes += bytes(array.group(1), types);
      }
    }
    return bytes;
  }

  private static boolean hasArray(String type, Map<String, String> types) {
    return type.startsWith("[") || types.getOrDefault(type, "").contains("[");
  }

  private static long bytes(String type, Map<String, String> types) {
    Matcher many = Pattern.compile("[<\\[](\\d+) x (.*)[>\\]]").matcher(type);
    if (many.matches()) {
      return Long.parseLong(many.group(1)) * bytes(many.group(2), types);
    } else if (types.containsKey(type)) {
      return Arrays.stream(types.get(type).split(", ")).mapToLong(each -> bytes(each, types)).sum();
    }
    return switch (type) {
      case "i8" -> 1;
      case "i16", "half" -> 2;
      case "i32", "float" -> 4;
      default -> 8; // numbers of 64 bits and pointers
    };
  }
}
