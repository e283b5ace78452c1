import io.github.clpool.DevicePolicy;
import io.github.clpool.Pooling;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/**
 * What tasks pool with: one {@code Pooling} in each executor for each address that it was given.
 */
final class Poolings {
  private static final Map<String, Pooling> OPEN = new ConcurrentHashMap<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> OPEN.values().forEach(Pooling::close)));
  }

  private Poolings() {}

  /** That of the address that Spark gave the task; stays open for the tasks that follow. */
  static Pooling ofTask() {
    ResourceInformation gpu = TaskContext.get().resourcesJMap().get("gpu");
    String address = gpu == null ? "jvm" : gpu.addresses()[0];
    return OPEN.computeIfAbsent(address, at -> Pooling.open(DevicePolicy.parse(at)));
  }
}
