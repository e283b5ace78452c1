package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.DeviceException;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jocl.CL;
import org.jocl.CLException;

/**
 * Makes OpenCL calls and turns their errors into exceptions, whether or not the process lets JOCL
 * throw: that switch belongs to the application. Stateless.
 *
 * @param device what the calls are about, for the message
 */
public record Calls(String device) {
  /** Makes a call that returns its error code. */
  public void check(String call, IntSupplier body) {
    int code = code(body);
    if (code != CL.CL_SUCCESS) {
      throw failure(call, code);
    }
  }

  /** Makes a call that returns an object and its error code in an array. */
  <T> T create(String call, Function<int[], T> body) {
    int[] code = new int[1];
    T created;
    try {
      created = body.apply(code);
    } catch (CLException failed) {
      throw failure(call, failed.getStatus());
    }
    if (code[0] != CL.CL_SUCCESS || created == null) {
      throw failure(call, code[0]);
    }
    return created;
  }

  /** Makes a call whose failure does no harm, such as a release. */
  public static int code(IntSupplier body) {
    try {
      return body.getAsInt();
    } catch (CLException failed) {
      return failed.getStatus();
    }
  }

  DeviceException failure(String call, int code) {
    return new CallException(device, call, code);
  }

  /** Whether an error tells of a lack that may pass, not of a mistake that stays one. */
  public static boolean wantsMemory(int code) {
    return code == CL.CL_MEM_OBJECT_ALLOCATION_FAILURE
        || code == CL.CL_OUT_OF_RESOURCES
        || code == CL.CL_OUT_OF_HOST_MEMORY;
  }

  static String name(int code) {
    return CL.stringFor_errorCode(code) + " (" + code + ")";
  }

  /** A failed call; remembers the code. */
  public static final class CallException extends DeviceException {
    private static final long serialVersionUID = 1L;

    private final int code;

    private CallException(String device, String call, int code) {
      super(device + ": " + call + " failed with " + name(code));
      this.code = code;
    }

    public int code() {
      return code;
    }

    /** Whether less memory in use could help. */
    public boolean wantsMemory() {
      return Calls.wantsMemory(code);
    }
  }
}
