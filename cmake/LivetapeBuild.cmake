# Compiler settings and the one way to declare a module (a folder of src/).

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

# Paths below the sources are hashed as relative ones, so that checkouts side by side share objects.
# What a source includes is taken from the compiler (DEPEND): where nothing is cached yet, as in
# continuous integration, preprocessing each source first would take a seventh of the time.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=true CCACHE_DEPEND=true
      CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wnon-virtual-dtor)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees uninitialized members in every optimised move of a std::variant or std::optional.
  add_compile_options(-Wno-maybe-uninitialized)
else()
  # Clang counts changes of sign among -Wconversion, GCC does not. libstdc++ 12 calls a function of
  # its own that newer standards deprecate (std::stable_sort).
  add_compile_options(-Wno-sign-conversion -Wno-deprecated-declarations)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g")

set(LIVETAPE_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, comma separated")
if(LIVETAPE_SANITIZE)
  add_compile_options(-fsanitize=${LIVETAPE_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${LIVETAPE_SANITIZE})
  # Half the time to compile, twice the time to run: tests are compiled longer than they run.
  set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
endif()

# With clang: what `tools/fuzz` runs. Otherwise, and always as a test, each fuzz target is given the
# files of its corpus once.
option(LIVETAPE_FUZZ "Build the fuzz targets for libFuzzer" OFF)
option(LIVETAPE_FUZZ_LONG "Optimise them, which takes longer to compile" OFF)
if(LIVETAPE_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "LIVETAPE_FUZZ needs clang: cmake --preset fuzz")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
  if(LIVETAPE_FUZZ_LONG)
    set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g")
  endif()
endif()

# Unit tests take longer to compile than the program, so one build of them is enough for `make test`: the
# one with sanitizers. Where this is off they are there by name (`ninja hub_test`).
option(LIVETAPE_UNIT_TESTS "Build unit tests and fuzz targets by default, and have ctest run them" ON)

# Headers that most sources include, parsed once for all modules. An include that is missing in a
# source is noticed where this is off.
option(LIVETAPE_PRECOMPILE "Precompile the headers of the standard library, fmt and GoogleTest" OFF)
if(LIVETAPE_PRECOMPILE)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC takes what is precompiled for sources of ours, and finds fault with the moving of its strings.
    add_compile_options(-Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
  set(headers <algorithm> <array> <atomic> <chrono> <cstdint> <deque> <expected> <functional> <map>
              <memory> <mutex> <optional> <span> <string> <string_view> <thread> <unordered_map>
              <utility> <variant> <vector> <fmt/format.h>)
  file(WRITE ${CMAKE_BINARY_DIR}/precompiled.cc "int main() {}\n")
  add_library(livetape_precompiled STATIC ${CMAKE_BINARY_DIR}/precompiled.cc)
  target_link_libraries(livetape_precompiled PRIVATE fmt::fmt spdlog::spdlog)
  target_precompile_headers(livetape_precompiled PRIVATE ${headers})
  add_executable(livetape_precompiled_test EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/precompiled.cc)
  target_link_libraries(livetape_precompiled_test PRIVATE fmt::fmt spdlog::spdlog GTest::gtest)
  target_precompile_headers(livetape_precompiled_test PRIVATE ${headers} <gtest/gtest.h>)
endif()

# livetape_run_test(TARGET [ARGUMENT...]): ctest runs it, where LIVETAPE_UNIT_TESTS is on.
function(livetape_run_test target)
  if(LIVETAPE_UNIT_TESTS)
    add_test(NAME ${target} COMMAND ${target} ${ARGN})
  else()
    set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()

# livetape_fuzz(FILE LIB): the fuzz target of FILE, x_fuzz.cc, as the program x_fuzz and as a test of
# that name that replays fuzz/corpus/x (fuzz/README.md).
function(livetape_fuzz file library)
  get_filename_component(target ${file} NAME_WE)
  string(REGEX REPLACE "_fuzz$" "" name ${target})
  set(corpus ${CMAKE_SOURCE_DIR}/fuzz/corpus/${name})
  add_executable(${target} ${file})
  target_link_libraries(${target} PRIVATE ${library})
  if(LIVETAPE_FUZZ)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    livetape_run_test(${target} -runs=0 ${corpus})
  else()
    target_sources(${target} PRIVATE ${CMAKE_SOURCE_DIR}/fuzz/replay_corpus.cc)
    livetape_run_test(${target} ${corpus})
  endif()
endfunction()

# livetape_module(NAME [FOLDERS folder...] DEPS lib...): the *.cc of the folder, and of those below
# it that are named, as a static library livetape_NAME, their *_test.cc as the test program
# NAME_test, each *_fuzz.cc as a fuzz target. A module sees only what DEPS names.
#
# LINK_TIME: optimised together with who uses it, where that is possible. For what is called so often
# from another module that the calls count. And without -mstv: GCC puts the halves of a 128-bit number
# together in memory to move them as a vector, and the processor waits for them to get there.
function(livetape_module name)
  cmake_parse_arguments(ARG "LINK_TIME" "" "FOLDERS;DEPS" ${ARGN})
  list(TRANSFORM ARG_FOLDERS PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  list(TRANSFORM ARG_FOLDERS APPEND /*.cc)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc ${ARG_FOLDERS})
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  set(fuzz_targets ${sources})
  list(FILTER fuzz_targets INCLUDE REGEX "_fuzz\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz)\\.cc$|/main\\.cc$")

  if(sources)
    add_library(livetape_${name} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(livetape_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  # What is optimised at link time has options of its own, for which the header was not precompiled.
  if(sources AND LIVETAPE_PRECOMPILE AND NOT ARG_LINK_TIME)
    target_precompile_headers(livetape_${name} REUSE_FROM livetape_precompiled)
  endif()
  target_include_directories(livetape_${name} ${scope} ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(livetape_${name} ${scope} ${ARG_DEPS})
  if(ARG_LINK_TIME AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    set_target_properties(livetape_${name} PROPERTIES INTERPROCEDURAL_OPTIMIZATION_RELEASE ON)
    if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
      target_compile_options(livetape_${name} PRIVATE -mno-stv)
    endif()
  endif()

  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE livetape_${name} GTest::gtest_main)
    if(LIVETAPE_PRECOMPILE)
      target_precompile_headers(${name}_test REUSE_FROM livetape_precompiled_test)
    endif()
    livetape_run_test(${name}_test)
  endif()
  foreach(file ${fuzz_targets})
    livetape_fuzz(${file} livetape_${name})
  endforeach()
endfunction()
