package io.github.clpool.cli;

import io.github.clpool.tensor.Shape;

/** The inputs and regions of well-known networks. */
enum Workload {
  /** The stem of a ResNet. */
  A("window=3 stride=2 padding=1", Shape.of(32, 64, 112, 112), 256),
  /** VGG. */
  B("window=2", Shape.of(8, 64, 224, 224), 64),
  /** Inception. */
  C("window=3 stride=1 padding=1", Shape.of(32, 192, 35, 35), 256),
  /** Spatial pyramids of detectors. */
  D("window=5 stride=1 padding=2", Shape.of(8, 512, 20, 20), 128),
  /** The same, widest. */
  E("window=13 stride=1 padding=6", Shape.of(8, 512, 13, 13), 128),
  /** Before a classifier. */
  F("global", Shape.of(64, 2048, 7, 7), 512);

  private final String regions;
  private final Shape onCpu;
  private final int batchOnGpu;

  Workload(String regions, Shape onCpu, int batchOnGpu) {
    this.regions = regions;
    this.onCpu = onCpu;
    this.batchOnGpu = batchOnGpu;
  }

  String regions() {
    return regions;
  }

  Shape shape(Sizes sizes) {
    return sizes.of(onCpu, Shape.of(batchOnGpu, onCpu.c(), onCpu.h(), onCpu.w()));
  }
}
