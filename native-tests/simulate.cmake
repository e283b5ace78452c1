# Runs a kernel under oclgrind-kernel and compares every dumped argument with the lines
#   # expect NAME VALUE VALUE ...      and  # options OPTIONS  for the build
# of the simulation's file. Races and accesses out of bounds fail, too.
cmake_minimum_required(VERSION 3.18)
file(STRINGS ${SIMULATION} expectations REGEX "^# expect ")
file(STRINGS ${SIMULATION} options REGEX "^# options ")
string(REGEX REPLACE "^# options " "" options "${options}")
if(NOT expectations)
  message(FATAL_ERROR "nothing is expected of ${SIMULATION}")
endif()
file(READ ${SIMULATION} text)
string(REPLACE "<OPENCL>" "${OPENCL}" text "${text}")
get_filename_component(name ${SIMULATION} NAME)
file(WRITE ${name} "${text}")
execute_process(
  COMMAND ${OCLGRIND} --data-races --uninitialized
    --build-options "-I${OPENCL} -cl-opt-disable ${options}" ${name}
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
