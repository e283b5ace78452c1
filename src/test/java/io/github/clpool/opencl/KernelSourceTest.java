package io.github.clpool.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.backend.PoolingException;
import io.github.clpool.opencl.plan.KernelSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelSourceTest {
  private static final Map<String, String> FILES =
      Map.of(
          "a.cl", "// a\n#include \"lib/b.clh\"\n#include \"lib/c.clh\"\nint a;\n",
          "lib/b.clh", "#include \"lib/c.clh\"\nint b;\n",
          "lib/c.clh", "int c;\n");

  @Test
  void eachIncludeIsPutInPlaceOnce() {
    assertEquals(
        """
        #line 1 "a.cl"
        // a
        #line 1 "lib/b.clh"
        #line 1 "lib/c.clh"
        int c;
        #line 2 "lib/b.clh"
        int b;
        #line 3 "a.cl"

        int a;
        """,
        KernelSource.compose("a.cl", FILES::get).text());
  }

  @Test
  void theExcerptShowsTheLinesThatTheLogNames() {
    String excerpt =
        KernelSource.compose("a.cl", FILES::get)
            .excerpt("error: lib/b.clh:2:5: no\nwarning: elsewhere.cl:1: what\n");
    assertEquals(
        "lib/b.clh:    1  #include \"lib/c.clh\"%nlib/b.clh:    2  int b;%n".formatted(), excerpt);
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Exception missing =
        assertThrows(PoolingException.class, () -> KernelSource.load("no_such_pool.cl", null));
    assertTrue(missing.getMessage().contains("opencl/no_such_pool.cl"), missing::getMessage);
  }
}
