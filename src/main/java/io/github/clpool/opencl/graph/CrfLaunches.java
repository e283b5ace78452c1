package io.github.clpool.opencl.graph;

import io.github.clpool.exact.Sums;
import io.github.clpool.graph.CrfOperations;
import io.github.clpool.op.CrfPool;
import io.github.clpool.op.CrfPool.Normalization;
import io.github.clpool.op.CrfPool.Pairwise;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Problem;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.graph.CrfKernels.Kernel;
import io.github.clpool.opencl.graph.CrfKernels.Matrix;
import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.Grid;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.opencl.plan.LaunchPlan;
import io.github.clpool.tensor.DataType;
import java.util.EnumMap;
import java.util.Map;

/** Turns the operations of a mean field into launches, one or two for each. Not thread-safe. */
final class CrfLaunches implements CrfOperations<Matrix> {
  /** How many work-items share a row's entries. */
  static final int ITEMS_OF_ROW = 8;

  /** How many columns, or entries, a work-item computes at once. */
  static final int VECTOR = 8;

  /** How many work-items share elements whose number only a call's values say. */
  static final long WHERE_COUNT_IS_UNKNOWN = 1 << 14;

  private final Problem problem;
  private final CrfPool operator;
  private final CrfKernels kernels;
  private final CrfTables tables;
  private final DataType computing;
  private final int nodes;
  private final int graphs;
  private final Map<Role, Matrix> loaded = new EnumMap<>(Role.class);
  private int pairTemporaries;

  CrfLaunches(Problem problem, DeviceProfile device) {
    this.problem = problem;
    this.operator = (CrfPool) problem.operator();
    this.tables = new CrfTables(operator, problem.direction() == Direction.BACKWARD);
    this.computing = problem.type().computingType();
    this.kernels = new CrfKernels(device, computing);
    this.nodes = (int) problem.input().sizes()[0];
    this.graphs = (int) problem.shapeOf(Role.GRAPH_POINTERS).elements() - 1;
  }

  LaunchPlan plan() {
    return kernels.plan();
  }

  @Override
  public Matrix load(Role role, int columns) {
    return loaded.computeIfAbsent(role, none -> widened(role, columns));
  }

  private Matrix widened(Role role, int columns) {
    long elements = problem.arguments().get(role).elements();
    DataType type = operator.typeOf(role, problem.type());
    int rows = (int) (elements / columns);
    if (type == computing) {
      return Matrix.of(new KernelArgument.Buffer(role), rows, columns);
    }
    Matrix wide = kernels.temporary(rows, columns);
    elements("load").type(type).with(role).with(wide).with(wide.elements()).over(elements);
    return wide;
  }

  @Override
  public Matrix ofNodes(int columns) {
    return of(nodes, columns);
  }

  @Override
  public Matrix ofGraphs(int rows, int columns) {
    return of(graphs * rows, columns);
  }

  @Override
  public Matrix of(int rows, int columns) {
    return kernels.temporary(rows, columns);
  }

  @Override
  public Matrix ofEntries(Entries entries) {
    if (entries == Entries.EDGES) {
      return of((int) problem.shapeOf(Role.COLUMNS).elements(), 1);
    }
    KernelArgument.CallCount pairs =
        new KernelArgument.CallCount(tables.get(CrfTables.Name.PAIR_POINTERS));
    KernelArgument buffer =
        new KernelArgument.CallTemporary(pairTemporaries++, pairs, computing.bytes());
    return new Matrix(buffer, 0, 1, pairs);
  }

  private Kernel elements(String name) {
    return kernels.kernel("elements", name);
  }

  @Override
  public void store(Matrix from, Role role) {
    store(elements("store"), from, role);
  }

  @Override
  public void storeGradient(Matrix from, Role role) {
    store(elements("store_gradient").flag("ACCUMULATE", problem.accumulate()), from, role);
  }

  private void store(Kernel kernel, Matrix from, Role role) {
    overElements(kernel.type(operator.typeOf(role, problem.type())).with(from).with(role), from);
  }

  private static void overElements(Kernel kernel, Matrix target) {
    long elements = (long) target.rows() * target.columns();
    boolean known = target.elements() instanceof KernelArgument.Int;
    kernel.with(target.elements()).over(known ? elements : WHERE_COUNT_IS_UNKNOWN);
  }

  @Override
  public void clear(Matrix target) {
    overElements(elements("clear").with(target), target);
  }

  @Override
  public void add(Matrix target, Matrix left, Matrix right) {
    overElements(elements("add").with(left, right, target), target);
  }

  @Override
  public void subtract(Matrix target, Matrix left, Matrix right) {
    overElements(elements("subtract").with(left, right, target), target);
  }

  @Override
  public void negate(Matrix target, Matrix of) {
    overElements(elements("negate").with(of, target), target);
  }

  /** Adds a launch over the rows of a matrix. */
  private void overRows(String name, Matrix... matrices) {
    Matrix like = matrices[0];
    kernels
        .kernel("rows", name)
        .divides()
        .flag("WIDE", like.columns() >= VECTOR)
        .with(matrices)
        .with(like.rows(), like.columns())
        .over(like.rows());
  }

  @Override
  public void softmax(Matrix target, Matrix q) {
    overRows("softmax", q, target);
  }

  @Override
  public void oneHot(Matrix target, Matrix q) {
    overRows("one_hot", q, target);
  }

  @Override
  public void throughSoftmax(Matrix target, Matrix softmax, Matrix g) {
    overRows("through_softmax", softmax, g, target);
  }

  /** A kernel over the pairs of each node. */
  private Kernel onPairs(String name) {
    boolean magnitudes = operator.normalization() == Normalization.ROW_SUM_ABS;
    Kernel kernel = kernels.kernel("pairs", name).divides().flag("MAGNITUDES", magnitudes);
    return pointers(kernel, Entries.PAIRS);
  }

  private Kernel pointers(Kernel kernel, Entries entries) {
    boolean edges = entries == Entries.EDGES;
    kernel.flag("ALL_PAIRS", !edges && operator.pairwise() == Pairwise.ALL_PAIRS);
    return edges
        ? kernel.with(Role.ROW_POINTERS)
        : kernel.with(tables.get(CrfTables.Name.PAIR_POINTERS));
  }

  private Kernel columns(Kernel kernel, Entries entries) {
    return entries == Entries.EDGES
        ? kernel.with(Role.COLUMNS)
        : kernel.with(tables.get(CrfTables.Name.PAIR_COLUMNS));
  }

  @Override
  public void dots(Entries entries, Matrix target, Matrix left, Matrix right) {
    columns(pointers(kernels.kernel("dots", "dots"), entries), entries)
        .with(left, right, target)
        .with(nodes, left.columns())
        .over((long) ITEMS_OF_ROW * nodes);
  }

  @Override
  public void normalize(Matrix sums, Matrix quotients, Matrix weights) {
    onPairs("normalize").with(weights, sums, quotients).with(nodes).over(nodes);
  }

  @Override
  public void throughNormalization(
      Matrix target, Matrix g, Matrix quotients, Matrix weights, Matrix sums) {
    onPairs("through_normalization")
        .with(g, quotients, weights, sums, target)
        .with(nodes)
        .over(nodes);
  }

  @Override
  public void addReversed(Matrix target, Matrix values) {
    columns(onPairs("add_reversed"), Entries.PAIRS)
        .with(tables.get(CrfTables.Name.PLACES_OF_PAIRS))
        .with(values, target)
        .with(nodes)
        .over(nodes);
  }

  /** A kernel that makes rows of some width, whole vectors at a time where they are wide enough. */
  private Kernel product(String name, int width) {
    return kernels.kernel("products", name).flag("WIDE", width >= VECTOR);
  }

  private static long vectors(int width) {
    return width >= VECTOR ? (width + VECTOR - 1) / VECTOR : width;
  }

  @Override
  public void multiply(Entries entries, Matrix target, Matrix values, Matrix right, Matrix sums) {
    Kernel kernel = product("multiply", right.columns()).flag("SKIP_DEAD_ROWS", sums != null);
    columns(pointers(kernel, entries), entries)
        .with(values, right, sums == null ? values : sums, target)
        .with(nodes, right.columns())
        .with(Grid.divisors(vectors(right.columns())))
        .over(vectors(right.columns()) * nodes);
  }

  @Override
  public void multiplyTransposed(
      Entries entries, Matrix target, Matrix values, Matrix right, Matrix sums) {
    boolean edges = entries == Entries.EDGES;
    Kernel kernel =
        product("multiply_transposed", right.columns())
            .flag("SKIP_DEAD_ROWS", sums != null)
            .flag("GRADIENT", !edges);
    pointers(kernel, entries)
        .with(
            tables.get(edges ? CrfTables.Name.EDGES_BY_COLUMNS : CrfTables.Name.PAIRS_BY_COLUMNS),
            tables.get(edges ? CrfTables.Name.ROWS_OF_EDGES : CrfTables.Name.ROWS_OF_PAIRS),
            tables.get(edges ? CrfTables.Name.PLACES_OF_EDGES : CrfTables.Name.PLACES_OF_PAIRS))
        .with(values, right, sums == null ? values : sums, target)
        .with(nodes, right.columns())
        .with(Grid.divisors(vectors(right.columns())))
        .over(vectors(right.columns()) * nodes);
  }

  @Override
  public void multiply(Matrix target, Matrix rows, Matrix matrices, Factor factor) {
    int width = target.columns();
    Matrix right = factor.isTransposed() ? transposed(matrices, rows.columns(), width) : matrices;
    product("multiply_small", width)
        .flag("PER_GRAPH", factor.isPerGraph())
        .with(tables.get(CrfTables.Name.GRAPHS))
        .with(rows, right, target)
        .with(nodes, width)
        .with(Grid.divisors(vectors(width)))
        .with(rows.columns())
        .over(vectors(width) * nodes);
  }

  /** Some matrices below each other, each transposed to the given size. */
  private Matrix transposed(Matrix matrices, int rows, int columns) {
    Matrix result = of(matrices.rows() * matrices.columns() / columns, columns);
    kernels
        .kernel("products", "transpose")
        .with(matrices, result)
        .with(result.rows())
        .with(Grid.divisors(columns), Grid.divisors(rows))
        .over((long) columns * result.rows());
    return result;
  }

  @Override
  public void multiplyNodes(Matrix target, Matrix left, Matrix right, boolean perGraph) {
    int groups = perGraph ? graphs : 1;
    long blocks = (long) groups + nodes / Sums.BLOCK; // at most
    int rows = left.columns();
    int width = right.columns();
    KernelArgument partial = kernels.temporary(blocks * rows * width);
    product("multiply_nodes", width)
        .flag("PER_GRAPH", perGraph)
        .with(Role.GRAPH_POINTERS)
        .with(tables.get(CrfTables.Name.GRAPHS_OF_BLOCKS), tables.get(CrfTables.Name.BLOCKS))
        .with(left, right)
        .with(partial)
        .with(Grid.divisors(rows))
        .with(width)
        .with(Grid.divisors(vectors(width)))
        .with(nodes, groups)
        .over(vectors(width) * rows * blocks);
    product("add_blocks", width)
        .flag("PER_GRAPH", perGraph)
        .with(tables.get(CrfTables.Name.BLOCKS), partial)
        .with(target)
        .with(Grid.divisors(rows))
        .with(width)
        .with(Grid.divisors(vectors(width)))
        .with(nodes, groups)
        .over(vectors(width) * rows * groups);
  }
}
