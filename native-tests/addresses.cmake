# Compiles addresses.c for the processor by COMPILER, with the headers of OPENCL and CHANNELS_LAST and VIEWS, as
# PROGRAM, and runs it.
cmake_minimum_required(VERSION 3.18)
get_filename_component(folder ${PROGRAM} DIRECTORY)
file(MAKE_DIRECTORY ${folder})
foreach(command "${COMPILER} -std=c11 -O1 -Wall -Wextra -Werror -I${OPENCL} -DCHANNELS_LAST=${CHANNELS_LAST} -DVIEWS=${VIEWS}
    ${CMAKE_CURRENT_LIST_DIR}/addresses.c -o ${PROGRAM}" ${PROGRAM})
  separate_arguments(words UNIX_COMMAND "${command}")
  execute_process(COMMAND ${words} OUTPUT_VARIABLE found ERROR_VARIABLE found RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${found}")
  endif()
endforeach()
