package io.github.clpool.opencl.runtime;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.function.Predicate;

/**
 * Tells direct buffers whose memory an arena may free while they are there ({@code
 * java.lang.foreign}, newer than what this library is compiled for) from ordinary ones, whose
 * memory lasts as long as they do. JOCL takes the address of either; only Java's own copies are
 * safe with an arena's.
 */
final class ArenaMemory {
  private static final Predicate<Buffer> MAY_BE_FREED = find();

  private ArenaMemory() {}

  /** Whether a direct buffer can lose its memory; true also where this cannot be known. */
  static boolean mayBeFreed(Buffer direct) {
    return MAY_BE_FREED.test(direct);
  }

  private static Predicate<Buffer> find() {
    try {
      Class<?> segments = Class.forName("java.lang.foreign.MemorySegment");
      Method ofBuffer = segments.getMethod("ofBuffer", Buffer.class);
      Method scope = segments.getMethod("scope");
      Class<?> ordinary = scope(ofBuffer, scope, ByteBuffer.allocateDirect(1)).getClass();
      return buffer -> scope(ofBuffer, scope, buffer).getClass() != ordinary;
    } catch (ClassNotFoundException tooOld) {
      boolean incubating = ModuleLayer.boot().findModule("jdk.incubator.foreign").isPresent();
      return buffer -> incubating;
    } catch (ReflectiveOperationException | RuntimeException inBetween) {
      return buffer -> true; // the JDKs that previewed arenas
    }
  }

  private static Object scope(Method ofBuffer, Method scope, Buffer buffer) {
    try {
      return scope.invoke(ofBuffer.invoke(null, buffer));
    } catch (IllegalAccessException | InvocationTargetException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
