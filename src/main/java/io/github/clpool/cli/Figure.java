package io.github.clpool.cli;

import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.parity.Case;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A speed that the benchmark measures. Immutable.
 *
 * @param name what it is called
 * @param subject the call
 * @param onJvm whether the JVM path computes it, whatever the device
 * @param yardstick what its time is compared with
 * @param target the least ratio of the yardstick's time and its own that is good, or 0 for none
 */
record Figure(String name, Case subject, boolean onJvm, Yardstick yardstick, double target) {
  /** What a time is compared with. */
  enum Yardstick {
    /** A copy of as many bytes. */
    COPY,
    /** The same reduction over windows of 3x3. */
    SMALL_WINDOW,
    /** The forward call of a gradient. */
    FORWARD,
    /** The reference. */
    REFERENCE,
    /** The same kernel by bare OpenCL calls; on the JVM 100 microseconds. */
    BARE_CALL
  }

  /** Which call of an operator. */
  private enum Call {
    FORWARD,
    INDICES,
    GRADIENT;

    Case subject(Operator operator, Shape shape, Layout layout, DataType type) {
      return io.github.clpool.cli.Call.subject(
          operator, shape, layout, type, this == GRADIENT, this == INDICES);
    }
  }

  /** The inputs and regions of well-known networks. */
  private enum Workload {
    /** The stem of a ResNet. */
    A("window=3 stride=2 padding=1", Shape.of(32, 64, 112, 112)),
    /** VGG. */
    B("window=2", Shape.of(8, 64, 224, 224)),
    /** Inception. */
    C("window=3 stride=1 padding=1", Shape.of(32, 192, 35, 35)),
    /** Spatial pyramids of detectors. */
    D("window=5 stride=1 padding=2", Shape.of(8, 512, 20, 20)),
    /** The same, widest. */
    E("window=13 stride=1 padding=6", Shape.of(8, 512, 13, 13)),
    /** Before a classifier. */
    F("global", Shape.of(64, 2048, 7, 7));

    final String regions;
    final Shape shape;

    Workload(String regions, Shape shape) {
      this.regions = regions;
      this.shape = shape;
    }
  }

  /** Everything that is measured. */
  static List<Figure> all() {
    List<Figure> all = new ArrayList<>();
    for (String reduction : List.of("max", "avg")) {
      Adder add = new Adder(all, reduction);
      add.forward(0.8, Workload.A, Workload.B).forward(0.5, Workload.C);
      add.forward(0, Workload.D, Workload.E).forward(0.7, Workload.F).wide();
    }
    for (String reduction : List.of("max", "avg")) {
      Adder add = new Adder(all, reduction);
      add.channelsLast(0.7, Workload.A, Workload.B).channelsLast(0.35, Workload.C);
    }
    Adder max = new Adder(all, "max");
    max.call(Call.INDICES, 0.5, Workload.A).call(Call.INDICES, 0.8, Workload.B);
    max.call(Call.INDICES, 0.3, Workload.C);
    for (String reduction : List.of("max", "avg")) {
      Adder add = new Adder(all, reduction);
      add.call(Call.GRADIENT, 0.7, Workload.A).call(Call.GRADIENT, 0.7, Workload.B);
      add.call(Call.GRADIENT, 0.3, Workload.C);
    }
    new Adder(all, "avg").adaptive(0.7);
    max.half(0.4);
    for (String reduction : List.of("max", "avg")) {
      new Adder(all, reduction).onJvm(0.25, Workload.A, Workload.B);
    }
    new Adder(all, "max_unpool").unpool(0.5);
    new Adder(all, "lp p=2").forward(0.5, Workload.B);
    new Adder(all, "gem").forward(0, Workload.B);
    for (String reduction : List.of("importance", "mix mean")) {
      new Adder(all, reduction).forward(0, Workload.B).call(Call.GRADIENT, 0, Workload.B);
    }
    new Adder(all, "soft")
        .forward(0.25, Workload.B)
        .call(Call.GRADIENT, 0, Workload.B)
        .onJvm(0.05, Workload.B);
    Adder stochastic = new Adder(all, "stochastic");
    stochastic.forward(0.25, Workload.B).call(Call.INDICES, 0, Workload.B);
    stochastic.call(Call.GRADIENT, 0, Workload.B).onJvm(0, Workload.B);
    new Adder(all, "stochastic expected").forward(0, Workload.B).call(Call.GRADIENT, 0, Workload.B);
    max.drawn();
    new Adder(all, "s3_pool").s3Pool();
    for (String operator : List.of("roi_align", "roi_pool")) {
      new Adder(all, operator).rois();
    }
    all.add(network("crf_pool of a network", Call.FORWARD));
    all.add(network("crf_pool of a network gradient", Call.GRADIENT));
    max.smallest();
    return all;
  }

  /** A graph of 5,000 nodes and 40,000 edges that goes into 64 clusters. */
  private static Figure network(String name, Call call) {
    Operator operator = Operators.parse("crf_pool edges=1");
    Case subject = call.subject(operator, Shape.array(5000, 64), Layout.NCHW, DataType.FLOAT32);
    return new Figure(name, subject, false, Yardstick.REFERENCE, 5);
  }

  /** Adds the figures of one reduction. */
  private record Adder(List<Figure> all, String reduction) {
    private void add(
        String what,
        String regions,
        Shape shape,
        Layout layout,
        DataType type,
        Call call,
        boolean jvm,
        Yardstick yardstick,
        double target) {
      Operator operator = Operators.parse(reduction + " " + regions);
      Case subject = call.subject(operator, shape, layout, type);
      all.add(new Figure(reduction + " " + what, subject, jvm, yardstick, target));
    }

    private Adder plain(
        String suffix,
        Layout layout,
        DataType type,
        Call call,
        boolean jvm,
        double target,
        Workload... workloads) {
      for (Workload each : workloads) {
        String what = each + suffix;
        add(what, each.regions, each.shape, layout, type, call, jvm, Yardstick.COPY, target);
      }
      return this;
    }

    Adder forward(double target, Workload... workloads) {
      return plain("", Layout.NCHW, DataType.FLOAT32, Call.FORWARD, false, target, workloads);
    }

    Adder channelsLast(double target, Workload... workloads) {
      return plain(" NHWC", Layout.NHWC, DataType.FLOAT32, Call.FORWARD, false, target, workloads);
    }

    Adder call(Call call, double target, Workload... workloads) {
      String suffix = " " + call.name().toLowerCase(Locale.ROOT);
      return plain(suffix, Layout.NCHW, DataType.FLOAT32, call, false, target, workloads);
    }

    void onJvm(double target, Workload... workloads) {
      plain(" JVM", Layout.NCHW, DataType.FLOAT32, Call.FORWARD, true, target, workloads);
    }

    void half(double target) {
      plain(" FLOAT16", Layout.NCHW, DataType.FLOAT16, Call.FORWARD, false, target, Workload.A);
    }

    void wide() {
      other("E beside 3x3", Workload.E.regions, Workload.E.shape, Yardstick.SMALL_WINDOW, 1 / 2.5);
    }

    void adaptive(double target) {
      other("adaptive 7x7 of A", "adaptive=7", Workload.A.shape, Yardstick.COPY, target);
    }

    void unpool(double target) {
      Shape pooled = Workload.B.shape.withSpatial(112, 112);
      for (String options : List.of("", " distinct")) {
        for (Call call : List.of(Call.FORWARD, Call.GRADIENT)) {
          String suffix = call == Call.FORWARD ? options : options + " gradient";
          add(
              "to B" + suffix,
              "window=2" + options,
              pooled,
              Layout.NCHW,
              DataType.FLOAT32,
              call,
              false,
              Yardstick.COPY,
              call == Call.FORWARD ? target : 0);
        }
      }
    }

    void drawn() {
      String fractional = "fractional=2 outputRatio=0.7";
      other("fractional of B", fractional, Workload.B.shape, Yardstick.COPY, 0);
      gradient("fractional of B gradient", fractional, Workload.B.shape);
      other("sampled of B", "sampled=2 grid=8", Workload.B.shape, Yardstick.COPY, 0);
      gradient("sampled of B gradient", "sampled=2 grid=8", Workload.B.shape);
    }

    void s3Pool() {
      String inference = "grid=8 window=2 inference";
      other("of B, inference", inference, Workload.B.shape, Yardstick.COPY, 0);
      gradient("of B, inference gradient", inference, Workload.B.shape);
    }

    /** The boxes of a detector on the finest level of its pyramid. */
    void rois() {
      Shape level = Shape.of(2, 256, 200, 272);
      String bins = "output=7" + (reduction.equals("roi_align") ? " samplingRatio=2 aligned" : "");
      for (Layout layout : Layout.values()) {
        String suffix = layout == Layout.NCHW ? "" : " NHWC";
        for (Call call : List.of(Call.FORWARD, Call.GRADIENT)) {
          boolean forward = call == Call.FORWARD;
          add(
              "7x7" + suffix + (forward ? "" : " gradient"),
              bins,
              level,
              layout,
              DataType.FLOAT32,
              call,
              false,
              forward ? Yardstick.COPY : Yardstick.FORWARD,
              forward ? 0 : 1 / 3.0);
        }
      }
    }

    private void gradient(String what, String regions, Shape shape) {
      add(
          what,
          regions,
          shape,
          Layout.NCHW,
          DataType.FLOAT32,
          Call.GRADIENT,
          false,
          Yardstick.COPY,
          0);
    }

    void smallest() {
      other("call, smallest", "window=1", Shape.of(1, 1, 1, 1), Yardstick.BARE_CALL, 1 / 1.3);
    }

    private void other(
        String what, String regions, Shape shape, Yardstick yardstick, double target) {
      add(
          what,
          regions,
          shape,
          Layout.NCHW,
          DataType.FLOAT32,
          Call.FORWARD,
          false,
          yardstick,
          target);
    }
  }
}
