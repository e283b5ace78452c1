# Runs a kernel under oclgrind-kernel and compares every dumped argument with the lines
#   # expect NAME VALUE VALUE ...
# of the simulation's file. These build its kernel file, which the simulation names without a folder:
#   # options OPTIONS      and, of skeletons,      # reduction NAME
# Races and accesses out of bounds fail, too.
cmake_minimum_required(VERSION 3.18)
file(STRINGS ${SIMULATION} expectations REGEX "^# expect ")
file(STRINGS ${SIMULATION} options REGEX "^# options ")
string(REGEX REPLACE "^# options " "" options "${options}")
if(NOT expectations)
  message(FATAL_ERROR "nothing is expected of ${SIMULATION}")
endif()
file(READ ${SIMULATION} text)
get_filename_component(name ${SIMULATION} NAME_WE)
string(REGEX MATCH "\n([a-z_]+\\.cl)\n" line "${text}")
set(source "#include \"${CMAKE_MATCH_1}\"\n")
if(text MATCHES "# reduction ([a-z_]+)")
  set(source "#define REDUCTION \"reductions/${CMAKE_MATCH_1}.clh\"\n${source}")
endif()
set(folder ${CMAKE_CURRENT_BINARY_DIR}/simulation)
file(WRITE ${folder}/${name}.cl "${source}")
string(REPLACE "${line}" "\n${folder}/${name}.cl\n" text "${text}")
file(WRITE ${folder}/${name}.sim "${text}")
execute_process(
  COMMAND ${OCLGRIND} --data-races --uninitialized
    --build-options "-I${OPENCL} -cl-opt-disable ${options}" ${folder}/${name}.sim
  OUTPUT_VARIABLE dumped ERROR_VARIABLE reports RESULT_VARIABLE result)
if(reports OR NOT result EQUAL 0)
  message(FATAL_ERROR "${reports}\n${dumped}")
endif()
foreach(expectation IN LISTS expectations)
  separate_arguments(words UNIX_COMMAND "${expectation}")
  list(SUBLIST words 3 -1 values)
  list(GET words 2 argument)
  string(REGEX MATCHALL "${argument}\\[[0-9]+\\] = [^\n]+" found "${dumped}")
  list(TRANSFORM found REPLACE ".* = " "")
  if(NOT "${found}" STREQUAL "${values}")
    message(FATAL_ERROR "${argument} is ${found}, expected ${values}\n${dumped}")
  endif()
endforeach()
