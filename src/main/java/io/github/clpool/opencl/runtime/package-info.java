/** Calls of OpenCL, memory, transfers, programs and the execution of plans. */
package io.github.clpool.opencl.runtime;
