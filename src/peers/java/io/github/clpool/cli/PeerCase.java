package io.github.clpool.cli;

import io.github.clpool.op.Operators;
import io.github.clpool.parity.Case;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A call that libraries are compared by.
 *
 * @param operation what is computed, such as {@code max gradient}
 * @param shape the name of its input and regions
 * @param call the call
 */
record PeerCase(String operation, String shape, Case call) {
  /** The name, ending with what is not usual. */
  @Override
  public String toString() {
    return operation
        + " "
        + shape
        + (call.layout() == Layout.NCHW ? "" : " " + call.layout())
        + (call.type() == DataType.FLOAT32 ? "" : " " + call.type());
  }

  /** An input and the regions over it. */
  private record Place(String name, String regions, Shape shape) {}

  /**
   * What is measured, table by table.
   *
   * @param quick FLOAT32 only
   */
  static List<PeerCase> all(Sizes sizes, boolean quick) {
    List<Place> places = new ArrayList<>();
    for (Workload each : Workload.values()) {
      places.add(new Place(each.name(), each.regions(), each.shape(sizes)));
    }
    places.add(line(sizes));
    places.add(volume(sizes));
    List<PeerCase> all = new ArrayList<>();
    for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT16, DataType.BFLOAT16)) {
      for (Layout layout : quick && type != DataType.FLOAT32 ? new Layout[0] : Layout.values()) {
        add(all, "max", Figures.Call.FORWARD, places, layout, type);
        add(all, "max", Figures.Call.INDICES, places, layout, type);
        add(all, "max", Figures.Call.GRADIENT, places, layout, type);
        add(all, "avg", Figures.Call.FORWARD, places, layout, type);
        add(all, "avg", Figures.Call.GRADIENT, places, layout, type);
        if (type == DataType.FLOAT32) {
          add(all, "lp p=2", Figures.Call.FORWARD, places.subList(0, 6), layout, type);
          Place boxes = new Place("7x7", "output=7 samplingRatio=2 aligned", level(sizes));
          add(all, "roi_align", Figures.Call.FORWARD, List.of(boxes), layout, type);
        }
      }
    }
    return all;
  }

  /** As D, along one axis. */
  private static Place line(Sizes sizes) {
    Shape shape = Shape.of(8, 512, 400);
    return new Place("1-d", Workload.D.regions(), sizes.of(shape, shape));
  }

  /** As D, in a volume of as many cells. */
  private static Place volume(Sizes sizes) {
    Shape shape = Shape.of(2, 128, 16, 20, 20);
    return new Place("3-d", Workload.D.regions(), sizes.of(shape, shape));
  }

  /** The finest level of a detector's pyramid. */
  private static Shape level(Sizes sizes) {
    Shape shape = Shape.of(2, 256, 200, 272);
    return sizes.of(shape, shape);
  }

  private static void add(
      List<PeerCase> all,
      String operator,
      Figures.Call call,
      List<Place> places,
      Layout layout,
      DataType type) {
    for (Place place : places) {
      Case subject =
          call.subject(Operators.parse(operator + " " + place.regions), place.shape, layout, type);
      all.add(new PeerCase(operator + call.suffix(), place.name, subject));
    }
  }
}
