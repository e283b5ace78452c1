/*
 * Makes OpenCL calls fail, for FaultsTest. Preloaded into a JVM it stands between JOCL, which finds
 * its functions with dlsym, and the loader of OpenCL. It also counts the calls, and the references
 * to objects that were not released. Needs no header of OpenCL or Java.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

static int armed = -1; /* the number of a function, or none */
static int nth;
static int forever;
static int code;
static atomic_int calls;
static atomic_int failed;
static atomic_long references;
static atomic_long made[64]; /* calls of each function */

#define VANISHED 100 /* all that needs the device: what counts references and asks for facts goes on */

static int fails(int function) {
  atomic_fetch_add(&made[function], 1);
  int needs_device = function < 16 || (function >= 25 && function <= 27) || function == 32;
  if (armed == VANISHED ? !needs_device : function != armed) {
    return 0;
  }
  int call = atomic_fetch_add(&calls, 1) + 1;
  if (call != nth && !(forever && call > nth)) {
    return 0;
  }
  atomic_fetch_add(&failed, 1);
  return 1;
}

/* A function that returns its error. */
#define CALL(NUMBER, NAME, PARAMETERS, ARGUMENTS) \
  static int(*real_##NAME) PARAMETERS;            \
  static int faulty_##NAME PARAMETERS {           \
    return fails(NUMBER) ? code : real_##NAME ARGUMENTS; \
  }

/* A function that returns what it makes and stores its error. */
#define MAKER(NUMBER, NAME, REFERENCES, PARAMETERS, ARGUMENTS) \
  static void *(*real_##NAME)PARAMETERS;                       \
  static void *faulty_##NAME PARAMETERS {                      \
    if (fails(NUMBER)) {                                       \
      if (error) {                                             \
        *error = code;                                         \
      }                                                        \
      return 0;                                                \
    }                                                          \
    void *made = real_##NAME ARGUMENTS;                        \
    if (made) {                                                \
      atomic_fetch_add(&references, REFERENCES);               \
    }                                                          \
    return made;                                               \
  }

/* A function that changes the number of references. */
#define COUNTER(NUMBER, NAME, BY)              \
  static int (*real_##NAME)(void *object);     \
  static int faulty_##NAME(void *object) {     \
    if (fails(NUMBER)) {                       \
      return code;                             \
    }                                          \
    int result = real_##NAME(object);          \
    if (result == 0) {                         \
      atomic_fetch_add(&references, BY);       \
    }                                          \
    return result;                             \
  }

/* A function that may make an event as well; JOCL asks for events of its own, too. */
#define ENQUEUER(NUMBER, NAME, PARAMETERS, ARGUMENTS) \
  static int(*real_##NAME) PARAMETERS;                \
  static int faulty_##NAME PARAMETERS {               \
    if (fails(NUMBER)) {                              \
      return code;                                    \
    }                                                 \
    int result = real_##NAME ARGUMENTS;               \
    if (result == 0 && event) {                       \
      atomic_fetch_add(&references, 1);               \
    }                                                 \
    return result;                                    \
  }

/* In the order of Faults.FUNCTIONS. */
MAKER(0, clCreateContext, 1,
      (const intptr_t *properties, unsigned count, void *const *devices, void *notify, void *data,
       int *error),
      (properties, count, devices, notify, data, error))
MAKER(1, clCreateCommandQueue, 1,
      (void *context, void *device, uint64_t properties, int *error),
      (context, device, properties, error))
MAKER(2, clCreateBuffer, 1,
      (void *context, uint64_t flags, size_t size, void *host, int *error),
      (context, flags, size, host, error))
MAKER(3, clCreateProgramWithSource, 1,
      (void *context, unsigned count, const char **strings, const size_t *lengths, int *error),
      (context, count, strings, lengths, error))
CALL(4, clBuildProgram,
     (void *program, unsigned count, void *const *devices, const char *options, void *notify,
      void *data),
     (program, count, devices, options, notify, data))
MAKER(5, clCreateKernel, 1, (void *program, const char *name, int *error), (program, name, error))
CALL(6, clGetKernelWorkGroupInfo,
     (void *kernel, void *device, unsigned name, size_t size, void *value, size_t *actual),
     (kernel, device, name, size, value, actual))
CALL(7, clSetKernelArg, (void *kernel, unsigned index, size_t size, const void *value),
     (kernel, index, size, value))
ENQUEUER(8, clEnqueueNDRangeKernel,
     (void *queue, void *kernel, unsigned dimensions, const size_t *offset, const size_t *global,
      const size_t *local, unsigned waits, void *const *list, void **event),
     (queue, kernel, dimensions, offset, global, local, waits, list, event))
ENQUEUER(9, clEnqueueReadBuffer,
     (void *queue, void *buffer, unsigned blocking, size_t offset, size_t size, void *target,
      unsigned waits, void *const *list, void **event),
     (queue, buffer, blocking, offset, size, target, waits, list, event))
ENQUEUER(10, clEnqueueWriteBuffer,
     (void *queue, void *buffer, unsigned blocking, size_t offset, size_t size, const void *source,
      unsigned waits, void *const *list, void **event),
     (queue, buffer, blocking, offset, size, source, waits, list, event))
MAKER(11, clEnqueueMapBuffer, event ? 1 : 0,
      (void *queue, void *buffer, unsigned blocking, uint64_t flags, size_t offset, size_t size,
       unsigned waits, void *const *list, void **event, int *error),
      (queue, buffer, blocking, flags, offset, size, waits, list, event, error))
CALL(12, clFlush, (void *queue), (queue))
CALL(13, clFinish, (void *queue), (queue))
ENQUEUER(14, clEnqueueUnmapMemObject,
     (void *queue, void *buffer, void *mapped, unsigned waits, void *const *list, void **event),
     (queue, buffer, mapped, waits, list, event))
ENQUEUER(15, clEnqueueBarrierWithWaitList,
         (void *queue, unsigned waits, void *const *list, void **event),
         (queue, waits, list, event))
COUNTER(16, clReleaseContext, -1)
COUNTER(17, clReleaseCommandQueue, -1)
COUNTER(18, clReleaseMemObject, -1)
COUNTER(19, clReleaseProgram, -1)
COUNTER(20, clReleaseKernel, -1)
COUNTER(21, clReleaseEvent, -1)
COUNTER(22, clRetainContext, 1)
COUNTER(23, clRetainCommandQueue, 1)
COUNTER(24, clRetainMemObject, 1)
MAKER(25, clCreateSubBuffer, 1,
      (void *buffer, uint64_t flags, unsigned type, const void *region, int *error),
      (buffer, flags, type, region, error))
ENQUEUER(26, clEnqueueMarkerWithWaitList,
         (void *queue, unsigned waits, void *const *list, void **event),
         (queue, waits, list, event))
ENQUEUER(27, clEnqueueCopyBufferRect,
     (void *queue, void *from, void *to, const size_t *in_from, const size_t *in_to,
      const size_t *region, size_t pitch_from, size_t slice_from, size_t pitch_to, size_t slice_to,
      unsigned waits, void *const *list, void **event),
     (queue, from, to, in_from, in_to, region, pitch_from, slice_from, pitch_to, slice_to, waits,
      list, event))
CALL(28, clGetMemObjectInfo,
     (void *object, unsigned name, size_t size, void *value, size_t *actual),
     (object, name, size, value, actual))
CALL(29, clGetCommandQueueInfo,
     (void *queue, unsigned name, size_t size, void *value, size_t *actual),
     (queue, name, size, value, actual))
CALL(30, clGetEventInfo, (void *event, unsigned name, size_t size, void *value, size_t *actual),
     (event, name, size, value, actual))
CALL(31, clGetEventProfilingInfo,
     (void *event, unsigned name, size_t size, void *value, size_t *actual),
     (event, name, size, value, actual))
CALL(32, clWaitForEvents, (unsigned count, void *const *list), (count, list))
CALL(33, clGetPlatformIDs, (unsigned count, void **platforms, unsigned *actual),
     (count, platforms, actual))
CALL(34, clGetPlatformInfo,
     (void *platform, unsigned name, size_t size, void *value, size_t *actual),
     (platform, name, size, value, actual))
CALL(35, clGetDeviceIDs,
     (void *platform, uint64_t type, unsigned count, void **devices, unsigned *actual),
     (platform, type, count, devices, actual))
CALL(36, clGetDeviceInfo,
     (void *device, unsigned name, size_t size, void *value, size_t *actual),
     (device, name, size, value, actual))

#define ENTRY(NAME) {#NAME, (void *)faulty_##NAME, (void **)&real_##NAME}
static const struct {
  const char *name;
  void *faulty;
  void **real;
} FUNCTIONS[] = {
    ENTRY(clCreateContext),       ENTRY(clCreateCommandQueue),
    ENTRY(clCreateBuffer),        ENTRY(clCreateProgramWithSource),
    ENTRY(clBuildProgram),        ENTRY(clCreateKernel),
    ENTRY(clGetKernelWorkGroupInfo), ENTRY(clSetKernelArg),
    ENTRY(clEnqueueNDRangeKernel), ENTRY(clEnqueueReadBuffer),
    ENTRY(clEnqueueWriteBuffer),  ENTRY(clEnqueueMapBuffer),
    ENTRY(clFlush),               ENTRY(clFinish),
    ENTRY(clEnqueueUnmapMemObject), ENTRY(clEnqueueBarrierWithWaitList),
    ENTRY(clReleaseContext),      ENTRY(clReleaseCommandQueue),
    ENTRY(clReleaseMemObject),    ENTRY(clReleaseProgram),
    ENTRY(clReleaseKernel),       ENTRY(clReleaseEvent),
    ENTRY(clRetainContext),       ENTRY(clRetainCommandQueue),
    ENTRY(clRetainMemObject),     ENTRY(clCreateSubBuffer),
    ENTRY(clEnqueueMarkerWithWaitList), ENTRY(clEnqueueCopyBufferRect),
    ENTRY(clGetMemObjectInfo),    ENTRY(clGetCommandQueueInfo),
    ENTRY(clGetEventInfo),        ENTRY(clGetEventProfilingInfo),
    ENTRY(clWaitForEvents),       ENTRY(clGetPlatformIDs),
    ENTRY(clGetPlatformInfo),     ENTRY(clGetDeviceIDs),
    ENTRY(clGetDeviceInfo),
};

typedef void *(*Lookup)(void *handle, const char *name);

/* The loader's own dlsym, by the version that the C library of each processor began with. */
static Lookup real_lookup(void) {
  static const char *const VERSIONS[] = {"GLIBC_2.34", "GLIBC_2.2.5", "GLIBC_2.17"};
  for (unsigned i = 0; i < sizeof VERSIONS / sizeof *VERSIONS; i++) {
    Lookup found = (Lookup)dlvsym(RTLD_NEXT, "dlsym", VERSIONS[i]);
    if (found) {
      return found;
    }
  }
  return 0;
}

void *dlsym(void *handle, const char *name) {
  static Lookup lookup;
  if (!lookup) {
    lookup = real_lookup();
  }
  if (name[0] == 'c' && name[1] == 'l') {
    for (unsigned i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++) {
      if (!strcmp(name, FUNCTIONS[i].name)) {
        void *found = lookup(handle, name);
        if (!*FUNCTIONS[i].real) {
          *FUNCTIONS[i].real = found;
        } /* JOCL comes first; then the loader itself looks into drivers for the same names */
        return found && found == *FUNCTIONS[i].real ? FUNCTIONS[i].faulty : found;
      }
    }
  }
  return lookup(handle, name); /* a tail call: RTLD_NEXT is seen from the caller */
}

/* From here on what Faults declares. */

void Java_io_github_clpool_opencl_Faults_arm(void *environment, void *type, int function,
                                                    int call, unsigned char always, int error) {
  (void)environment;
  (void)type;
  nth = call;
  forever = always;
  code = error;
  atomic_store(&calls, 0);
  atomic_store(&failed, 0);
  armed = function;
}

int Java_io_github_clpool_opencl_Faults_disarm(void *environment, void *type) {
  (void)environment;
  (void)type;
  armed = -1;
  return atomic_load(&failed);
}

int64_t Java_io_github_clpool_opencl_Faults_calls(void *environment, void *type, int function) {
  (void)environment;
  (void)type;
  return atomic_load(&made[function]);
}

int64_t Java_io_github_clpool_opencl_Faults_references(void *environment, void *type) {
  (void)environment;
  (void)type;
  return atomic_load(&references);
}
