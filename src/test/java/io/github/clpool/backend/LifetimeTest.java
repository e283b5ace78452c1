package io.github.clpool.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LifetimeTest {
  private final AtomicInteger freed = new AtomicInteger();
  private final Lifetime lifetime = new Lifetime("thing", freed::incrementAndGet);

  @Test
  void closingFreesOnce() {
    lifetime.close();
    lifetime.close();
    assertEquals(1, freed.get());
  }

  @Test
  void theLastUserFrees() {
    lifetime.use();
    lifetime.close();
    assertEquals(0, freed.get());
    lifetime.done();
    assertEquals(1, freed.get());
  }

  @Test
  void nothingClosedCanBeUsed() {
    lifetime.use();
    lifetime.close();
    assertFalse(lifetime.tryUse());
    Exception refused = assertThrows(IllegalStateException.class, lifetime::use);
    assertEquals("thing is closed", refused.getMessage());
  }

  @Test
  void allIsFreedWhateverIsThrown() {
    Error first = new OutOfMemoryError();
    RuntimeException second = new IllegalStateException();
    Runnable throwing =
        () -> {
          throw first;
        };
    Runnable again =
        () -> {
          throw second;
        };
    Error thrown =
        assertThrows(
            OutOfMemoryError.class,
            () -> Lifetime.freeAll(throwing, again, throwing, freed::incrementAndGet));
    assertSame(first, thrown);
    assertArrayEquals(new Throwable[] {second}, thrown.getSuppressed());
    assertEquals(1, freed.get());
  }
}
