# Compiler settings and the one way to declare a module (a folder of src/).

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wnon-virtual-dtor)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees uninitialized members in every optimised move of a std::variant or std::optional.
  add_compile_options(-Wno-maybe-uninitialized)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g")

set(LIVETAPE_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, comma separated")
if(LIVETAPE_SANITIZE)
  add_compile_options(-fsanitize=${LIVETAPE_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${LIVETAPE_SANITIZE})
endif()

# livetape_module(NAME DEPS lib...): the folder's *.cc as a static library livetape_NAME, and its
# *_test.cc as the test program NAME_test. A module sees only what DEPS names.
function(livetape_module name)
  cmake_parse_arguments(ARG "" "" "DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz)\\.cc$|/main\\.cc$")

  if(sources)
    add_library(livetape_${name} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(livetape_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(livetape_${name} ${scope} ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(livetape_${name} ${scope} ${ARG_DEPS})

  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE livetape_${name} GTest::gtest_main)
    add_test(NAME ${name}_test COMMAND ${name}_test)
  endif()
endfunction()
