package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.Arguments;
import io.github.clpool.backend.DeviceMemoryException;
import io.github.clpool.backend.Lifetime;
import io.github.clpool.op.Direction;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import io.github.clpool.opencl.plan.KernelArgument;
import io.github.clpool.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jocl.cl_mem;

/**
 * Runs a plan with kernel objects of its own, one run after the other. A run has memory: tensors,
 * which cannot be freed meanwhile, temporaries, tables of the call, and the numbers by which
 * kernels say that something is wrong. Once everything is enqueued it gives them back: the queue's
 * order keeps whoever gets the memory next from disturbing. Not thread-safe.
 */
final class PlanRun implements BoundKernel.Run {
  private final OpenClContext context;
  private final Memory memory;
  private final FaultChecks checks;
  private final Direction direction;
  private final boolean accumulates;
  private final List<BoundKernel> kernels;
  private final PlanBuffers.Slot[] slots;
  private final cl_mem[] filled; // by slot
  private final OpenClStorage[] used;
  private final boolean[] isResult; // of each
  private int uses;
  private final Memory.Allocation[] allocated;
  private int allocations;
  private final KernelArgument.Fault[] faults;
  private final Memory.Allocation[] faultNumbers;
  private int faultCount;
  private final KeptTables keptTables;
  private final Map<KernelArgument.CallTables, List<int[]>> tables = new HashMap<>(); // of the call
  private final Map<OpenClStorage, cl_mem> packed = new HashMap<>(); // views of results
  private final Set<Role> inPlace;
  private Arguments arguments;

  /** Owns the kernels from now on. */
  PlanRun(
      OpenClBackend backend,
      Direction direction,
      boolean accumulates,
      List<BoundKernel> kernels,
      PlanBuffers buffers) {
    this.context = backend.context();
    this.memory = backend.memory();
    this.checks = backend.checks();
    this.keptTables = backend.tables();
    this.direction = direction;
    this.accumulates = accumulates;
    this.kernels = kernels;
    this.slots = buffers.slots();
    this.inPlace = buffers.inPlace();
    this.filled = new cl_mem[slots.length];
    this.used = new OpenClStorage[slots.length];
    this.isResult = new boolean[slots.length];
    this.allocated = new Memory.Allocation[slots.length];
    this.faults = new KernelArgument.Fault[slots.length];
    this.faultNumbers = new Memory.Allocation[slots.length];
  }

  /** Enqueues the launches and waits for nothing. */
  void run(Arguments values) {
    arguments = values;
    try {
      for (int i = 0; i < slots.length; i++) {
        filled[i] = slots[i].fill(this);
      }
      context.takeTurn();
      try {
        for (int i = 0; i < kernels.size(); i++) {
          enqueue(kernels.get(i));
          context.order();
        }
        packed.forEach(OpenClStorage::unpack);
        leaveChecks();
        context.flush();
      } finally {
        context.endTurn();
      }
    } finally {
      end();
    }
  }

  /** Some drivers make buffers when they are first used, and lack memory only then. */
  private void enqueue(BoundKernel kernel) {
    try {
      kernel.enqueue(this);
      return;
    } catch (DeviceMemoryException lack) {
      context.finish();
      memory.dropKept();
    }
    try {
      kernel.enqueue(this);
    } catch (DeviceMemoryException lack) {
      throw memory.exhausted(lack);
    }
  }

  Arguments arguments() {
    return arguments;
  }

  @Override
  public cl_mem buffer(int slot) {
    return filled[slot];
  }

  @Override
  public RandomKey key() {
    return arguments.randomKey();
  }

  cl_mem tensor(Role role) {
    OpenClStorage storage = (OpenClStorage) arguments.get(role).storage();
    isResult[uses] = role.isResult(direction);
    if (isResult[uses]) {
      storage.checkWritable(role.words());
      storage.change(); // again when all is enqueued; if that fails, nobody knows what it holds
    }
    storage.lifetime().use();
    used[uses++] = storage;
    return storage.isView() && !inPlace.contains(role)
        ? packed(storage, role)
        : storage.region().inPlace();
  }

  @Override
  public void view(Role role, long[] view) {
    Tensor tensor = arguments.get(role);
    ((OpenClStorage) tensor.storage()).region().view(tensor, view);
  }

  private cl_mem packed(OpenClStorage view, Role role) {
    cl_mem dense = temporary(view.bytes());
    boolean isResult = role.isResult(direction);
    if (isResult) {
      packed.put(view, dense);
    }
    if (!isResult || accumulates) {
      view.pack(dense);
    }
    return dense;
  }

  cl_mem temporary(long bytes) {
    return kept(memory.allocate(bytes));
  }

  cl_mem made(int... content) {
    return kept(memory.make(content));
  }

  private cl_mem kept(Memory.Allocation allocation) {
    allocated[allocations++] = allocation;
    return allocation.mem();
  }

  cl_mem fault(KernelArgument.Fault fault) {
    Memory.Allocation number = checks.take();
    faultNumbers[faultCount] = number;
    faults[faultCount++] = fault;
    return number.mem();
  }

  /** A table of the call. */
  int[] values(KernelArgument.CallTable table) {
    List<int[]> made = tables.get(table.maker());
    if (made == null) {
      made = keptTables.of(table.maker(), arguments);
      tables.put(table.maker(), made);
    }
    return made.get(table.index());
  }

  @Override
  public int count(KernelArgument.CallCount argument) {
    int[] pointers = values(argument.pointers());
    return pointers[pointers.length - 1];
  }

  /** Results may be bad by what the kernels find, and by what their inputs may be bad by. */
  private void leaveChecks() {
    List<FaultCheck> all = List.of();
    for (int i = 0; i < uses; i++) {
      if (!isResult[i] || accumulates) {
        all = FaultChecks.union(all, used[i].checks());
      }
    }
    for (int i = 0; i < faultCount; i++) {
      FaultCheck own = checks.start(faultNumbers[i], faults[i].report(), arguments);
      faultNumbers[i] = null;
      all = FaultChecks.union(all, List.of(own));
    }
    for (int i = 0; i < uses; i++) {
      if (isResult[i]) {
        used[i].computedUnder(all);
      }
    }
    checks.collect(all);
  }

  private void end() {
    try {
      while (faultCount > 0) {
        Memory.Allocation number = faultNumbers[--faultCount];
        if (number != null) {
          checks.giveBack(number);
        }
      }
      while (allocations > 0) {
        memory.free(allocated[--allocations]);
      }
      while (uses > 0) {
        used[--uses].lifetime().done();
      }
    } catch (Throwable failed) {
      end(); // the rest of it
      throw failed;
    }
    forget();
  }

  /** Keeps no tensor of the caller from the garbage collector. */
  private void forget() {
    Arrays.fill(used, null);
    Arrays.fill(allocated, null);
    Arrays.fill(faultNumbers, null);
    if (!tables.isEmpty()) {
      tables.clear();
    }
    if (!packed.isEmpty()) {
      packed.clear();
    }
    arguments = null;
  }

  void close() {
    Lifetime.freeAll(kernels, BoundKernel::close);
  }
}
