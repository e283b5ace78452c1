package io.github.clpool.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Compares an axis with regions that were listed cell by cell from the definition. */
final class Membership {
  private Membership() {}

  /**
   * Checks everything an axis says against the taps of each output.
   *
   * @param axis the axis under test
   * @param inputSize its cells
   * @param taps for each output the positions of all taps, those outside the axis too
   * @param step the distance between taps
   * @param before how far the padding reaches before the axis
   * @param after how far it reaches behind
   */
  static void check(
      String what,
      AxisRegions axis,
      int inputSize,
      List<List<Integer>> taps,
      int step,
      int before,
      int after) {
    assertEquals(inputSize, axis.inputSize(), () -> what + ": input size");
    assertEquals(taps.size(), axis.outputSize(), () -> what + ": output size");
    List<List<Integer>> outputsOfCell = new ArrayList<>();
    for (int cell = 0; cell < inputSize; cell++) {
      outputsOfCell.add(new ArrayList<>());
    }
    for (int o = 0; o < taps.size(); o++) {
      int output = o;
      List<Integer> inside = new ArrayList<>();
      int padded = 0;
      for (int position : taps.get(o)) {
        padded += position >= -before && position < inputSize + after ? 1 : 0;
        if (position >= 0 && position < inputSize) {
          inside.add(position);
          outputsOfCell.get(position).add(o);
        }
      }
      assertEquals(inside, cells(axis, output), () -> what + ": cells that feed output " + output);
      assertEquals(inside.size(), axis.taps(o), () -> what + ": taps of output " + output);
      assertEquals(padded, axis.paddedTaps(o), () -> what + ": padded taps of output " + output);
      assertTrue(taps.get(o).size() <= axis.maxTaps(), () -> what + ": most taps");
    }
    assertEquals(step, axis.step(), () -> what + ": step");
    boolean disjoint = true;
    for (int x = 0; x < inputSize; x++) {
      int cell = x;
      List<Integer> outputs = outputsOfCell.get(x);
      assertEquals(
          outputs,
          progression(axis.covers(x), i -> axis.firstCover(cell) + i * axis.coverStep()),
          () -> what + ": outputs fed by cell " + cell);
      assertTrue(outputs.size() <= axis.maxCovers(), () -> what + ": most covers");
      disjoint &= outputs.size() <= 1;
    }
    assertTrue(disjoint || !axis.isDisjoint(), () -> what + ": disjoint, but regions overlap");
  }

  private static List<Integer> cells(AxisRegions axis, int output) {
    int first = axis.firstTap(output);
    return progression(axis.taps(output), i -> axis.origin(output) + (first + i) * axis.step());
  }

  private static List<Integer> progression(int count, IntFunction<Integer> at) {
    List<Integer> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      list.add(at.apply(i));
    }
    return list;
  }
}
