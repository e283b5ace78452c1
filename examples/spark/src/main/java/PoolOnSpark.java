import static io.github.clpool.op.Regions.window;

import io.github.clpool.Pooling;
import io.github.clpool.Scope;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.Pool;
import io.github.clpool.op.RandomKey;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;

/** The same bits from one JVM and from a cluster of executors with devices, however work is cut. */
public final class PoolOnSpark {
  private static final int PICTURES = 40;
  private static final int CHANNELS = 3;
  private static final int SIDE = 96;
  private static final long SEED = 7;

  /** A discovery script as on a machine with a GPU; it offers what clpool finds best. */
  private static final String SCRIPT =
      "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"auto\"]}'\n";

  private PoolOnSpark() {}

  /** What a task tells of a picture. */
  private record Pooled(int number, String digest, String where) implements Serializable {}

  /** Pools on one JVM and on a cluster; the exit code is not 0 if the results differ. */
  public static void main(String[] arguments) throws Exception {
    TreeSet<String> digests = new TreeSet<>();
    try (JavaSparkContext spark = new JavaSparkContext(configuration("local[1]"))) {
      digests.add(run(spark, 1));
    }
    SparkConf cluster =
        configuration("local-cluster[2,1,1024]") // executors, cores and MiB of each
            .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
            .set("spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1")
            .set("spark.worker.resource.gpu.amount", "1")
            .set("spark.worker.resource.gpu.discoveryScript", discoveryScript().toString())
            .set("spark.executor.resource.gpu.amount", "1")
            .set("spark.task.resource.gpu.amount", "1");
    try (JavaSparkContext spark = new JavaSparkContext(cluster)) {
      for (int partitions : new int[] {2, 7, PICTURES}) {
        digests.add(run(spark, partitions));
      }
    }
    boolean right = digests.size() == 1;
    System.out.println(right ? "ok: the same bits everywhere" : "WRONG: " + digests);
    System.exit(right ? 0 : 1);
  }

  private static SparkConf configuration(String master) {
    return new SparkConf()
        .setMaster(master)
        .setAppName("clpool")
        .set("spark.ui.enabled", "false")
        .set("spark.scheduler.minRegisteredResourcesRatio", "1"); // wait for both executors
  }

  private static String run(JavaSparkContext spark, int partitions) {
    List<Integer> numbers = IntStream.range(0, PICTURES).boxed().toList();
    List<Pooled> pooled =
        spark.parallelize(numbers, partitions).map(PoolOnSpark::pool).collect().stream()
            .sorted(Comparator.comparingInt(Pooled::number))
            .toList();
    String all = pooled.stream().map(Pooled::digest).collect(Collectors.joining());
    String digest = digest(all.getBytes());
    System.out.printf("%s, %d partitions: %s%n", spark.master(), partitions, digest);
    pooled.stream().map(Pooled::where).distinct().sorted().forEach(System.out::println);
    return digest;
  }

  /** The task: draws a picture by its number, pools it and gives a digest of the bits. */
  private static Pooled pool(int number) {
    Random random = new Random(number);
    float[] drawn = new float[CHANNELS * SIDE * SIDE];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = random.nextFloat();
    }
    Pooling pooling = Poolings.ofTask();
    try (Scope scope = pooling.scope()) {
      Tensor x = scope.tensor(Shape.of(1, CHANNELS, SIDE, SIDE), drawn);
      RandomKey key = new RandomKey(SEED, number); // of the picture, so no partition matters
      StringBuilder digests = new StringBuilder();
      for (Tensor y :
          List.of(
              scope.run(Pool.max().over(window(3).stride(2)), x),
              scope.run(Pool.soft().over(window(2)), x),
              scope.run(Pool.stochastic().over(window(2)), Inputs.of(x).key(key)))) {
        ByteBuffer bytes = ByteBuffer.allocate((int) y.shape().elements() * Float.BYTES);
        bytes.asFloatBuffer().put(y.toFloats());
        digests.append(digest(bytes.array()));
      }
      String where = "  executor " + SparkEnv.get().executorId() + ": " + pooling.device().name();
      return new Pooled(number, digest(digests.toString().getBytes()), where);
    }
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible); // every Java has it
    }
  }

  /** Also gives Spark the home that its workers ask for: they need no file of it. */
  private static Path discoveryScript() throws IOException {
    Path home = Files.createDirectories(Path.of(System.getenv("SPARK_HOME")));
    Files.createDirectories(home.resolve("jars"));
    Path script = Files.writeString(home.resolve("discover-gpus"), SCRIPT);
    script.toFile().setExecutable(true);
    return script;
  }
}
