package io.github.clpool.opencl.device;

import io.github.clpool.tensor.DataType;

/**
 * The cases of the self-test, and what Java computes of them: the same for all devices, so made
 * once, and beside the loading of drivers where that is asked for. Thread-safe; nobody changes an
 * array.
 */
final class SelfTestAnswers {
  static final float[][] FLOATS = SelfTestCases.floats();
  static final double[][] DOUBLES = SelfTestCases.doubles();
  static final double[][] OPERANDS = SelfTestCases.functionOperands();
  static final double[] OF_FLOATS = SelfTestFunctions.expected(DataType.FLOAT32, OPERANDS);
  static final double[] OF_DOUBLES = SelfTestFunctions.expected(DataType.FLOAT64, OPERANDS);

  private SelfTestAnswers() {}

  /** All halves; apart, since simulators are given few. */
  static final class Halves {
    static final short[] ALL = SelfTestCases.halves(1 << 16);
    static final float[] ROUNDED = SelfTestFunctions.expectedOfHalves(ALL);

    private Halves() {}
  }

  /** Begins in a thread of its own; whoever needs an answer sooner waits for it. */
  static void prepare() {
    Thread thread = new Thread(SelfTestAnswers::load, "clpool self-test answers");
    thread.setDaemon(true);
    thread.start();
  }

  /** By a first look at each class: the JVM makes its constants. */
  private static int load() {
    return OF_FLOATS.length + Halves.ROUNDED.length;
  }
}
