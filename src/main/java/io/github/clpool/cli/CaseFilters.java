package io.github.clpool.cli;

import io.github.clpool.op.Direction;
import io.github.clpool.parity.Parity;
import io.github.clpool.parity.Special;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say which random calls are drawn. */
final class CaseFilters {
  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      description = "Only inputs of this shape, such as 2x3x17x19; repeatable.")
  private List<Shape> shapes = new ArrayList<>();

  @Option(
      names = "--dimensions",
      split = ",",
      paramLabel = "N",
      description = "Only tensors of so many spatial axes, such as 1,3.")
  private List<Integer> dimensions = new ArrayList<>();

  @Option(
      names = "--type",
      split = ",",
      paramLabel = "TYPE",
      description = "Only inputs of these types, such as FLOAT16,BFLOAT16.")
  private List<DataType> types = new ArrayList<>();

  @Option(
      names = "--layout",
      split = ",",
      paramLabel = "LAYOUT",
      description = "Only tensors of these layouts: ${COMPLETION-CANDIDATES}.")
  private List<Layout> layouts = new ArrayList<>();

  @Option(
      names = "--direction",
      split = ",",
      paramLabel = "DIRECTION",
      description = "Only such calls: ${COMPLETION-CANDIDATES}.")
  private List<Direction> directions = new ArrayList<>();

  @Option(
      names = "--special",
      split = ",",
      paramLabel = "NUMBER",
      description = "No special numbers but these: ${COMPLETION-CANDIDATES}. Default: all of them.")
  private List<Special> specials = new ArrayList<>();

  Parity apply(Parity search) {
    Parity filtered = search;
    if (!shapes.isEmpty()) {
      filtered = filtered.shapes(shapes.toArray(Shape[]::new));
    }
    if (!dimensions.isEmpty()) {
      filtered = filtered.dimensions(dimensions.stream().mapToInt(each -> each).toArray());
    }
    if (!types.isEmpty()) {
      filtered = filtered.types(types.toArray(DataType[]::new));
    }
    if (!layouts.isEmpty()) {
      filtered = filtered.layouts(layouts.toArray(Layout[]::new));
    }
    if (!directions.isEmpty()) {
      filtered = filtered.directions(directions.toArray(Direction[]::new));
    }
    return specials.isEmpty() ? filtered : filtered.specials(specials.toArray(Special[]::new));
  }
}
