/**
 * Pooling operators for any OpenCL device and the JVM, with the same bits everywhere. What is not
 * exported, such as kernels' plans, may change from one version to the next.
 */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // JOCL is no module yet
module io.github.clpool {
  requires transitive java.desktop; // pictures
  requires transitive jocl;
  requires org.slf4j;

  // the command line's, in a jar of its own
  requires static ch.qos.logback.classic;
  requires static com.google.protobuf;
  requires static info.picocli;
  requires static jcpp;
  requires static me.tongfei.progressbar;
  requires static org.tribuo.util.onnx;

  exports io.github.clpool;
  exports io.github.clpool.backend;
  exports io.github.clpool.io;
  exports io.github.clpool.op;
  exports io.github.clpool.opencl;
  exports io.github.clpool.parity;
  exports io.github.clpool.tensor;

  opens io.github.clpool.cli to
      info.picocli;
}
