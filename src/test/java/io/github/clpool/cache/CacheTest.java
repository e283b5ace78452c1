package io.github.clpool.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.clpool.backend.KernelBuildException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CacheTest {
  private final AtomicInteger made = new AtomicInteger();
  private final List<String> dropped = new ArrayList<>();

  @Test
  void theLeastRecentlyUsedIsDropped() {
    Cache<Integer, String> cache =
        new Cache<>("owner", 2, key -> key + "#" + made.incrementAndGet(), dropped::add);
    cache.get(1);
    cache.get(2);
    assertEquals("1#1", cache.get(1));
    cache.get(3);
    assertEquals(List.of("2#2"), dropped);
    assertEquals("2#4", cache.get(2));
    assertEquals(2, cache.size());
    cache.close();
    assertEquals(List.of("2#2", "1#1", "3#3", "2#4"), dropped);
    Exception refused = assertThrows(IllegalStateException.class, () -> cache.get(1));
    assertEquals("owner is closed", refused.getMessage());
    assertEquals(4, made.get());
  }

  @Test
  void buildFailuresAreRememberedOthersAreNot() {
    Cache<String, String> cache =
        new Cache<>(
            "owner",
            2,
            key -> {
              made.incrementAndGet();
              if (key.equals("build")) {
                throw new KernelBuildException("device", "file", "", "error", "log", "");
              }
              throw new IllegalStateException("once more");
            },
            dropped::add);
    Exception first = assertThrows(KernelBuildException.class, () -> cache.get("build"));
    assertSame(first, assertThrows(KernelBuildException.class, () -> cache.get("build")));
    assertEquals(1, made.get());
    assertThrows(IllegalStateException.class, () -> cache.get("other"));
    assertThrows(IllegalStateException.class, () -> cache.get("other"));
    assertEquals(3, made.get());
    cache.close();
    assertEquals(List.of(), dropped);
  }

  @Test
  void oneThreadMakesWhileOthersWait() throws InterruptedException {
    CountDownLatch making = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    Cache<String, String> cache =
        new Cache<>(
            "owner",
            2,
            key -> {
              making.countDown();
              await(asked);
              return key + made.incrementAndGet();
            },
            dropped::add);
    List<String> got = java.util.Collections.synchronizedList(new ArrayList<>());
    Thread first = new Thread(() -> got.add(cache.get("a")));
    Thread second = new Thread(() -> got.add(cache.get("a")));
    first.start();
    making.await();
    second.start();
    asked.countDown();
    first.join();
    second.join();
    assertEquals(List.of("a1", "a1"), got);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
