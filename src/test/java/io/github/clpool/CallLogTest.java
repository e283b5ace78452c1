package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.github.clpool.op.Operators;
import io.github.clpool.parity.Case;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** The property {@code clpool.verbose}. */
class CallLogTest {
  private static final Pattern LINE =
      Pattern.compile(
          "clpool run --case \"(.*)\" --device \"(.*)\" # (\\S+/\\S+ on .*), [\\d.]+ ms");

  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.clpool.cache.CallLog");
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getFormattedMessage());
        }
      };

  @BeforeEach
  void listen() {
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    appender.start();
    logger.addAppender(appender);
    System.setProperty("clpool.verbose", "1");
  }

  @AfterEach
  void stop() {
    System.clearProperty("clpool.verbose");
    logger.detachAppender(appender);
    logger.setAdditive(true);
    logger.setLevel(null);
  }

  @ParameterizedTest
  @MethodSource("io.github.clpool.TestDevices#all")
  void everyCallLogsWhatRepeatsIt(String name) throws InterruptedException {
    try (Pooling pooling = TestDevices.open(name);
        Tensor x = pooling.empty(Shape.of(1, 2, 4, 4), Layout.NHWC, DataType.FLOAT32);
        Pass pass = pooling.forward(Operators.parse("max window=2"), x)) {
      pass.backward(pass.output()).close();
      String device = pooling.selection().device();
      Set<String> logged = new TreeSet<>();
      for (int i = 0; i < 2; i++) { // in any order: each waits for its own end
        String line = lines.take();
        Matcher found = LINE.matcher(line);
        assertTrue(found.matches(), line);
        logged.add(found.group(1));
        assertEquals("max window=2", Case.parse(found.group(1)).operator().toString());
        assertTrue(Set.of(device, pooling.selection().backend()).contains(found.group(2)), line);
      }
      assertEquals(
          Set.of(
              "max window=2 on 1x2x4x4 NHWC FLOAT32 indices seed=0",
              "max window=2 on 1x2x4x4 NHWC FLOAT32 backward seed=0"),
          logged);
    }
    assertTrue(lines.isEmpty(), lines::toString);
  }

  @Test
  void nothingIsLoggedWithoutTheProperty() {
    System.clearProperty("clpool.verbose");
    try (Pooling pooling = Pooling.open(DevicePolicy.JVM_ONLY);
        Tensor x = pooling.tensor(Shape.of(1, 1, 2), 1, 2);
        Tensor y = pooling.run(Operators.parse("max global"), x)) {
      assertEquals(2, y.toFloats()[0]);
    }
    assertTrue(lines.isEmpty(), lines::toString);
  }
}
