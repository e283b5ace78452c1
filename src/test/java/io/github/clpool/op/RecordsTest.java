package io.github.clpool.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A record's own constructor refuses what its factory refuses: both make operators. */
class RecordsTest {
  /** A legal value of every record that an operator is made of. */
  private static final List<Record> GOOD =
      List.of(
          Regions.window(2),
          Regions.global(),
          Regions.adaptive(2),
          Regions.fractional(2).outputSize(2),
          Regions.sampled(4, 2),
          Pool.max(),
          Pool.min(),
          Pool.sum(),
          Pool.avg(),
          Pool.lp(2),
          Pool.gem(),
          Pool.soft(),
          Pool.logSumExp(),
          Pool.variance(),
          Pool.median(),
          Pool.importance(),
          Pool.stochastic(),
          Pool.mix(),
          Mixture.ADD,
          new Mixture.Alpha(),
          new Mixture.Gated(),
          new Mixture.Cat(Mixture.Order.AVG_MAX),
          new Mixture.Random(),
          Pool.max().over(Regions.window(2)),
          MaxUnpool.to(4),
          RoiPool.output(2, 2),
          RoiAlign.output(2, 2),
          S3Pool.of(4, 2),
          new SoftGate(),
          CrfPool.allPairs());

  private static final List<Object> BAD_SIZES = bad(List.of(), List.of(0), List.of(-1));
  private static final List<Object> BAD_IF_GIVEN = bad(List.of(0), List.of(-1));
  private static final List<Object> BAD_SCALES =
      List.of(0.0, -1.0, Double.NaN, Double.POSITIVE_INFINITY);

  /** What each component must not be, besides null. */
  private static final Map<String, List<Object>> BAD =
      Map.ofEntries(
          Map.entry("Window.kernel", BAD_SIZES),
          Map.entry("Window.stride", BAD_IF_GIVEN),
          Map.entry("Window.before", bad(List.of(), List.of(-1))),
          Map.entry("Window.after", bad(List.of(), List.of(-1))),
          Map.entry("Window.dilation", BAD_SIZES),
          Map.entry("Window.samePadding", List.of()),
          Map.entry("Adaptive.output", bad(List.of(), List.of(0), List.of(-2))),
          Map.entry("Fractional.kernel", BAD_SIZES),
          Map.entry("Fractional.outputSize", BAD_IF_GIVEN),
          Map.entry(
              "Fractional.outputRatio",
              bad(List.of(0.0), List.of(1.0), List.of(-0.5), List.of(Double.NaN))),
          Map.entry("Sampled.grid", bad(List.of(), List.of(0), List.of(-4), List.of(3))),
          Map.entry("Sampled.kernel", bad(List.of(), List.of(0), List.of(-2), List.of(3))),
          Map.entry("Avg.countIncludePad", List.of()),
          Map.entry("Avg.divisor", List.of(OptionalInt.of(0))),
          Map.entry("Lp.p", List.of(0.0, -1.0, Double.NaN)),
          Map.entry("Gem.eps", BAD_SCALES),
          Map.entry("LogSumExp.sharpness", BAD_SCALES),
          Map.entry("Mix.mixture", List.of()),
          Map.entry("Weighted.a", List.of(Double.NaN, Double.NEGATIVE_INFINITY)),
          Map.entry("Weighted.b", List.of(Double.NaN, Double.NEGATIVE_INFINITY)),
          Map.entry("Cat.order", List.of()),
          Map.entry("Pool.reduction", List.of()),
          Map.entry("Pool.regions", List.of(Regions.window(2).padding(2), Regions.fractional(2))),
          Map.entry("MaxUnpool.window", List.of()),
          Map.entry("MaxUnpool.outputSize", BAD_SIZES),
          Map.entry("RoiPool.outputHeight", List.of(0, -1)),
          Map.entry("RoiPool.outputWidth", List.of(0, -1)),
          Map.entry("RoiPool.spatialScale", BAD_SCALES),
          Map.entry("RoiAlign.outputHeight", List.of(0, -1)),
          Map.entry("RoiAlign.outputWidth", List.of(0, -1)),
          Map.entry("RoiAlign.spatialScale", BAD_SCALES),
          Map.entry("RoiAlign.samplingRatio", List.of(-1)),
          Map.entry("RoiAlign.mode", List.of()),
          Map.entry("S3Pool.regions", List.of()),
          Map.entry("CrfPool.pairwise", List.of(CrfPool.Pairwise.EDGES)), // without edges
          Map.entry("CrfPool.hops", List.of(-1, 1)), // but none without edges
          Map.entry("CrfPool.normalization", List.of()),
          Map.entry("CrfPool.steps", List.of(-1)));

  /** With what is wrong for every list of numbers. */
  private static List<Object> bad(List<?>... values) {
    List<Object> all = new ArrayList<>(List.of(values));
    all.add(Arrays.asList(1, null));
    all.add(List.of(1, 1, 1, 1));
    return all;
  }

  private static Record with(Record good, int component, Object value) throws Throwable {
    RecordComponent[] components = good.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = i == component ? value : components[i].getAccessor().invoke(good);
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return good.getClass().getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  @Test
  void constructorsRefuseWhatFactoriesRefuse() throws Throwable {
    Set<String> checked = new HashSet<>();
    for (Record good : GOOD) {
      RecordComponent[] components = good.getClass().getRecordComponents();
      for (int i = 0; i < components.length; i++) {
        if (components[i].getType() == boolean.class) {
          continue; // both are legal
        }
        String name = good.getClass().getSimpleName() + "." + components[i].getName();
        assertTrue(BAD.containsKey(name), () -> "what must " + name + " not be?");
        checked.add(name);
        int component = i;
        assertEquals(good, with(good, i, components[i].getAccessor().invoke(good)));
        List<Object> values = new ArrayList<>(BAD.get(name));
        if (!components[i].getType().isPrimitive()) {
          values.add(null);
        }
        for (Object value : values) {
          Exception refused =
              assertThrows(
                  IllegalArgumentException.class,
                  () -> with(good, component, value),
                  () -> name + " = " + value);
          assertTrue(refused.getMessage().contains(" but "), refused::getMessage);
        }
      }
    }
    assertEquals(BAD.keySet(), checked);
  }

  @Test
  void everyRecordIsTried() throws IOException, ClassNotFoundException {
    Set<String> records = new TreeSet<>();
    Path classes = Path.of(Pool.class.getResource("Pool.class").getPath()).getParent();
    try (Stream<Path> files = Files.list(classes)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString().replace(".class", "");
        Class<?> type = Class.forName(Pool.class.getPackageName() + "." + name);
        boolean isPart =
            Stream.of(Operator.class, Regions.class, Reduction.class, Mixture.class)
                .anyMatch(kind -> kind.isAssignableFrom(type));
        if (type.isRecord() && isPart) {
          records.add(type.getSimpleName());
        }
      }
    }
    Set<String> tried = new TreeSet<>();
    GOOD.forEach(good -> tried.add(good.getClass().getSimpleName()));
    assertEquals(records, tried);
  }
}
