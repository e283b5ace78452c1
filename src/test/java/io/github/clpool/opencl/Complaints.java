package io.github.clpool.opencl;

import java.util.List;

/** What a program finds wrong while calls fail; it is printed at once, and the program goes on. */
final class Complaints {
  private int count;

  void add(String what, Throwable why) {
    count++;
    System.out.println("WRONG: " + what);
    why.printStackTrace(System.out);
  }

  /** Adds one unless the results are the wanted ones. */
  void compare(String what, List<String> wanted, List<String> found) {
    if (!wanted.equals(found)) {
      add(what, new AssertionError(found + " must be " + wanted));
    }
  }

  int count() {
    return count;
  }
}
