package io.github.clpool.opencl.runtime;

import io.github.clpool.backend.DeviceException;
import io.github.clpool.backend.DeviceMemoryException;
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

  /** A lack, which may pass, is told from a mistake, which stays one. */
  DeviceException failure(String call, int code) {
    String message = device + ": " + call + " failed with " + name(code);
    return isLack(code)
        ? new DeviceMemoryException(message, 0, 0) // the driver does not say more
        : new CallException(message, code);
  }

  private static boolean isLack(int code) {
    return code == CL.CL_MEM_OBJECT_ALLOCATION_FAILURE
        || code == CL.CL_OUT_OF_RESOURCES
        || code == CL.CL_OUT_OF_HOST_MEMORY
        || code == CL.CL_INVALID_BUFFER_SIZE; // more than the device gives at once
  }

  static String name(int code) {
    return CL.stringFor_errorCode(code) + " (" + code + ")";
  }

  /** A call that failed, but not for lack of memory; remembers the code. */
  public static final class CallException extends DeviceException {
    private static final long serialVersionUID = 1L;

    private final int code;

    private CallException(String message, int code) {
      super(message);
      this.code = code;
    }

    public int code() {
      return code;
    }
  }
}
