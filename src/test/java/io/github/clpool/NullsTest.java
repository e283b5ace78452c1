package io.github.clpool;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.Backend;
import io.github.clpool.backend.CallMemory;
import io.github.clpool.backend.Chooser;
import io.github.clpool.backend.Computation;
import io.github.clpool.backend.Device;
import io.github.clpool.backend.HeapBackend;
import io.github.clpool.backend.HeapStorage;
import io.github.clpool.backend.Implementation;
import io.github.clpool.backend.Lifetime;
import io.github.clpool.backend.Plan;
import io.github.clpool.backend.Preference;
import io.github.clpool.backend.Verdict;
import io.github.clpool.cpu.CpuBackend;
import io.github.clpool.io.NpyArray;
import io.github.clpool.io.NpyType;
import io.github.clpool.io.Picture;
import io.github.clpool.io.Pictures;
import io.github.clpool.op.Avg;
import io.github.clpool.op.AxisRegions;
import io.github.clpool.op.CrfPool;
import io.github.clpool.op.Direction;
import io.github.clpool.op.Geometry;
import io.github.clpool.op.Graphs;
import io.github.clpool.op.Inputs;
import io.github.clpool.op.MaxUnpool;
import io.github.clpool.op.Mixture;
import io.github.clpool.op.OnnxNode;
import io.github.clpool.op.Operator;
import io.github.clpool.op.Operators;
import io.github.clpool.op.Pool;
import io.github.clpool.op.Problem;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Reduction;
import io.github.clpool.op.Regions;
import io.github.clpool.op.Roi;
import io.github.clpool.op.RoiAlign;
import io.github.clpool.op.RoiOperator;
import io.github.clpool.op.RoiPool;
import io.github.clpool.op.Role;
import io.github.clpool.op.S3Pool;
import io.github.clpool.op.Sampled;
import io.github.clpool.op.SoftGate;
import io.github.clpool.op.Sparse;
import io.github.clpool.op.Window;
import io.github.clpool.opencl.OpenClInterop;
import io.github.clpool.opencl.View;
import io.github.clpool.parity.Case;
import io.github.clpool.parity.FunctionCall;
import io.github.clpool.parity.Outcome;
import io.github.clpool.parity.Parity;
import io.github.clpool.parity.ParityProgress;
import io.github.clpool.parity.ParityReport;
import io.github.clpool.parity.PoolFunction;
import io.github.clpool.parity.Special;
import io.github.clpool.reference.ReferenceBackend;
import io.github.clpool.split.SplitBackend;
import io.github.clpool.tensor.Completion;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Producer;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Storage;
import io.github.clpool.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.jocl.cl_mem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Null for a parameter of anything public is refused by the parameter's name. */
class NullsTest {
  /** Where null means something, or is a mistake of this library. */
  private static final Set<String> EXCEPTIONS =
      Set.of(
          "Tensor.producer", // the user filled it
          "Storage.other", // nothing overlaps it
          "Excerpt.text", // null is a text in messages too
          "ParityProgress.outcome", // it is told of things, and need not look at them
          "ParityProgress.soFar",
          "PoolingException.message", // as Java's own
          "PoolingException.cause",
          "DeviceException.message",
          "DeviceException.cause",
          "DeviceMemoryException.message",
          "DeviceMemoryException.cause",
          "HeapBackend.profile", // its implementations know what that is
          "Chooser.device",
          "Arguments.key", // there is none
          "Require.parameter",
          "Require.format",
          "Require.value",
          "Require.values");

  /** What parameters are called in messages, if not by their names. */
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          entry("Window.beforeValues", "padding before"),
          entry("Window.afterValues", "padding after"),
          entry("Inputs.rowPointers", "pair pointers"),
          entry("Inputs.weights", "pairs"),
          entry("Inputs.tensor", "input"), // the role's words
          entry("Call.tensor", "input"),
          entry("PreparedPooling.from", "input"),
          entry("PreparedPooling.to", "output"),
          entry("DevicePolicy.address", "PCI address"),
          entry("DevicePolicy.uuid", "UUID"),
          entry("DevicePolicy.part", "device name"),
          entry("DevicePolicy.text", "device"),
          entry("Inputs.randomKey", "key"));

  /**
   * They ask an operator or a function of the caller, which need not look at everything to answer.
   */
  private static final List<Class<?>> QUESTIONS =
      List.of(
          Operator.class,
          Reduction.class,
          Mixture.class,
          RoiOperator.class,
          PoolFunction.class,
          Backend.class,
          Plan.class,
          Implementation.class,
          Computation.class);

  private static final List<Class<?>> ONE_OF_EACH_PACKAGE =
      List.of(
          Pooling.class,
          Pool.class,
          Tensor.class,
          Pictures.class,
          Parity.class,
          Lifetime.class,
          OpenClInterop.class);
  private static final List<String> PACKAGES =
      ONE_OF_EACH_PACKAGE.stream().map(Class::getPackageName).toList();

  @TempDir Path folder;
  private final Map<Class<?>, Object> values = new HashMap<>();
  private final List<String> wrong = new ArrayList<>();
  private final Set<Executable> called = new HashSet<>();

  private static List<Class<?>> classes() throws IOException, ClassNotFoundException {
    List<Class<?>> found = new ArrayList<>();
    for (Class<?> one : ONE_OF_EACH_PACKAGE) {
      Path folder = Path.of(one.getResource(one.getSimpleName() + ".class").getPath()).getParent();
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
          String name = file.getFileName().toString().replace(".class", "");
          Class<?> type = Class.forName(one.getPackageName() + "." + name);
          if (isPublic(type)) {
            found.add(type);
          }
        }
      }
    }
    return found;
  }

  private static boolean isPublic(Class<?> type) {
    return type == null
        || Modifier.isPublic(type.getModifiers())
            && !type.getName().contains("package-info")
            && !type.getPackageName().contains("Test")
            && isPublic(type.getDeclaringClass());
  }

  @Test
  void everyNullIsRefusedByName() throws Exception {
    try (Pooling pooling = Pooling.open(DevicePolicy.REFERENCE);
        Tensor tensor = pooling.tensor(Shape.of(1, 1, 2, 2), 1, 2, 3, 4)) {
      Pool pool = Pool.max().over(Regions.window(2));
      try (Pass pass = pooling.forward(pool, tensor);
          Gradients gradients = pass.gradients(pass.output())) {
        fill(pooling, tensor, pass, gradients);
        for (Class<?> type : classes()) {
          for (Executable constructor : type.getConstructors()) {
            call(null, constructor);
          }
          for (Method method : type.getDeclaredMethods()) {
            if (Modifier.isStatic(method.getModifiers()) && !isOfEnum(method)) {
              call(null, method);
            }
          }
        }
        for (Object receiver : receivers()) {
          for (Method method : receiver.getClass().getMethods()) {
            if (isOurs(method)) {
              call(receiver, method);
            }
          }
        }
      }
    }
    assertEquals("", String.join("\n", new TreeSet<>(wrong)));
    assertEquals("", String.join("\n", new TreeSet<>(uncalled())), "no receiver for these");
  }

  private static boolean isOurs(Method method) {
    return method.getDeclaringClass().getName().startsWith("io.github.clpool")
        && !Modifier.isStatic(method.getModifiers())
        && !method.isBridge()
        && !method.getName().equals("equals");
  }

  /** What all backends have. */
  @ParameterizedTest
  @MethodSource("backends")
  void everyBackendRefusesThemAlike(String device) throws Exception {
    try (Pooling pooling = device.equals("split") ? split() : TestDevices.open(device);
        Tensor tensor = pooling.tensor(Shape.of(1, 1, 2, 2), 1, 2, 3, 4)) {
      fillCall(tensor);
      Backend backend = pooling.backend();
      try (Plan plan = backend.plan((Problem) values.get(Problem.class), Preference.NONE)) {
        for (Object receiver : List.of(backend, plan, tensor.storage())) {
          for (Class<?> type : List.of(Backend.class, Plan.class, Storage.class)) {
            for (Method method : type.isInstance(receiver) ? type.getMethods() : new Method[0]) {
              if (isOurs(method)) {
                call(receiver, method);
              }
            }
          }
        }
      }
    }
    assertEquals("", String.join("\n", new TreeSet<>(wrong)));
  }

  private static Pooling split() {
    return Pooling.over(SplitBackend.measured(List.of(CpuBackend.open(), CpuBackend.open())));
  }

  private static List<String> backends() {
    return Stream.concat(TestDevices.all().stream(), Stream.of("split")).toList();
  }

  /** Public methods that nobody called, for want of a receiver. */
  private List<String> uncalled() throws IOException, ClassNotFoundException {
    List<String> missing = new ArrayList<>();
    for (Class<?> type : classes()) {
      for (Method method : type.getDeclaredMethods()) {
        if (takesNulls(method) && called.stream().noneMatch(each -> overrides(each, method))) {
          missing.add(method.toString());
        }
      }
    }
    return missing;
  }

  private static boolean takesNulls(Method method) {
    return Modifier.isPublic(method.getModifiers())
        && !method.isSynthetic()
        && !method.getName().equals("equals")
        && !isOfEnum(method)
        && !Arrays.stream(method.getParameterTypes()).allMatch(Class::isPrimitive);
  }

  private static boolean overrides(Executable executable, Method method) {
    return executable.getName().equals(method.getName())
        && Arrays.equals(executable.getParameterTypes(), method.getParameterTypes())
        && method.getDeclaringClass().isAssignableFrom(executable.getDeclaringClass());
  }

  private static boolean isQuestion(Executable executable) {
    return QUESTIONS.stream()
        .flatMap(type -> Arrays.stream(type.getMethods()))
        .anyMatch(asked -> overrides(executable, asked));
  }

  private static boolean isOfEnum(Method method) {
    return method.getDeclaringClass().isEnum() && method.getName().equals("valueOf");
  }

  private void call(Object receiver, Executable executable) throws IllegalAccessException {
    if (!Modifier.isPublic(executable.getModifiers()) || executable.isSynthetic()) {
      return;
    }
    Parameter[] parameters = executable.getParameters();
    for (int i = 0; i < parameters.length; i++) {
      if (!parameters[i].getType().isPrimitive()) {
        Object[] arguments = Arrays.stream(parameters).map(each -> good(each)).toArray();
        arguments[i] = null;
        String name =
            executable.getDeclaringClass().getSimpleName() + "." + parameters[i].getName();
        called.add(executable);
        if (!EXCEPTIONS.contains(name)) {
          check(executable, parameters[i], receiver, arguments);
        }
      }
    }
  }

  private Object good(Parameter parameter) {
    Class<?> type = parameter.getType();
    Object value = values.get(type);
    if (type == List.class) {
      String of = parameter.getParameterizedType().toString();
      return of.contains("Roi") ? List.of() : of.contains("Double") ? List.of(0.5) : List.of(1);
    }
    if (type == Optional.class) {
      return Optional.empty();
    }
    if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    assertTrue(value != null, () -> "no value of " + type + " for " + parameter);
    return value;
  }

  private void check(Executable executable, Parameter parameter, Object receiver, Object[] given)
      throws IllegalAccessException {
    String found;
    try {
      executable.setAccessible(true);
      if (executable instanceof Method method) {
        method.invoke(receiver, given);
      } else {
        ((java.lang.reflect.Constructor<?>) executable).newInstance(given);
      }
      if (isQuestion(executable)) {
        return;
      }
      found = "nothing";
    } catch (InstantiationException impossible) {
      throw new AssertionError(impossible);
    } catch (InvocationTargetException thrown) {
      Throwable cause = thrown.getCause();
      boolean isRefusal = cause instanceof IllegalArgumentException;
      if (isRefusal && isNamed(String.valueOf(cause.getMessage()), executable, parameter)) {
        return;
      }
      found = cause.toString();
    }
    wrong.add(executable + " with null for " + parameter.getName() + " gives " + found);
  }

  /** By its name, by the words for it, or, of what sets one value, by what is set. */
  private static boolean isNamed(String message, Executable executable, Parameter parameter) {
    String known = executable.getDeclaringClass().getSimpleName() + "." + parameter.getName();
    String plain = plain(message);
    return plain.contains(plain(parameter.getName()))
        || WORDS.containsKey(known) && plain.contains(plain(WORDS.get(known)))
        || executable.getParameterCount() == 1 && plain.startsWith(plain(executable.getName()));
  }

  private static String plain(String text) {
    return text.toLowerCase(Locale.ROOT).replace(" ", "");
  }

  private List<Object> receivers() throws IOException, ClassNotFoundException {
    List<Object> all = new ArrayList<>(values.values());
    all.removeIf(each -> !PACKAGES.contains(each.getClass().getPackageName()));
    for (Class<?> type : classes()) {
      if (type.isEnum()) {
        all.add(type.getEnumConstants()[0]);
      }
    }
    for (String word : Operators.names()) {
      Operator operator = TablesTest.example(word);
      all.add(operator);
      if (operator instanceof Pool pool) {
        all.add(pool.reduction());
      }
    }
    all.addAll(
        List.of(
            Pool.avg(),
            Pool.mix(),
            Pool.avg().over(Regions.window(2)).divisor(),
            values.get(Storage.class),
            new Mixture.Alpha(),
            Pool.mix().gated(),
            Pool.mix().random(),
            new Mixture.Gated(),
            Regions.adaptive(1),
            Regions.global(),
            Regions.fractional(1).outputSize(1),
            MaxUnpool.to(4),
            RoiPool.output(1, 1),
            RoiAlign.output(1, 1),
            S3Pool.of(2, 2),
            new SoftGate(),
            OnnxNode.of("GlobalMaxPool", 1, Map.of())));
    return all;
  }

  private void filesAndParity(Pooling pooling, Pool pool, Shape shape) throws IOException {
    Case subject = Case.parse(pool + " on " + shape);
    PoolFunction function = call -> values.put(FunctionCall.class, call);
    ParityReport report = Parity.of(pool).cases(1).check(function);
    values.put(Case.class, subject);
    values.put(PoolFunction.class, function);
    values.put(Parity.class, Parity.of(pool).cases(1));
    values.put(ParityReport.class, report);
    values.put(ParityReport.Row.class, new ParityReport.Row("a", "b", "c", 1, 0));
    values.put(Outcome.class, Parity.check(subject, pooling, pooling, Preference.NONE));
    values.put(ParityProgress.class, (ParityProgress) (done, total) -> {});
    values.put(SortedMap.class, new TreeMap<>());
    values.put(String[].class, new String[] {pool.toString()});
    values.put(Operator[].class, new Operator[] {pool});
    values.put(Pooling[].class, new Pooling[] {pooling});
    values.put(DataType[].class, new DataType[] {DataType.FLOAT32});
    values.put(Layout[].class, new Layout[] {Layout.NCHW});
    values.put(Direction[].class, new Direction[] {Direction.FORWARD});
    values.put(Special[].class, new Special[] {Special.NAN});
    values.put(Shape[].class, new Shape[] {shape});
    Path file = folder.resolve("x.png");
    values.put(Path.class, file);
    values.put(IOException.class, new IOException("made up"));
    values.put(OutOfMemoryError.class, new OutOfMemoryError("made up"));
    values.put(ByteBuffer.class, ByteBuffer.allocate(4));
    values.put(NpyArray.class, NpyArray.zeros(NpyType.FLOAT32, List.of(1L)));
    values.put(Picture.class, new Picture(1, 1, new float[3]));
    values.put(BufferedImage.class, new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));
  }

  /** What backends, plans and storages are given. */
  private void fillCall(Tensor tensor) {
    Shape shape = tensor.shape();
    Pool pool = Pool.max().over(Regions.window(2));
    values.put(Tensor.class, tensor);
    values.put(Preference.class, Preference.NONE);
    values.put(Shape.class, shape);
    values.put(Storage.class, tensor.storage());
    values.put(
        Problem.class,
        new Problem(
            pool,
            Direction.FORWARD,
            shape,
            Layout.NCHW,
            DataType.FLOAT32,
            Map.of(Role.INPUT, shape, Role.OUTPUT, pool.outputShape(shape)),
            false));
    values.put(Buffer.class, FloatBuffer.allocate(4));
    values.put(Runnable.class, (Runnable) () -> {});
    values.put(Runnable[].class, new Runnable[0]);
    values.put(Iterable.class, List.of());
    values.put(Consumer.class, Stream.builder()); // none of ours
    values.put(int.class, 1);
    values.put(long.class, 1L);
    values.put(Arguments.class, new Arguments(Map.of(Role.POSITIONS, tensor), Optional.empty()));
  }

  /** What a backend is made of, and objects of JOCL that nothing native is asked about. */
  private void fillBackend(HeapBackend<?> backend, Tensor tensor) {
    Problem problem = (Problem) values.get(Problem.class);
    Implementation<Object, Object> implementation =
        new Implementation<>() {
          @Override
          public String name() {
            return "made up";
          }

          @Override
          public Verdict accepts(Problem asked, Object device) {
            return accept("everything");
          }

          @Override
          public Object plan(Problem asked, Object device) {
            return device;
          }
        };
    values.put(HeapBackend.class, backend);
    values.put(HeapStorage.class, tensor.storage());
    values.put(Implementation.class, implementation);
    values.put(Verdict.class, implementation.accept("everything"));
    values.put(Plan.class, backend.plan(problem, Preference.NONE));
    values.put(Chooser.class, new Chooser<>(this, List.of(implementation)));
    values.put(Computation.class, (Computation) arguments -> {});
    values.put(Tensor[].class, new Tensor[0]);
    values.put(CallMemory.class, CallMemory.of(problem, 0));
    values.put(Device.class, backend.description());
    values.put(Lifetime.class, new Lifetime("made up", () -> {}));
    values.put(Throwable.class, new IOException("made up"));
    values.put(Completion.class, Completion.after(() -> {}));
    values.put(View.class, new View(0, 1, 1));
    values.put(cl_context.class, new cl_context());
    values.put(cl_device_id.class, new cl_device_id());
    values.put(cl_command_queue.class, new cl_command_queue());
    values.put(cl_mem.class, new cl_mem());
    values.put(cl_event[].class, new cl_event[0]);
  }

  private void fill(Pooling pooling, Tensor tensor, Pass pass, Gradients gradients)
      throws IOException {
    Shape shape = tensor.shape();
    Pool pool = (Pool) pass.operator();
    Roi roi = new Roi(0, 0, 0, 1, 1, DataType.FLOAT32);
    RoiPool rois = RoiPool.output(1, 1);
    Sparse sparse = new Sparse(new int[] {0, 0}, new int[0]);
    fillCall(tensor);
    filesAndParity(pooling, pool, shape);
    values.put(Function.class, Function.identity());
    values.put(Supplier.class, (Supplier<RandomKey>) () -> RandomKey.of(1));
    values.put(Pooling.class, pooling);
    values.put(Scope.class, pooling.scope());
    values.put(AutoCloseable.class, (AutoCloseable) () -> {});
    values.put(UUID.class, new UUID(1, 2));
    values.put(float[][].class, new float[][] {{0, 0, 0, 1, 1}});
    values.put(Pass.class, pass);
    PreparedPooling prepared = pooling.prepare(pool, shape, Layout.NCHW, DataType.FLOAT32);
    values.put(PreparedPooling.class, prepared);
    values.put(PreparedPooling.Call.class, prepared.call());
    values.put(Gradients.class, gradients);
    values.put(Selection.class, pooling.selection());
    values.put(DevicePolicy.class, DevicePolicy.AUTO);
    values.put(Backend.class, ReferenceBackend.open());
    values.put(Producer.class, new Producer("a", "b", "c"));
    values.put(Operator.class, pool);
    values.put(Pool.class, pool);
    values.put(Reduction.class, Pool.max());
    values.put(Avg.class, Pool.avg());
    values.put(Regions.class, Regions.window(2));
    values.put(Window.class, Regions.window(2));
    values.put(Sampled.class, Regions.sampled(2, 2));
    values.put(Mixture.class, Mixture.ADD);
    values.put(Inputs.class, Inputs.of(tensor));
    values.put(RandomKey.class, RandomKey.of(1));
    fillBackend((HeapBackend<?>) values.get(Backend.class), tensor);
    values.put(CrfPool.class, CrfPool.allPairs());
    values.put(Graphs.class, Graphs.of(sparse));
    values.put(Sparse.class, sparse);
    values.put(Geometry.class, pool.geometry(shape));
    values.put(AxisRegions.class, pool.geometry(shape).w());
    values.put(Roi.class, roi);
    values.put(RoiOperator.class, rois);
    values.put(RoiPool.class, rois);
    values.put(RoiAlign.class, RoiAlign.output(1, 1));
    values.put(Map.class, Map.of());
    values.put(Set.class, Set.of());
    values.put(Optional.class, Optional.empty());
    values.put(OptionalInt.class, OptionalInt.empty());
    values.put(Object.class, this);
    values.put(Object[].class, new Object[0]);
    values.put(String.class, "auto");
    values.put(boolean.class, false);
    values.put(double.class, 0.5);
    values.put(float.class, 0.5f);
    values.put(byte.class, (byte) 1);
    values.put(short.class, (short) 1);
    values.put(int[].class, new int[] {1});
    values.put(long[].class, new long[] {1});
    values.put(byte[].class, new byte[] {1});
    values.put(short[].class, new short[] {1});
    values.put(float[].class, new float[] {1});
    values.put(double[].class, new double[] {0.5});
    values.put(double[][][].class, new double[][][] {{{1}}});
  }
}
