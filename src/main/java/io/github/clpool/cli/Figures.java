package io.github.clpool.cli;

import io.github.clpool.op.Direction;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.parity.Case;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lists what the benchmark measures. Not thread-safe. */
final class Figures {
  /** What kernels reach on a graphics card that do nothing but move memory. */
  private static final double STREAMING_ON_GPU = 0.85;

  private static final List<String> CLASSICS = List.of("max", "avg");
  private static final List<String> OTHERS =
      List.of(
          "lp p=2",
          "lp p=2.5",
          "soft",
          "importance",
          "stochastic",
          "stochastic expected",
          "mix mean",
          "median",
          "variance",
          "std",
          "log_sum_exp");

  /** Those that weigh cells, by exponentials or by themselves, or look at them twice. */
  private static final List<String> SMOOTH =
      List.of("soft", "log_sum_exp", "importance", "stochastic", "stochastic expected", "variance");

  /** The finest level of a detector's pyramid. */
  private static final Shape LEVEL = Shape.of(2, 256, 200, 272);

  /** Which call of an operator. */
  enum Call {
    FORWARD,
    INDICES,
    GRADIENT;

    Case subject(Operator operator, Shape shape, Layout layout, DataType type) {
      return io.github.clpool.cli.Call.subject(
          operator, shape, layout, type, this == GRADIENT, this == INDICES);
    }

    /** The end of a name. */
    String suffix() {
      return this == FORWARD ? "" : " " + name().toLowerCase(Locale.ROOT);
    }

    static Call of(Case subject) {
      return subject.indices()
          ? INDICES
          : subject.direction() == Direction.FORWARD ? FORWARD : GRADIENT;
    }
  }

  private final Sizes sizes;
  private final List<Figure> all = new ArrayList<>();

  private Figures(Sizes sizes) {
    this.sizes = sizes;
  }

  /** The few that matter. */
  static List<Figure> quick(Sizes sizes) {
    Figures list = new Figures(sizes);
    list.addQuick();
    return list.all;
  }

  /** Every operator, what matters most first. */
  static List<Figure> all(Sizes sizes) {
    Figures list = new Figures(sizes);
    list.addAll();
    return list.all;
  }

  private void addQuick() {
    for (String reduction : CLASSICS) {
      on(reduction, Workload.A, Workload.B).target(0.8).add();
      on(reduction, Workload.C).target(0.5).add();
      on(reduction, Workload.D, Workload.E).add();
      on(reduction, Workload.F).target(0.7).add();
      named(reduction + " E beside 3x3", reduction + " " + Workload.E.regions(), Workload.E)
          .beside(Figure.Yardstick.SMALL_WINDOW)
          .target(1 / 2.5)
          .add();
    }
    for (String reduction : CLASSICS) {
      on(reduction, Workload.A, Workload.B).in(Layout.NHWC).target(0.7).add();
      on(reduction, Workload.C).in(Layout.NHWC).target(0.35).add();
    }
    on("max", Workload.A).call(Call.INDICES).target(0.5).add();
    on("max", Workload.B).call(Call.INDICES).target(0.8).add();
    on("max", Workload.C).call(Call.INDICES).target(0.3).add();
    for (String reduction : CLASSICS) {
      on(reduction, Workload.A, Workload.B).call(Call.GRADIENT).target(0.7).add();
      on(reduction, Workload.C).call(Call.GRADIENT).target(0.3).add();
    }
    adaptive("avg").target(0.7).add();
    on("max", Workload.A).of(DataType.FLOAT16).target(0.4).add();
    for (String reduction : CLASSICS) {
      on(reduction, Workload.A, Workload.B).onJvm().target(0.25).add();
    }
    for (String options : List.of("", " distinct")) {
      unpool(options).target(0.5).add();
      unpool(options).call(Call.GRADIENT).add();
    }
    on("lp p=2", Workload.B).target(0.5).add();
    on("lp p=2.5", Workload.B).target(0.04).add();
    on("gem", Workload.B).target(0.04).add();
    for (String reduction : List.of("importance", "mix mean")) {
      on(reduction, Workload.B).add();
      on(reduction, Workload.B).call(Call.GRADIENT).add();
    }
    on("soft", Workload.B).target(0.25).add();
    on("soft", Workload.B).call(Call.GRADIENT).add();
    on("soft", Workload.B).onJvm().target(0.05).add();
    on("stochastic", Workload.B).target(0.25).add();
    on("stochastic", Workload.B).call(Call.INDICES).add();
    on("stochastic", Workload.B).call(Call.GRADIENT).add();
    on("stochastic", Workload.B).onJvm().add();
    for (Call call : List.of(Call.FORWARD, Call.GRADIENT)) {
      on("stochastic expected", Workload.B).call(call).add();
    }
    for (String reduction : List.of("soft", "log_sum_exp")) {
      on(reduction, Workload.B).in(Layout.NHWC).target(0.05).add();
      on(reduction, Workload.B).in(Layout.NHWC).call(Call.GRADIENT).target(0.02).add();
      adaptive(reduction).target(0.05).add();
      whole(reduction).target(0.05).add();
      whole(reduction).call(Call.GRADIENT).target(0.02).add();
    }
    addDrawn();
    for (String operator : List.of("roi_align", "roi_pool")) {
      for (Layout layout : Layout.values()) {
        rois(operator).in(layout).add();
        rois(operator)
            .in(layout)
            .call(Call.GRADIENT)
            .beside(Figure.Yardstick.FORWARD)
            .target(1 / 3.0)
            .add();
      }
    }
    for (Call call : List.of(Call.FORWARD, Call.GRADIENT)) {
      network().call(call).beside(Figure.Yardstick.REFERENCE).target(5).add();
    }
    smallest().beside(Figure.Yardstick.BARE_CALL).target(1 / 1.3).add();
    named("max calls, 20 in a row", "max window=2", Shape.of(16, 8, 8, 8))
        .beside(Figure.Yardstick.BARE_CALLS)
        .target(1 / 1.5)
        .add();
  }

  private void addAll() {
    addClassics(DataType.FLOAT32);
    for (Layout layout : Layout.values()) {
      for (Call call : List.of(Call.FORWARD, Call.GRADIENT)) {
        for (String reduction : OTHERS) {
          on(reduction, Workload.B).in(layout).call(call).add();
        }
        for (String reduction : SMOOTH) {
          adaptive(reduction).in(layout).call(call).add();
          whole(reduction).in(layout).call(call).add();
          volume(reduction, "window=2").in(layout).call(call).add();
        }
        on("gem", Workload.F).in(layout).call(call).add();
        for (String reduction : CLASSICS) {
          adaptive(reduction).in(layout).call(call).target(0).add();
        }
        for (String options : List.of("", " distinct")) {
          unpool(options).in(layout).call(call).add();
        }
        for (String operator : List.of("roi_align", "roi_pool")) {
          rois(operator).in(layout).call(call).add();
        }
      }
    }
    for (String reduction : OTHERS) {
      on(reduction, Workload.A).add();
    }
    for (Call call : List.of(Call.FORWARD, Call.GRADIENT)) {
      for (String reduction : CLASSICS) {
        whole(reduction).call(call).add();
        for (String regions : List.of("window=2", "window=3 stride=1 padding=1")) {
          volume(reduction, regions).call(call).add();
        }
        line(reduction).call(call).add();
      }
      network().call(call).add();
      gate().call(call).add();
    }
    addDrawn();
    for (String reduction : List.of("min", "sum")) {
      on(reduction, Workload.B).add();
      on(reduction, Workload.B).call(Call.GRADIENT).add();
    }
    addClassics(DataType.FLOAT16);
    for (DataType type : List.of(DataType.BFLOAT16, DataType.FLOAT64)) {
      for (String reduction : CLASSICS) {
        on(reduction, Workload.A).of(type).add();
      }
    }
  }

  private void addClassics(DataType type) {
    for (Layout layout : Layout.values()) {
      for (String reduction : CLASSICS) {
        for (Call call : Call.values()) {
          if (call != Call.INDICES || reduction.equals("max")) {
            double target = sizes.ofGpu() ? STREAMING_ON_GPU : 0;
            on(reduction, Workload.values()).of(type).in(layout).call(call).target(target).add();
          }
        }
      }
    }
  }

  private void addDrawn() {
    for (String regions : List.of("fractional=2 outputRatio=0.7", "sampled=2 grid=8")) {
      String name = "max " + regions.replaceAll("=.*", "") + " of B";
      for (Call call : List.of(Call.FORWARD, Call.GRADIENT)) {
        named(name, "max " + regions, Workload.B).call(call).add();
      }
    }
    for (Call call : List.of(Call.FORWARD, Call.GRADIENT)) {
      String operator = "s3_pool grid=8 window=2 inference";
      named("s3_pool of B, inference", operator, Workload.B).call(call).add();
    }
  }

  private Entries on(String reduction, Workload... workloads) {
    List<Entry> entries = new ArrayList<>();
    for (Workload each : workloads) {
      entries.add(
          new Entry(reduction + " " + each, reduction + " " + each.regions(), each.shape(sizes)));
    }
    return new Entries(entries);
  }

  private Entries named(String name, String operator, Workload workload) {
    return named(name, operator, workload.shape(sizes));
  }

  private Entries named(String name, String operator, Shape shape) {
    return new Entries(List.of(new Entry(name, operator, shape)));
  }

  private Entries adaptive(String reduction) {
    return named(reduction + " adaptive 7x7 of A", reduction + " adaptive=7", Workload.A);
  }

  private Entries whole(String reduction) {
    Shape cpu = Shape.of(32, 64, 56, 56);
    Shape shape = sizes.of(cpu, Shape.of(128, 256, 56, 56));
    return named(reduction + " global 56x56", reduction + " global", shape);
  }

  private Entries volume(String reduction, String regions) {
    String window = regions.startsWith("window=2") ? "2x2x2" : "3x3x3";
    Shape shape = sizes.of(Shape.of(2, 32, 16, 56, 56), Shape.of(16, 64, 16, 56, 56));
    return named(reduction + " " + window, reduction + " " + regions, shape);
  }

  private Entries line(String reduction) {
    Shape shape = sizes.of(Shape.of(8, 64, 16000), Shape.of(64, 128, 16000));
    return named(reduction + " 3 of a line", reduction + " window=3 stride=2 padding=1", shape);
  }

  private Entries unpool(String options) {
    Shape pooled = sizes.of(Shape.of(8, 64, 112, 112), Shape.of(16, 64, 112, 112));
    return named("max_unpool to B" + options, "max_unpool window=2" + options, pooled);
  }

  private Entries rois(String operator) {
    String options = operator.equals("roi_align") ? " samplingRatio=2 aligned" : "";
    Shape level = sizes.of(LEVEL, LEVEL);
    return named(operator + " 7x7", operator + " output=7" + options, level);
  }

  /** A graph of 5,000 nodes and 40,000 edges that goes into 64 clusters. */
  private Entries network() {
    return named("crf_pool of a network", "crf_pool edges=1", Shape.array(5000, 64));
  }

  private Entries gate() {
    return named("soft_gate of B", "soft_gate", Workload.B);
  }

  private Entries smallest() {
    return named("max call, smallest", "max window=1", Shape.of(1, 1, 1, 1));
  }

  /** A figure to be, as far as those that are added together differ. */
  private record Entry(String name, String operator, Shape shape) {}

  /** Some figures to be, and what they have in common. */
  private final class Entries {
    private final List<Entry> entries;
    private Layout layout = Layout.NCHW;
    private DataType type = DataType.FLOAT32;
    private Call call = Call.FORWARD;
    private boolean jvm;
    private Figure.Yardstick yardstick = Figure.Yardstick.COPY;
    private double target;

    Entries(List<Entry> entries) {
      this.entries = entries;
    }

    Entries in(Layout other) {
      layout = other;
      return this;
    }

    Entries of(DataType other) {
      type = other;
      return this;
    }

    Entries call(Call other) {
      call = other;
      return this;
    }

    Entries onJvm() {
      jvm = true;
      return this;
    }

    Entries beside(Figure.Yardstick other) {
      yardstick = other;
      return this;
    }

    Entries target(double ratio) {
      target = ratio;
      return this;
    }

    /** Adds them; the name of each ends with what is not usual. */
    void add() {
      if (jvm && sizes.ofGpu()) {
        return; // the device's copy of such batches says nothing of the JVM
      }
      String suffix =
          (layout == Layout.NCHW ? "" : " " + layout)
              + (type == DataType.FLOAT32 ? "" : " " + type)
              + (jvm ? " JVM" : "")
              + call.suffix();
      for (Entry each : entries) {
        Operator operator = Operators.parse(each.operator);
        Case subject = call.subject(operator, each.shape, layout, type);
        all.add(new Figure(each.name + suffix, subject, jvm, yardstick, target));
      }
    }
  }
}
