# Skeletons, the ways that each can be built, and the reductions that each serves: in docs/architecture.md's words,
# every pair of them is a kernel. Twin of the Java classes ReductionHeader, DirectImplementation, TileImplementation,
# TileGradient, GroupImplementation and SeparableImplementation.
set(SKELETONS direct direct_gradient selection_gradient tile tile_gradient tile_selection_gradient group separable
    separable_gradient)

set(DIRECT_WAYS "CHANNELS_LAST=0" "CHANNELS_LAST=1 LONG_SUMS=0 FRACTIONAL=1 LARGE=1")
set(CELL_WAYS "CHANNELS_LAST=0" "CHANNELS_LAST=1 LONG_SUMS=0 FRACTIONAL=1 LARGE=1 ACCUMULATE=1")
set(TILE_WAYS "CHANNELS_LAST=0" "CHANNELS_LAST=1 LARGE=1 WHOLE=1 KERNEL_H=2 KERNEL_W=2 ROWS=1")
set(BLOCK_WAYS "CHANNELS_LAST=0" "CHANNELS_LAST=1 LARGE=1 ACCUMULATE=1 KERNEL_H=2 KERNEL_W=2 ROWS=1")
set(SEPARABLE_WAYS
  "KERNEL_H=7 KERNEL_W=7 STRIDE_H=1 STRIDE_W=1 ROWS=4 COLUMNS=4 BLOCKS=2 OWN_ROWS=4 PLANE_W=32 BEFORE_W=3 UNCUT=1"
  "CHANNELS_LAST=1 LARGE=1 KERNEL_D=2 KERNEL_H=5 KERNEL_W=6 ROWS=2 COLUMNS=2 BLOCK_W=16 BLOCKS=2 GROUP=96")
set(GROUP_WAYS "LONG_SUMS=1" "LONG_SUMS=0 LARGE=1 TEAM=32 GROUP=128")

# OUTPUTS: sets of macros for kernels per output; CELLS: for those per cell that gather what outputs give;
# IN_ORDER: it must see the cells one after the other; SHARED_COLUMNS: sets of macros with which cells count for the
# same in all regions.
function(reduction name)
  cmake_parse_arguments(GIVEN "IN_ORDER" "" "OUTPUTS;SHARED_COLUMNS;CELLS" ${ARGN})
  kernel(direct/${name} KERNEL direct REDUCTION ${name} VARIANTS ${GIVEN_OUTPUTS} WAYS ${DIRECT_WAYS})
  kernel(tile/${name} KERNEL tile REDUCTION ${name} VARIANTS ${GIVEN_OUTPUTS} WAYS ${TILE_WAYS} NARROWS)
  if(NOT GIVEN_IN_ORDER)
    kernel(group/${name} KERNEL group REDUCTION ${name} VARIANTS ${GIVEN_OUTPUTS} WAYS ${GROUP_WAYS})
  endif()
  if(GIVEN_SHARED_COLUMNS)
    kernel(separable/${name} KERNEL separable REDUCTION ${name} VARIANTS ${GIVEN_SHARED_COLUMNS} WAYS ${SEPARABLE_WAYS}
      NARROWS)
  endif()
  if(GIVEN_CELLS)
    kernel(direct_gradient/${name} KERNEL direct_gradient REDUCTION ${name}
      VARIANTS ${GIVEN_CELLS} WAYS ${CELL_WAYS})
    kernel(tile_gradient/${name} KERNEL tile_gradient REDUCTION ${name}
      VARIANTS ${GIVEN_CELLS} WAYS ${BLOCK_WAYS} NARROWS)
  endif()
endfunction()

set(COMPOSED max median stochastic avg lp gem soft importance expected log_sum_exp variance mix)
set(MAX_OUTPUTS "INDICES=0" "INDICES=1" "INDICES=1 MINIMUM=1" "INDICES=1 MAGNITUDES=1" "MAGNITUDES=1")
reduction(max OUTPUTS ${MAX_OUTPUTS} SHARED_COLUMNS ${MAX_OUTPUTS})
reduction(median OUTPUTS "INDICES=0" "INDICES=1")
reduction(stochastic IN_ORDER OUTPUTS "DRAWS=1 INDICES=0" "DRAWS=1 INDICES=1")
set(AVG_OUTPUTS "DIVISOR=CELLS" "DIVISOR=PADDED_CELLS" "DIVISOR=NO_DIVISOR" "DIVISOR=FIXED")
reduction(avg OUTPUTS ${AVG_OUTPUTS} "GIVES=1 HAS_X=0" SHARED_COLUMNS ${AVG_OUTPUTS} CELLS "HAS_X=0")
set(LP_OUTPUTS "POWER=1" "POWER=2" "POWER=3 SIGNED=1 DIVISOR=NO_DIVISOR" "POWER=0" "GIVES=1")
reduction(lp OUTPUTS ${LP_OUTPUTS} SHARED_COLUMNS ${LP_OUTPUTS} CELLS "POWER=2" "POWER=1 SIGNED=1" "POWER=0")
set(GEM_OUTPUTS "WEIGHTS=1" "WEIGHTS=1 GIVES=1" "WEIGHTS=1 GIVES=1 TERMS=1")
reduction(gem OUTPUTS ${GEM_OUTPUTS} SHARED_COLUMNS ${GEM_OUTPUTS} CELLS "WEIGHTS=1")
reduction(soft OUTPUTS "GIVES=0" "GIVES=1" CELLS "PAPER_GRADIENT=0" "PAPER_GRADIENT=1")
reduction(importance
  OUTPUTS "LOGITS=1" "LOGITS=1 GIVES=1"
  CELLS "LOGITS=1" "LOGITS=1 GRAD_LOGITS=1" "LOGITS=1 GRAD_LOGITS=1 GRAD_INPUT=0")
reduction(expected OUTPUTS "GIVES=0" "GIVES=1" CELLS "HAS_X=1")
reduction(log_sum_exp OUTPUTS "MEAN=0" "MEAN=1 SHARPNESS=(2.5f)" "GIVES=1" CELLS "SHARPNESS=(2.5f)")
reduction(variance OUTPUTS "ROOT=0" "ROOT=1 SAMPLE=1" "GIVES=1" "GIVES=1 ROOT=1" CELLS "ROOT=0" "ROOT=1")
reduction(mix
  SHARED_COLUMNS "MIXTURE=MIX_WEIGHTED" "MIXTURE=MIX_RANDOM DRAWS=1 CHOICE=1" "MIXTURE=MIX_CAT GIVES=1 MAX_FIRST=1"
    "MIXTURE=MIX_ALPHA WEIGHTS=1 GIVES=1 TERMS=1"
  OUTPUTS "MIXTURE=MIX_WEIGHTED" "MIXTURE=MIX_ALPHA WEIGHTS=1" "MIXTURE=MIX_GATED WEIGHTS=1" "MIXTURE=MIX_CAT"
    "MIXTURE=MIX_RANDOM DRAWS=1 CHOICE=1" "MIXTURE=MIX_WEIGHTED GIVES=1" "MIXTURE=MIX_CAT GIVES=1 MAX_FIRST=1"
    "MIXTURE=MIX_ALPHA WEIGHTS=1 GIVES=1 TERMS=1" "MIXTURE=MIX_GATED WEIGHTS=1 GIVES=1 TERMS=1"
    "MIXTURE=MIX_RANDOM CHOICE=1 GIVES=1"
  CELLS "MIXTURE=MIX_WEIGHTED" "MIXTURE=MIX_ALPHA WEIGHTS=1" "MIXTURE=MIX_GATED WEIGHTS=1")

kernel(separable_gradient KERNEL separable_gradient REDUCTION avg VARIANTS "DIVISOR=CELLS" "DIVISOR=NO_DIVISOR"
  WAYS "KERNEL_H=7 KERNEL_W=7 STRIDE_H=1 STRIDE_W=1 ROWS=4 COLUMNS=4 PLANE_H=4 BEFORE_H=3 GROUP=128"
    "CHANNELS_LAST=1 LARGE=1 ACCUMULATE=1 KERNEL_D=2 STRIDE_H=1 STRIDE_W=1 ROWS=4 COLUMNS=2 BLOCK_W=16 BLOCKS=2 OWN_ROWS=2"
  NARROWS)
kernel(selection_gradient KERNEL selection_gradient VARIANTS "MAGNITUDES=0" "MAGNITUDES=1"
  WAYS "CHANNELS_LAST=0" "CHANNELS_LAST=1 FRACTIONAL=1 LARGE=1 ACCUMULATE=1")
kernel(tile_selection_gradient KERNEL tile_selection_gradient VARIANTS "MAGNITUDES=0" "MAGNITUDES=1"
  WAYS ${BLOCK_WAYS} NARROWS)

# A reduction that was added is to be added here.
file(GLOB headers CONFIGURE_DEPENDS ${OPENCL}/reductions/*.clh)
foreach(header IN LISTS headers)
  get_filename_component(name ${header} NAME_WE)
  if(NOT name IN_LIST COMPOSED)
    message(FATAL_ERROR "no skeleton is composed with reductions/${name}.clh")
  endif()
endforeach()
