package io.github.clpool.cli;

import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An operator that the demo shows. Immutable.
 *
 * @param operator the operator
 * @param note what to look at
 * @param type what the picture is pooled as; as bytes forward only
 */
record Sample(Operator operator, String note, DataType type) {
  private static final Map<String, List<Sample>> ALL = new TreeMap<>();

  static {
    show(
        "max",
        of("window=2", "The classic: half the size, the brightest cell of four."),
        of("window=3 stride=2 padding=1", "The stem of a ResNet. Gradient: which cells won."),
        of("window=9 stride=1 padding=4", "A dilation: bright points and letters grow."),
        of("window=3 stride=1 dilation=6 padding=6 widePadding", "Nine taps, six cells apart."),
        of("adaptive=24xKEEP", "24 rows from any picture; the columns stay."),
        of("fractional=2 outputRatio=0.7", "Seven tenths of the size; each plane jitters alone."),
        of("sampled=2 grid=16", "S3Pool: half the size, rows and columns left out by chance."),
        of("global", "One colour: the brightest of each plane. Gradient: three cells."),
        ofBytes("window=3 stride=2 padding=1", "The samples as they are, a byte each."));
    show(
        "min",
        of("window=3 stride=2 same", "Bright points and thin lines go."),
        of("window=9 stride=1 padding=4", "An erosion: dark cells grow, letters go."),
        of("adaptive=48", "The darkest cell of each of 48 x 48 regions."));
    show(
        "avg",
        of("window=2", "Half the size, smoothly."),
        of("window=13 stride=1 padding=6", "A blur; counted padding darkens the rim."),
        of("countIncludePad=false window=13 stride=1 padding=6", "The same without dark rim."),
        of("window=5 stride=3 ceilMode", "A last, incomplete window is kept."),
        of("window=3 stride=1 dilation=8 padding=8 widePadding", "Nine pictures overlaid."),
        of("adaptive=7", "7 x 7 regions of any picture, as before a classifier."),
        of("adaptive=KEEPx12", "Twelve columns; the rows stay."),
        of(
            "divisorOverride=2 window=2",
            "Divided by 2 instead of 4: twice as bright, so scaled for display."),
        of("global", "The mean colour. Gradient: every cell alike."),
        ofBytes("window=4", "Sums are exact; averages are rounded half to even."));
    show(
        "sum",
        of("window=4", "Sums, stretched for display."),
        of("adaptive=32", "Sums over 32 x 32 regions, stretched."));
    show(
        "s3_pool",
        of("grid=16 window=2 inference", "The mean of what training would draw, about."));
    show(
        "lp",
        of("p=2 window=2", "The length of four brightnesses, scaled for display."),
        of("p=1 mean window=8 stride=4", "p = 1 with mean is the average of magnitudes."),
        of("p=3 mean window=8 stride=4", "Bright cells count more."),
        of("p=0.5 mean window=8 stride=4", "Dark cells count more."),
        of("p=inf adaptive=48", "The greatest p: the brightest cell. Gradient: which won."));
    show(
        "gem",
        of("window=4", "A mean between average and maximum, by an exponent that is an input."),
        of("eps=0.25 adaptive=24", "Cells below 0.25 count as 0.25 and get no gradient."));
    show(
        "soft",
        of("window=2", "Half the size; bright cells weigh a little more than in avg."),
        of("window=9 stride=3 padding=4", "A blur that leans to bright cells."),
        of("paperGradient window=2", "The paper's gradient: the weights, all positive."),
        of("global", "One colour, between the mean and the brightest."));
    show(
        "log_sum_exp",
        of("sharpness=20 mean window=4", "Between average and maximum, the closer the sharper."),
        of("mean window=8 stride=4", "Sharpness 1: hardly more than the average."),
        of("sharpness=40 window=9 stride=3 padding=4", "A smooth dilation, above the maximum."));
    show(
        "median",
        of("window=3 stride=1 padding=1", "Single cells that stand out go, contours stay."),
        of("window=9 stride=1 padding=4", "Letters and thin lines go, areas stay sharp."),
        of("adaptive=48", "The middle cell of each of 48 x 48 regions."),
        ofBytes("window=5 stride=1 padding=2", "The same kind of filter on bytes."));
    show(
        "variance",
        of("window=3 stride=1 padding=1", "Texture, stretched: contours are bright."),
        of("sample adaptive=24", "An estimate from each of 24 x 24 regions, stretched."));
    show(
        "std",
        of("window=3 stride=1 padding=1", "The root: faint texture shows, too; stretched."),
        of("sample window=8", "Contrast of blocks of 64 cells, stretched."));
    show(
        "max_unpool",
        of("window=2", "Twice the size: each value in one cell of its window, the rest black."),
        of("window=3 stride=2 padding=1", "Overlapping windows: where two meet, the later wins."));
    show(
        "importance",
        of("window=3 stride=2 padding=1", "LIP; the logits are the picture times 12."),
        of("adaptive=24", "24 x 24 regions. Gradient: what is bright weighs more."));
    show(
        "stochastic",
        of("window=2", "Half the size, a cell of four by chance; bright ones are likelier."),
        of("window=8 stride=4", "One cell of 64: grain. Gradient: which cells were drawn."),
        of("fractional=3 outputRatio=0.4", "Regions by chance, and a cell of each by chance."),
        of("expected window=2", "What the draws are on average; bright cells weigh more."),
        of("expected window=8 stride=4", "The same of 64 cells: a blur that leans to bright."));
    show(
        "mix",
        of("mean window=3 stride=2 padding=1", "Half maximum, half average."),
        of("a=2 b=-1 window=3 stride=1 padding=1", "Twice the maximum minus the average."),
        of("alpha window=4", "Shares as learned: here a number that was drawn."),
        of("gated window=4", "Each window has shares of its own; the weights were drawn."),
        of("cat=avg-max window=2", "Six planes: the averages above, the maxima below."),
        of("random window=6", "A coin for each colour: maxima or averages."));
    show(
        "roi_pool",
        of("output=32", "Six boxes, each as the brightest cells of 32 x 32 bins."),
        of("output=7 avg", "The mean of each bin, as heads of detectors take it."));
    show(
        "roi_align",
        of("output=96 aligned", "The same boxes, interpolated: each a crop of one size."),
        of("output=7 samplingRatio=2 aligned", "7 x 7 bins of four samples each."),
        of("output=32 aligned mode=max", "The brightest sample of each bin."));
    show("soft_gate", of("", "12 times the sigmoid, stretched: the gate before importance."));
  }

  /** Adds an operator to the demo: its name and what to show of it. */
  private static void show(String name, String[]... samples) {
    List<Sample> made = new ArrayList<>();
    for (String[] sample : samples) {
      Operator operator = Operators.parse(name + " " + sample[0]);
      made.add(new Sample(operator, sample[1], DataType.valueOf(sample[2])));
    }
    ALL.put(name, List.copyOf(made));
  }

  private static String[] of(String options, String note) {
    return new String[] {options, note, DataType.FLOAT32.name()};
  }

  private static String[] ofBytes(String options, String note) {
    return new String[] {options, note, DataType.UINT8.name()};
  }

  /** The operator, and what it pools where that is not usual. */
  String title() {
    return operator + (type == DataType.FLOAT32 ? "" : " of " + type);
  }

  /** What is shown, in the order of {@link Operators#names}. */
  static List<Sample> all() {
    return Operators.names().stream().flatMap(name -> of(name).stream()).toList();
  }

  /** What is shown of one operator. */
  static List<Sample> of(String name) {
    return ALL.getOrDefault(name, List.of());
  }
}
