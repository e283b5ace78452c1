package io.github.clpool.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.WithoutDevice;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every kind of regions against membership loops that know only the definition. */
@WithoutDevice
class GeometryTest {
  /** Lists the taps of every window that exists, or nothing if there is none. */
  private static List<List<Integer>> windows(
      int in, int k, int s, int before, int after, int d, boolean ceil) {
    List<List<Integer>> windows = new ArrayList<>();
    int extent = d * (k - 1) + 1;
    for (int start = -before; ; start += s) {
      // With ceil the last window may stick out, if the one before left something uncovered; it
      // must start on the input or the padding before it.
      if (start - (ceil ? s - 1 : 0) + extent > in + after) {
        boolean startsBehind = ceil && start - s >= in;
        return startsBehind ? windows.subList(0, Math.max(0, windows.size() - 1)) : windows;
      }
      List<Integer> taps = new ArrayList<>();
      for (int j = 0; j < k; j++) {
        taps.add(start + j * d);
      }
      windows.add(taps);
    }
  }

  @Test
  void windowsAreWhatTheirDefinitionSays() {
    int checked = 0;
    for (int k = 1; k <= 5; k++) {
      for (int d = 1; d <= 3; d++) {
        int mostPadding = d * (k - 1) + 3; // wider than the window
        for (int before = 0; before <= mostPadding; before++) {
          for (int after = 0; after <= mostPadding; after++) {
            Window window =
                Regions.window(k).dilation(d).padding(new int[] {before}, new int[] {after});
            boolean wide = 2 * Math.max(before, after) > k;
            for (int s = 1; s <= 4; s++) {
              checked += checkWindow(wide ? window.widePadding() : window, k, s, before, after, d);
            }
          }
        }
      }
    }
    assertTrue(checked > 40_000, "only " + checked + " windows were checked");
  }

  private static int checkWindow(Window base, int k, int s, int before, int after, int d) {
    int checked = 0;
    for (boolean ceil : new boolean[] {false, true}) {
      Window window = ceil ? base.stride(s).ceilMode() : base.stride(s);
      for (int in = 1; in <= 13; in++) {
        Shape shape = Shape.of(1, 1, in);
        List<List<Integer>> taps = windows(in, k, s, before, after, d, ceil);
        if (taps.isEmpty()) {
          assertThrows(
              IllegalArgumentException.class,
              () -> window.geometry(shape),
              () -> window + " over " + shape);
        } else {
          AxisRegions axis = window.geometry(shape).w();
          Membership.check(window + " over " + shape, axis, in, taps, d, before, after);
          checked++;
        }
      }
    }
    return checked;
  }

  @Test
  void samePaddingIsOnnxs() {
    for (int in = 1; in <= 20; in++) {
      for (int k = 1; k <= 5; k++) {
        for (int s = 1; s <= 7; s++) {
          for (int d = 1; d <= 3; d++) {
            Window window = Regions.window(k).stride(s).dilation(d);
            int outputs = (int) Math.ceil(in / (double) s);
            int total = Math.max(0, (outputs - 1) * s + d * (k - 1) + 1 - in);
            int small = total / 2;
            int large = total - small;
            checkSame(window.same(), in, s, outputs, small, large, k, d);
            checkSame(window.sameLower(), in, s, outputs, large, small, k, d);
          }
        }
      }
    }
  }

  private static void checkSame(
      Window window, int in, int s, int outputs, int before, int after, int k, int d) {
    List<List<Integer>> taps = new ArrayList<>();
    for (int o = 0; o < outputs; o++) {
      List<Integer> positions = new ArrayList<>();
      for (int j = 0; j < k; j++) {
        positions.add(o * s - before + j * d);
      }
      taps.add(positions);
    }
    AxisRegions axis = window.geometry(Shape.of(1, 1, in)).w();
    Membership.check(window + " over " + in, axis, in, taps, d, before, after);
  }

  /** A cell belongs to an output if the two, stretched to the same length, touch. */
  private static List<List<Integer>> adaptive(int in, int out) {
    List<List<Integer>> regions = new ArrayList<>();
    for (int o = 0; o < out; o++) {
      List<Integer> cells = new ArrayList<>();
      for (int x = 0; x < in; x++) {
        if (x * out < (o + 1) * in && (x + 1) * out > o * in) {
          cells.add(x);
        }
      }
      regions.add(cells);
    }
    return regions;
  }

  @Test
  void adaptiveRegionsCutTheAxisEvenly() {
    for (int in = 1; in <= 40; in++) {
      for (int out = 1; out <= 60; out++) {
        AxisRegions axis = Regions.adaptive(out).geometry(Shape.of(1, 1, in)).w();
        Membership.check(in + " to " + out, axis, in, adaptive(in, out), 1, 0, 0);
      }
    }
  }

  @Test
  void keepAndGlobal() {
    for (int in = 1; in <= 20; in++) {
      Shape shape = Shape.of(1, 1, in);
      AxisRegions kept = Regions.adaptive(Adaptive.KEEP).geometry(shape).w();
      Membership.check("KEEP of " + in, kept, in, adaptive(in, in), 1, 0, 0);
      AxisRegions global = Regions.global().geometry(shape).w();
      Membership.check("global of " + in, global, in, adaptive(in, 1), 1, 0, 0);
    }
  }

  @Test
  void tablesMayHaveGapsAndRepeats() {
    int[] starts = {0, 0, 2, 6, 6, 9};
    int[] ends = {2, 3, 4, 7, 9, 9}; // cells 4, 5 and 9 feed nothing; the last range is empty
    List<List<Integer>> taps = new ArrayList<>();
    for (int o = 0; o < starts.length; o++) {
      List<Integer> cells = new ArrayList<>();
      for (int x = starts[o]; x < ends[o]; x++) {
        cells.add(x);
      }
      taps.add(cells);
    }
    Membership.check("table", new TableAxis(10, starts, ends), 10, taps, 1, 0, 0);
  }

  @Test
  void parametersGoToTheirOwnAxes() {
    Shape shape = Shape.of(2, 3, 11, 12, 13);
    Window window =
        Regions.window(1, 2, 3)
            .stride(4, 3, 2)
            .padding(new int[] {0, 1, 0}, new int[] {0, 0, 1})
            .dilation(3, 2, 1);
    Geometry geometry = window.geometry(shape);
    Membership.check("d", geometry.d(), 11, windows(11, 1, 4, 0, 0, 3, false), 3, 0, 0);
    Membership.check("h", geometry.h(), 12, windows(12, 2, 3, 1, 0, 2, false), 2, 1, 0);
    Membership.check("w", geometry.w(), 13, windows(13, 3, 2, 0, 1, 1, false), 1, 0, 1);
    assertEquals(geometry.outputShape(shape), Pool.max().over(window).outputShape(shape));

    Geometry mixed = Regions.adaptive(4, Adaptive.KEEP, 5).geometry(shape);
    Membership.check("d", mixed.d(), 11, adaptive(11, 4), 1, 0, 0);
    Membership.check("h", mixed.h(), 12, adaptive(12, 12), 1, 0, 0);
    Membership.check("w", mixed.w(), 13, adaptive(13, 5), 1, 0, 0);
    assertEquals(Shape.of(2, 3, 4, 12, 5), mixed.outputShape(shape));

    Geometry flat = Regions.window(3).geometry(Shape.unbatched(5, 9));
    assertEquals(WindowAxis.UNIT, flat.d());
    assertEquals(WindowAxis.UNIT, flat.h());
    assertEquals(Shape.unbatched(5, 3), flat.outputShape(Shape.unbatched(5, 9)));
  }

  @Test
  void cellsOfARegionAreTheProductOfItsAxes() {
    Geometry geometry = Regions.window(3).stride(2).padding(1).geometry(Shape.of(1, 1, 4, 5, 6));
    assertEquals(2 * 2 * 2, geometry.cells(0, 0, 0));
    assertEquals(27, geometry.paddedCells(0, 0, 0));
    assertEquals(3 * 3 * 3, geometry.cells(1, 1, 1));
    assertEquals(3 * 2 * 3, geometry.cells(1, 2, 2));
  }
}
