package io.github.clpool.opencl;

import io.github.clpool.backend.Arguments;
import io.github.clpool.op.RandomKey;
import io.github.clpool.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jocl.cl_mem;

/**
 * The memory of one run of a plan: tensors, which cannot be freed meanwhile, temporaries, and the
 * numbers by which kernels say that something is wrong. Once everything is enqueued it can be
 * closed: the queue's order keeps whoever gets the memory next from disturbing. Not thread-safe.
 */
final class PlanRun implements BoundKernel.Run, AutoCloseable {
  private final Arguments arguments;
  private final Memory memory;
  private final Transfers transfers;
  private final CleanFaults clean;
  private final List<OpenClStorage> used = new ArrayList<>();
  private final List<Memory.Allocation> temporaries = new ArrayList<>();
  private final Map<KernelArgument.Fault, Memory.Allocation> faults = new LinkedHashMap<>();
  private final Map<KernelArgument.CallTables, List<int[]>> tables = new HashMap<>();
  private final Map<KernelArgument, Memory.Allocation> made = new HashMap<>();

  PlanRun(
      LaunchPlan plan, Arguments arguments, Memory memory, Transfers transfers, CleanFaults clean) {
    this.arguments = arguments;
    this.memory = memory;
    this.transfers = transfers;
    this.clean = clean;
    try {
      for (Tensor tensor : arguments.tensors().values()) {
        OpenClStorage storage = (OpenClStorage) tensor.storage();
        storage.lifetime().use();
        used.add(storage);
      }
      for (long bytes : plan.temporaries()) {
        temporaries.add(memory.allocate(bytes));
      }
      for (Launch launch : plan.launches()) {
        for (KernelArgument argument : launch.arguments()) {
          if (argument instanceof KernelArgument.Fault fault && !faults.containsKey(fault)) {
            faults.put(fault, clean.take());
          } else if (!made.containsKey(argument)) {
            make(argument);
          }
        }
      }
    } catch (Throwable failed) {
      close();
      throw failed;
    }
  }

  /** Makes what depends on the call's values. */
  private void make(KernelArgument argument) {
    if (argument instanceof KernelArgument.Drawn draw) {
      made.put(draw, transfers.make(memory, draw.source().draw(arguments)));
    } else if (argument instanceof KernelArgument.CallTable table) {
      made.put(table, transfers.make(memory, values(table)));
    } else if (argument instanceof KernelArgument.CallTemporary temporary) {
      long bytes = (long) temporary.bytes() * count(temporary.count());
      made.put(temporary, memory.allocate(bytes));
    }
  }

  private int[] values(KernelArgument.CallTable table) {
    return tables.computeIfAbsent(table.maker(), maker -> maker.of(arguments)).get(table.index());
  }

  @Override
  public int count(KernelArgument.CallCount argument) {
    int[] pointers = values(argument.pointers());
    return pointers[pointers.length - 1];
  }

  @Override
  public cl_mem buffer(KernelArgument argument) {
    if (argument instanceof KernelArgument.Temporary temporary) {
      return temporaries.get(temporary.index()).mem();
    } else if (argument instanceof KernelArgument.Fault fault) {
      return faults.get(fault).mem();
    } else if (made.containsKey(argument)) {
      return made.get(argument).mem();
    }
    Tensor tensor = arguments.get(((KernelArgument.Buffer) argument).role());
    return ((OpenClStorage) tensor.storage()).mem();
  }

  @Override
  public int[] key() {
    RandomKey key = arguments.randomKey();
    return new int[] {
      (int) key.seed(), (int) (key.seed() >>> 32), (int) key.call(), (int) (key.call() >>> 32)
    };
  }

  /** Waits for the kernels and throws what the first fault reports. */
  void checkFaults() {
    for (KernelArgument.Fault fault : List.copyOf(faults.keySet())) {
      OptionalLong position = clean.read(faults.get(fault));
      if (position.isPresent()) {
        throw fault.report().exception(position.getAsLong(), arguments);
      }
      clean.keep(faults.remove(fault));
    }
  }

  @Override
  public void close() {
    faults.values().forEach(memory::free);
    made.values().forEach(memory::free);
    temporaries.forEach(memory::free);
    used.forEach(storage -> storage.lifetime().done());
  }
}
