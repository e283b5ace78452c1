package io.github.clpool.opencl;

import io.github.clpool.opencl.runtime.OpenClBackend;
import io.github.clpool.tensor.DataType;
import io.github.clpool.tensor.Layout;
import io.github.clpool.tensor.Shape;
import io.github.clpool.tensor.Tensor;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_context;
import org.jocl.cl_mem;

/** The elements of a tensor of the host, as a view in a buffer of random bytes. */
final class ViewedTensor implements AutoCloseable {
  private static final int MOST_BETWEEN = 4;

  private final OpenClBackend device;
  private final Tensor tensor;
  private final int[] places; // of each element
  private final byte[] content;
  private final cl_mem memory;
  private final Tensor view;

  ViewedTensor(OpenClBackend device, Tensor tensor, Random random) {
    this.device = device;
    this.tensor = tensor;
    Shape shape = tensor.shape();
    boolean ofPlanes = tensor.layout() == Layout.NCHW;
    int length = (int) shape.elements(); // without planes it is dense, but begins anywhere
    int rows = 1;
    if (shape.hasPlanes()) {
      length = ofPlanes ? shape.planeSize() : (int) shape.c();
      rows = ofPlanes ? (int) shape.c() : shape.planeSize();
    }
    int first = random.nextInt(MOST_BETWEEN);
    int pitch = length + random.nextInt(MOST_BETWEEN);
    int batchPitch = rows * pitch + random.nextInt(MOST_BETWEEN);
    this.places = new int[(int) shape.elements()];
    for (int i = 0; i < places.length; i++) {
      int row = i / length;
      places[i] = first + row / rows * batchPitch + row % rows * pitch + i % length;
    }
    int batches = shape.hasPlanes() ? (int) shape.n() : 1;
    int size = first + batches * batchPitch + MOST_BETWEEN;
    int bytes = tensor.type().bytes();
    this.content = new byte[size * bytes];
    random.nextBytes(content);
    move(elements(), true);
    this.memory =
        CL.clCreateBuffer(
            context(),
            CL.CL_MEM_READ_WRITE | CL.CL_MEM_COPY_HOST_PTR,
            content.length,
            Pointer.to(content),
            null);
    this.view =
        shape.hasPlanes()
            ? OpenClInterop.wrap(
                device,
                memory,
                new View(first, batchPitch, pitch),
                shape,
                tensor.layout(),
                tensor.type())
            : OpenClInterop.wrap(
                device, memory, (long) first * bytes, shape, tensor.layout(), tensor.type());
  }

  private cl_context context() {
    cl_context context = new cl_context();
    CL.clGetCommandQueueInfo(
        device.context().queue(),
        CL.CL_QUEUE_CONTEXT,
        Sizeof.cl_context,
        Pointer.to(context),
        null);
    return context;
  }

  private byte[] elements() {
    byte[] elements = new byte[places.length * tensor.type().bytes()];
    tensor.read(typed(elements));
    return elements;
  }

  private Buffer typed(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    DataType type = tensor.type();
    return switch (type) {
      case FLOAT32 -> buffer.asFloatBuffer();
      case FLOAT64 -> buffer.asDoubleBuffer();
      case FLOAT16, BFLOAT16 -> buffer.asShortBuffer();
      case INT32 -> buffer.asIntBuffer();
      case UINT8, INT8 -> buffer;
    };
  }

  /** Between the elements and their places in the content. */
  private void move(byte[] elements, boolean toPlaces) {
    int bytes = tensor.type().bytes();
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(
          toPlaces ? elements : content,
          (toPlaces ? i : places[i]) * bytes,
          toPlaces ? content : elements,
          (toPlaces ? places[i] : i) * bytes,
          bytes);
    }
  }

  Tensor view() {
    return view;
  }

  /** Reads the elements into the host's tensor; returns which other bytes have changed. */
  List<Integer> takeBack() {
    byte[] before = content.clone();
    CL.clEnqueueReadBuffer(
        device.context().queue(),
        memory,
        true,
        0,
        content.length,
        Pointer.to(content),
        0,
        null,
        null);
    byte[] elements = new byte[places.length * tensor.type().bytes()];
    move(elements, false);
    tensor.write(typed(elements));
    byte[] after = content.clone();
    System.arraycopy(before, 0, content, 0, before.length);
    move(elements, true);
    List<Integer> changed = new ArrayList<>();
    for (int i = 0; i < after.length; i++) {
      if (after[i] != content[i]) {
        changed.add(i);
      }
    }
    return changed;
  }

  @Override
  public void close() {
    view.close();
    CL.clReleaseMemObject(memory);
  }
}
