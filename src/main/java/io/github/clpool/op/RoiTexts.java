package io.github.clpool.op;

import io.github.clpool.tensor.Require;

/** Reads the operators on regions of interest from text. Stateless. */
final class RoiTexts {
  private RoiTexts() {}

  static Operator roiPool(OperatorText options) {
    int[] output = output(options);
    RoiPool pool = RoiPool.output(output[0], output[1]).spatialScale(scale(options));
    return options.flag("avg") ? pool.avg() : pool;
  }

  static Operator roiAlign(OperatorText options) {
    int[] output = output(options);
    RoiAlign align = RoiAlign.output(output[0], output[1]).spatialScale(scale(options));
    align =
        options.has("samplingRatio") ? align.samplingRatio(options.number("samplingRatio")) : align;
    align = options.flag("aligned") ? align.aligned() : align;
    return options.has("mode") ? align.mode(options.oneOf("mode", RoiAlign.Mode.values())) : align;
  }

  private static double scale(OperatorText options) {
    return options.has("spatialScale") ? options.decimal("spatialScale") : 1;
  }

  /** Height and width; one number stands for both. */
  private static int[] output(OperatorText options) {
    int[] output = options.numbers("output");
    Require.that(
        output.length <= 2,
        "output is '%s', but must be one or two numbers",
        options.text("output"));
    return new int[] {output[0], output[output.length - 1]};
  }
}
