package dev.custody.mcp;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hands the signals that ask this process to end on to another, and lets that one decide. */
final class Signals {
  private static final List<String> PASSED_ON = List.of("TERM", "INT", "HUP");

  private Signals() {}

  static void passOnTo(Process process) {
    for (String name : PASSED_ON) {
      var _ = isPassedOn(name, process);
    }
  }

  /** False where this system has no such signal, or the JVM keeps it: it ends this process then. */
  private static boolean isPassedOn(String name, Process process) {
    try {
      handle(name, process);
      return true;
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return false;
    }
  }

  // The JDK supports sun.misc.Signal and warns of its use at compile time, which no annotation
  // silences.
  private static void handle(String name, Process process) throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object signal = type.getConstructor(String.class).newInstance(name);
    int number = (int) type.getMethod("getNumber").invoke(signal);
    Object passesOn =
        Proxy.newProxyInstance(
            Signals.class.getClassLoader(),
            new Class<?>[] {handler},
            (self, method, arguments) -> called(method.getName(), process, number));
    try {
      type.getMethod("handle", type, handler).invoke(null, signal, passesOn);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException("signal " + name + " cannot be handled", e);
    }
  }

  private static @Nullable Object called(String method, Process process, int signal) {
    switch (method) {
      case "handle" -> send(process, signal);
      case "hashCode" -> {
        return signal;
      }
      case "equals" -> {
        return false;
      }
      default -> {}
    }
    return null;
  }

  // Java itself can send SIGTERM and SIGKILL only; the launcher allows the call.
  @SuppressWarnings("restricted")
  private static void send(Process process, int signal) {
    if (!process.isAlive()) {
      return;
    }
    try {
      MethodHandle kill =
          Linker.nativeLinker()
              .downcallHandle(
                  Linker.nativeLinker().defaultLookup().find("kill").orElseThrow(),
                  FunctionDescriptor.of(
                      ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
      int failed = (int) kill.invokeExact((int) process.pid(), signal);
      if (failed != 0) {
        process.destroy();
      }
    } catch (Throwable e) {
      process.destroy();
    }
  }
}
