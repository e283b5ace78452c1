package io.github.clpool.opencl.device;

import io.github.clpool.opencl.plan.DeviceProfile;
import io.github.clpool.opencl.plan.KernelSource;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Half;
import java.util.concurrent.ForkJoinPool;

/**
 * Checks what Java itself computes, in the background, while drivers are being loaded: so the code
 * that checks a device is there, and mostly compiled, when its results come. It decides nothing.
 */
final class SelfTestRehearsal {
  private SelfTestRehearsal() {}

  static void begin() {
    ForkJoinPool.commonPool().execute(SelfTestRehearsal::run);
  }

  private static void run() {
    float[][] floats = SelfTestCases.floats();
    int[] expected = SelfTestOperation.expected(floats);
    SelfTestVerdicts.of("Java", floats, expected, true, DeviceProfile.NO_LIMIT);
    double[][] doubles = SelfTestCases.doubles();
    SelfTestVerdicts.firstDifference(doubles, SelfTestVerdicts.expectedOfDoubles(doubles));
    double[][] operands = SelfTestCases.functionOperands();
    for (DataType type : new DataType[] {DataType.FLOAT32, DataType.FLOAT64}) {
      double[] results = SelfTestFunctions.expected(type, operands);
      SelfTestFunctions.difference(type, operands, results, true);
    }
    short[] halves = SelfTestCases.halves(1 << Short.SIZE);
    float[] rounded = SelfTestFunctions.expectedOfHalves(halves);
    short[] results = new short[rounded.length];
    for (int i = 0; i < results.length; i++) {
      results[i] = Half.fromFloat(rounded[i]);
    }
    SelfTestFunctions.halvesDifference(halves, results);
    KernelSource.load(SelfTestKernels.FILE, null);
  }
}
