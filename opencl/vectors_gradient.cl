// The gradient of any reduction that selects no cell and does the same in all lanes, over any regions: one work-item
// per cell of CHANNELS neighbouring channels. direct_gradient.cl with vectors of numbers (lib/lanes.clh), on a CPU.
// docs/semantics.md, 2.2 and 5.
//
// A kernel of its own, since of soft in NHWC tile_gradient.cl takes 4 times as long, and over adaptive regions
// direct_gradient.cl 8 times, which compute cell by cell.
//
// Macros (defaults): REDUCTION ("reductions/soft.clh"), CHANNELS (8) or 16, those of direct_gradient.cl.
// Arguments and work-items: those of direct_gradient.cl, CHANNELS channels each.
#ifndef REDUCTION
#define REDUCTION "reductions/soft.clh"
#endif
#include "lib/lanes.clh"
#define direct_gradient vectors_gradient
#include "direct_gradient.cl"
