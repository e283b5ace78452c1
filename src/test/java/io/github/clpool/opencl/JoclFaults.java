package io.github.clpool.opencl;

import static net.bytebuddy.matcher.ElementMatchers.isPublic;
import static net.bytebuddy.matcher.ElementMatchers.isStatic;
import static net.bytebuddy.matcher.ElementMatchers.nameStartsWith;
import static net.bytebuddy.matcher.ElementMatchers.named;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import org.jocl.CL;

/** Makes calls of JOCL fail, in a JVM that has the agent; counts them and the objects they made. */
public final class JoclFaults {
  private static String armed = "";
  private static int remaining;
  private static Supplier<? extends Throwable> failure;
  private static int failed;
  private static long objects;
  private static final SortedMap<String, Integer> CALLS = new TreeMap<>();

  private JoclFaults() {}

  /** Puts a question before each function, and after it a count. */
  static void install() {
    new AgentBuilder.Default()
        .disableClassFormatChanges()
        .with(AgentBuilder.RedefinitionStrategy.RETRANSFORMATION)
        .with(AgentBuilder.Listener.StreamWriting.toSystemOut().withErrorsOnly())
        .type(named(CL.class.getName()))
        .transform(
            (builder, type, loader, module, domain) ->
                builder.visit(
                    Advice.to(Around.class)
                        .on(isPublic().and(isStatic()).and(nameStartsWith("cl")))))
        .installOn(ByteBuddyAgent.getInstrumentation());
  }

  /** What stands around each function. */
  private static final class Around {
    @Advice.OnMethodEnter
    static void before(@Advice.Origin("#m") String function) throws Throwable {
      called(function);
    }

    @Advice.OnMethodExit
    static void after(@Advice.Origin("#m") String function) {
      returned(function);
    }
  }

  /** From now on the nth call of a function fails, and none after it. */
  static synchronized void arm(String function, int nth, Supplier<? extends Throwable> how) {
    armed = function;
    remaining = nth;
    failure = how;
    failed = 0;
  }

  /** From now on no call fails; returns how many did. */
  static synchronized int disarm() {
    armed = "";
    return failed;
  }

  /** How often each function was called until now. */
  static synchronized SortedMap<String, Integer> calls() {
    return new TreeMap<>(CALLS);
  }

  /** How many of OpenCL's objects, but for events, were not released, retained ones twice. */
  static synchronized long objects() {
    return objects;
  }

  /** Called before each function. */
  public static synchronized void called(String function) throws Throwable {
    CALLS.merge(function, 1, Integer::sum);
    if (function.equals(armed) && --remaining == 0) {
      failed++;
      throw failure.get();
    }
  }

  /** Called when a function has returned. */
  public static synchronized void returned(String function) {
    if (function.endsWith("Event")) {
      return;
    }
    if (function.startsWith("clCreate") || function.startsWith("clRetain")) {
      objects++;
    } else if (function.startsWith("clRelease")) {
      objects--;
    }
  }
}
