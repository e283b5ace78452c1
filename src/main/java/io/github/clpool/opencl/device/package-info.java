/** Which devices there are, how they are opened, and what they were found to do. */
package io.github.clpool.opencl.device;
