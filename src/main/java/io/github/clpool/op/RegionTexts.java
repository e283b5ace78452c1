package io.github.clpool.op;

import io.github.clpool.tensor.Require;

/** Reads regions from text. Stateless. */
final class RegionTexts {
  private RegionTexts() {}

  static Regions global(OperatorText options) {
    String value = options.text("global");
    Require.that(value.isEmpty(), "global is '%s', but must stand alone", value);
    return Regions.global();
  }

  static Regions fractional(OperatorText options) {
    Fractional fractional = Regions.fractional(options.numbers("fractional"));
    if (options.has("outputSize")) {
      fractional = fractional.outputSize(options.numbers("outputSize"));
    }
    return options.has("outputRatio")
        ? fractional.outputRatio(options.decimals("outputRatio"))
        : fractional;
  }

  static Window window(OperatorText options) {
    Window window = Regions.window(options.numbers("window"));
    if (options.has("stride")) {
      window = window.stride(options.numbers("stride"));
    }
    if (options.has("padding")) {
      String[] sides = options.text("padding").split(":", -1);
      window =
          sides.length == 2
              ? window.padding(
                  OperatorText.numbers("padding", sides[0]),
                  OperatorText.numbers("padding", sides[1]))
              : window.padding(options.numbers("padding"));
    }
    if (options.has("dilation")) {
      window = window.dilation(options.numbers("dilation"));
    }
    window = options.flag("ceilMode") ? window.ceilMode() : window;
    window = options.flag("widePadding") ? window.widePadding() : window;
    window = options.flag("same") ? window.same() : window;
    return options.flag("sameLower") ? window.sameLower() : window;
  }
}
