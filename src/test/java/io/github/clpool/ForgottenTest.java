package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Regions;
import io.github.clpool.tensor.Handles;
import io.github.clpool.tensor.Shape;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** What nobody closes is freed and reported once, each by what it is. */
class ForgottenTest {
  private static final int TENSORS = 3; // made by forget

  /** Other tests in this JVM may have forgotten something, too. */
  private static final Pattern OURS =
      Pattern.compile("tensor .*1x1x(14x22|7x11) was never closed.*");

  private final List<String> reports = new CopyOnWriteArrayList<>();

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#all")
  void isReportedOnce(String device) throws InterruptedException {
    Logger logger = (Logger) LoggerFactory.getLogger(Handles.class);
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            if (OURS.matcher(event.getFormattedMessage()).matches()) {
              reports.add(event.getFormattedMessage());
            }
          }
        };
    appender.start();
    logger.addAppender(appender);
    logger.setAdditive(false); // it is no news
    try (Pooling pooling = TestDevices.open(device)) {
      long live = settled();
      forget(pooling);
      assertEquals(live + TENSORS, Handles.live());
      for (int i = 0; i < 1000 && reports.size() < TENSORS; i++) { // the collector takes its time
        System.gc();
        Thread.sleep(10);
      }
      assertTrue(Handles.live() <= live, "reported, but counted as open");
      System.gc();
    } finally {
      logger.setAdditive(true);
      logger.detachAppender(appender);
    }
    assertEquals(TENSORS, reports.size(), reports::toString);
    for (String report : reports) {
      assertTrue(report.contains(Handles.TRACE_PROPERTY), report);
    }
  }

  /** How many handles are open when the collector has freed what other tests have forgotten. */
  private static long settled() throws InterruptedException {
    long live = Handles.live();
    for (int quiet = 0; quiet < 5; quiet++) {
      System.gc();
      Thread.sleep(20);
      if (Handles.live() != live) {
        live = Handles.live();
        quiet = 0;
      }
    }
    return live;
  }

  /** A tensor, and the output and the indices of a pass. */
  private static void forget(Pooling pooling) {
    Shape shape = Shape.of(1, 1, 14, 22);
    pooling.forward(
        Pool.max().over(Regions.window(2)),
        pooling.tensor(shape, new float[(int) shape.elements()]));
  }
}
