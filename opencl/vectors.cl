// Any reduction that does the same in all lanes, over any regions: one work-item per output of CHANNELS neighbouring
// channels. direct.cl with vectors of numbers (lib/lanes.clh), on a CPU. docs/semantics.md, 4 and 5.
//
// A kernel of its own, since of soft in NHWC tile.cl takes 6 times as long, and over adaptive regions direct.cl 10
// times, which computes cell by cell.
//
// Macros (defaults): REDUCTION ("reductions/soft.clh"), CHANNELS (8) or 16, those of direct.cl.
// Arguments and work-items: those of direct.cl, CHANNELS channels each.
#ifndef REDUCTION
#define REDUCTION "reductions/soft.clh"
#endif
#include "lib/lanes.clh"
#define direct vectors
#include "direct.cl"
