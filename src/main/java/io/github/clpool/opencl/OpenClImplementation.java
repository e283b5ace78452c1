package io.github.clpool.opencl;

import io.github.clpool.backend.Implementation;

/** An implementation that plans launches. Stateless. */
public interface OpenClImplementation extends Implementation<DeviceProfile, LaunchPlan> {}
