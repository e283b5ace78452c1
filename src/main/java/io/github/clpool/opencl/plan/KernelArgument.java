package io.github.clpool.opencl.plan;

import io.github.clpool.backend.Arguments;
import io.github.clpool.op.RandomKey;
import io.github.clpool.op.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a kernel is given for one parameter. Immutable. */
public sealed interface KernelArgument {
  /**
   * Gives a parameter of a kernel what this argument stands for.
   *
   * @param parameter the parameter
   */
  void bindTo(KernelParameter parameter);

  /**
   * The buffer of a tensor.
   *
   * @param role the tensor
   */
  record Buffer(Role role) implements KernelArgument {
    @Override
    public void bindTo(KernelParameter parameter) {
      parameter.tensor(role);
    }
  }

  /**
   * Where the planes of a tensor lie in its buffer, the struct {@code View} of {@code
   * lib/planes.clh}.
   *
   * @param role the tensor
   */
  record View(Role role) implements KernelArgument {
    @Override
    public void bindTo(KernelParameter parameter) {
      parameter.view(role);
    }
  }

  /**
   * The buffers of some tensors.
   *
   * @param roles the tensors
   * @return the arguments, in the same order
   */
  static List<KernelArgument> buffers(Role... roles) {
    return Arrays.stream(roles).<KernelArgument>map(Buffer::new).toList();
  }

  /**
   * A buffer that exists only during the call.
   *
   * @param index its position among the plan's temporaries
   */
  record Temporary(int index) implements KernelArgument {
    @Override
    public void bindTo(KernelParameter parameter) {
      parameter.temporary(index);
    }
  }

  /**
   * An int.
   *
   * @param value the number
   */
  record Int(int value) implements KernelArgument {
    @Override
    public void bindTo(KernelParameter parameter) {
      parameter.number(value);
    }
  }

  /**
   * A long.
   *
   * @param value the number
   */
  record Long(long value) implements KernelArgument {
    @Override
    public void bindTo(KernelParameter parameter) {
      parameter.number(value);
    }
  }

  /**
   * A struct of ints by value, such as an axis or a grid.
   *
   * @param words its members
   */
  record Struct(int... words) implements KernelArgument {
    @Override
    public void bindTo(KernelParameter parameter) {
      parameter.struct(words);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Struct struct && Arrays.equals(words, struct.words);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(words);
    }

    @Override
    public String toString() {
      return "Struct" + Arrays.toString(words);
    }
  }

  /**
   * A read-only buffer of ints that belongs to the plan, such as the ranges of adaptive regions.
   *
   * @param values the numbers, at least one
   */
  record Table(int... values) implements KernelArgument {
    @Override
    public void bindTo(KernelParameter parameter) {
      parameter.table(this);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Table table && Arrays.equals(values, table.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
      return "Table of " + values.length + " ints";
    }
  }

  /**
   * A read-only buffer of ints, or of the bits of other numbers, that is filled for each call from
   * what it is given: the key of its random draw, or tensors that the host reads.
   *
   * @param source what it is filled with
   */
  record Drawn(Source source) implements KernelArgument {
    @Override
    public void bindTo(KernelParameter parameter) {
      parameter.drawn(source);
    }

    /** Draws up the content of a buffer. Should be a record, so that plans can be compared. */
    @FunctionalInterface
    public interface Source {
      /**
       * Draws up.
       *
       * @param arguments the call's tensors and key
       * @return the content, at least one
       * @throws IllegalArgumentException if what the call is given is wrong
       */
      int[] draw(Arguments arguments);

      /**
       * Draws up the content for a call that was made up.
       *
       * @return the content, by default of some key
       */
      default int[] example() {
        return draw(new Arguments(Map.of(), Optional.of(RandomKey.of(0))));
      }
    }
  }

  /** Makes tables from the values of a call. Is a record, so that plans can be compared. */
  interface CallTables {
    /**
     * What the tables are made from, and nothing else: they stay as long as these do.
     *
     * @return the tensors' roles
     */
    Set<Role> reads();

    /**
     * Makes the tables of a call.
     *
     * @param arguments the call's tensors
     * @return the tables
     */
    List<int[]> of(Arguments arguments);
  }

  /**
   * A read-only buffer of ints that the host makes from tensors of a call. What equal makers make
   * is made once, and kept until such a tensor changes.
   *
   * @param maker makes it, and maybe others
   * @param index its position among them
   */
  record CallTable(CallTables maker, int index) implements KernelArgument {
    @Override
    public void bindTo(KernelParameter parameter) {
      parameter.callTable(this);
    }
  }

  /**
   * The last number of a table, as an int: of pointers into entries, how many there are.
   *
   * @param pointers the table, of at least one number
   */
  record CallCount(CallTable pointers) implements KernelArgument {
    @Override
    public void bindTo(KernelParameter parameter) {
      parameter.callCount(this);
    }
  }

  /**
   * A buffer that exists only during the call, and whose size only the call's values say.
   *
   * @param index tells it from others of that size
   * @param count the number of its elements
   * @param bytes the size of an element
   */
  record CallTemporary(int index, CallCount count, int bytes) implements KernelArgument {
    @Override
    public void bindTo(KernelParameter parameter) {
      parameter.callTemporary(this);
    }
  }

  /**
   * The key of the call's random draw, a {@code ulong4}: seed, call, the number of the call's first
   * element, nothing.
   *
   * @param each how many numbers each batch position takes
   */
  record Key(long each) implements KernelArgument {
    @Override
    public void bindTo(KernelParameter parameter) {
      parameter.key(each);
    }
  }

  /**
   * A {@code global uint *} to a number that starts as 2^32 - 1 and that kernels lower with {@code
   * atomic_min} to the first position at which they find something wrong. The call returns; whoever
   * awaits a result sees it. Equal ones are one number for all launches of a plan.
   *
   * @param report says what is wrong
   */
  record Fault(Report report) implements KernelArgument {
    @Override
    public void bindTo(KernelParameter parameter) {
      parameter.fault(this);
    }

    /** Says what is wrong. Should be a record, so that plans can be compared. */
    public interface Report {
      /**
       * The tensors that the exception quotes.
       *
       * @return their roles; optional ones may be missing
       */
      Set<Role> quoted();

      /**
       * Makes the exception of a call, maybe long after it. What the tensors hold may have changed.
       *
       * @param position the lowest position that the kernels named
       * @param arguments the tensors that are quoted, no others
       * @return the exception, not thrown
       */
      RuntimeException exception(long position, Arguments arguments);
    }
  }
}
