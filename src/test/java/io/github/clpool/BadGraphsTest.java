package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.clpool.op.CrfPool;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Graphs;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Role;
import io.github.clpool.op.Sparse;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bad graphs: the same text on every device, and nothing is written. */
class BadGraphsTest extends OnEveryDevice {
  private final List<Tensor> open = new ArrayList<>();

  BadGraphsTest(String device) {
    super(device);
  }

  @AfterEach
  void closeAll() {
    open.forEach(Tensor::close);
  }

  private Tensor ints(int... values) {
    Tensor tensor = pooling().indices(Shape.array(values.length), values);
    open.add(tensor);
    return tensor;
  }

  private Tensor floats(long... sizes) {
    Shape shape = Shape.array(sizes);
    Tensor tensor = tensor(shape, DataType.FLOAT32, new double[(int) shape.elements()]);
    open.add(tensor);
    return tensor;
  }

  /** Two graphs, of two and of three nodes, in a line each. */
  private Inputs good() {
    return Inputs.of(floats(5, 3))
        .logits(floats(5, 2))
        .graphs(ints(0, 2, 5), ints(0, 1, 2, 3, 5, 6), ints(1, 0, 3, 2, 4, 3), floats(6));
  }

  private static void assertRefused(String message, CrfPool pool, Inputs inputs) {
    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> pooling().forward(pool, inputs).close());
    assertEquals(message, refused.getMessage());
  }

  private void assertRefused(String message, Role role, int... values) {
    assertRefused(message, CrfPool.edges(1), good().with(role, ints(values)));
  }

  @Test
  void pointersThatAreNone() {
    assertRefused("graph pointers[0] is 1, but must be 0", Role.GRAPH_POINTERS, 1, 2, 5);
    assertRefused(
        "graph pointers[2] is 1, but must be at least the one before, 2",
        Role.GRAPH_POINTERS,
        0,
        2,
        1,
        5);
    assertRefused(
        "graph pointers[2] is 4, but must be the number of nodes, 5", Role.GRAPH_POINTERS, 0, 2, 4);
    assertRefused("row pointers[0] is -1, but must be 0", Role.ROW_POINTERS, -1, 1, 2, 3, 5, 6);
    assertRefused(
        "row pointers[3] is 1, but must be at least the one before, 2",
        Role.ROW_POINTERS,
        0,
        1,
        2,
        1,
        5,
        6);
    assertRefused(
        "row pointers[5] is 7, but must be the number of entries, 6",
        Role.ROW_POINTERS,
        0,
        1,
        2,
        3,
        5,
        7);
  }

  @Test
  void columnsThatAreNone() {
    assertRefused(
        "columns[1] is 2, but row 1 needs a node of its graph, 0 to 1",
        Role.COLUMNS,
        1,
        2,
        3,
        2,
        4,
        3);
    assertRefused(
        "columns[5] is 5, but row 4 needs a node of its graph, 2 to 4",
        Role.COLUMNS,
        1,
        0,
        3,
        2,
        4,
        5);
    assertRefused(
        "columns[0] is -1, but row 0 needs a node of its graph, 0 to 1",
        Role.COLUMNS,
        -1,
        0,
        3,
        2,
        4,
        3);
    assertRefused(
        "columns[4] is 2, but columns of row 3 must ascend, and 2 comes before",
        Role.COLUMNS,
        1,
        0,
        3,
        2,
        2,
        3);
  }

  @Test
  void pairsThatAreNone() {
    assertRefused(
        "pair columns[0] is 0, but no node makes a pair with itself",
        CrfPool.given(),
        good().pairs(ints(0, 1, 1, 1, 1, 1), ints(0), floats(1)));
    assertRefused(
        "pair columns[0] is 4, but row 0 needs a node of its graph, 0 to 1",
        CrfPool.given(),
        good().pairs(ints(0, 1, 1, 1, 1, 1), ints(4), floats(1)));
    assertRefused(
        "pair pointers[5] is 1, but must be the number of entries, 2",
        CrfPool.given(),
        good().pairs(ints(0, 1, 1, 1, 1, 1), ints(1, 0), floats(2)));
    assertRefused(
        "pairs is missing, but crf_pool given needs it (Inputs.pairs)",
        CrfPool.given(),
        withoutPairs());
  }

  private Inputs withoutPairs() {
    return good().with(Role.PAIR_POINTERS, ints(0, 0, 0, 0, 0, 0)).with(Role.PAIR_COLUMNS, ints());
  }

  @Test
  void shapesThatDoNotFit() {
    assertRefused(
        "logits has shape 4x2, but crf_pool edges=1 of input 5x3 needs 5x2",
        CrfPool.edges(1),
        good().logits(floats(4, 2)));
    assertRefused(
        "logits has shape 5x0, but crf_pool edges=1 needs an array of nodes x clusters, at least"
            + " one cluster",
        CrfPool.edges(1),
        good().logits(floats(5, 0)));
    assertRefused(
        "row pointers has shape 5, but crf_pool edges=1 of input 5x3 needs 6",
        CrfPool.edges(1),
        good().with(Role.ROW_POINTERS, ints(0, 1, 2, 3, 6)));
    assertRefused(
        "adjacency has shape 5, but crf_pool edges=1 of input 5x3 needs 6",
        CrfPool.edges(1),
        good().with(Role.ADJACENCY, floats(5)));
    assertRefused(
        "compatibility has shape 2x3, but crf_pool compatibility of input 5x3 needs 2x2",
        CrfPool.allPairs().compatibility(),
        good().compatibility(floats(2, 3)));
    assertRefused(
        "compatibility is given, but crf_pool takes none forward",
        CrfPool.allPairs(),
        good().compatibility(floats(2, 2)));
    Tensor planes = tensor(Shape.of(1, 5, 3), DataType.FLOAT32, new double[15]);
    open.add(planes);
    assertRefused(
        "input has shape 1x5x3, but crf_pool needs an array of nodes x features, at least one"
            + " feature",
        CrfPool.allPairs(),
        Inputs.of(planes).logits(floats(5, 2)));
  }

  @Test
  void sizesThatAreTooLarge() {
    Map<Role, Shape> shapes =
        Map.of(
            Role.INPUT, Shape.array(0, 1000),
            Role.LOGITS, Shape.array(0, 1000),
            Role.GRAPH_POINTERS, Shape.array(5000));
    Exception refused =
        assertThrows(
            IllegalArgumentException.class, () -> CrfPool.allPairs().shapeOf(Role.OUTPUT, shapes));
    assertEquals(
        "output has shape 4999x1000x1000, but crf_pool needs at most 2147483639 elements",
        refused.getMessage());
    Graphs many = new Graphs(new int[] {0, 50_000}, none(50_000));
    Exception pairs = assertThrows(IllegalArgumentException.class, many::allPairs);
    assertEquals(
        "there are 2147507049 pairs of nodes or more, but must be at most 2147483639",
        pairs.getMessage());
  }

  private static Sparse none(int nodes) {
    return new Sparse(new int[nodes + 1], new int[0]);
  }

  @Test
  void nothingIsWritten() {
    CrfPool pool = CrfPool.edges(1);
    float[] values = new float[12];
    Inputs inputs = good().with(Role.COLUMNS, ints(1, 0, 3, 2, 2, 3));
    Tensor output = tensor(Shape.array(2, 2, 3), DataType.FLOAT32, new double[12]);
    open.add(output);
    Map<Role, Tensor> tensors = new EnumMap<>(inputs.tensors());
    tensors.put(Role.OUTPUT, output);
    Arrays.fill(values, 7);
    output.write(FloatBuffer.wrap(values));
    assertThrows(
        IllegalArgumentException.class,
        () -> pooling().compute(pool, Direction.FORWARD, tensors, false));
    assertArrayEquals(values, output.toFloats());
  }
}
