# How every module of the house is built: one library, one test program, the same warnings.

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)

add_compile_options(-fPIE -Wall -Wextra -Wshadow -Wno-missing-field-initializers -Wno-pedantic -fno-strict-aliasing
                    -fstack-protector-strong)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_compile_options(-Wthread-safety -Wno-gnu-statement-expression)
endif()
add_link_options(-pie -Wl,-z,relro,-z,now)
find_program(MOLD mold)
if(MOLD AND NOT ENTRAIDE_FUZZ)
  add_link_options(-fuse-ld=mold)
endif()
if(ENTRAIDE_SANITIZE)
  add_compile_options(-fsanitize=${ENTRAIDE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ENTRAIDE_SANITIZE})
endif()
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

# The standard headers that nearly every file includes, compiled once.
add_library(entraide_pch STATIC ${CMAKE_SOURCE_DIR}/cmake/pch.cc)
target_precompile_headers(entraide_pch PRIVATE <algorithm> <array> <atomic> <charconv> <chrono> <compare>
  <condition_variable> <cstdint> <deque> <expected> <filesystem> <fstream> <functional> <iomanip> <iterator> <map> <memory>
  <mutex> <optional> <set> <span> <sstream> <string> <string_view> <thread> <tuple> <unordered_map> <utility> <variant>
  <vector>)

# Sources of a target are compiled a few at a time (CMAKE_UNITY_BUILD in the presets): most of a compiler's time here goes
# to templates that neighbours share. The lint preset compiles each alone, and clang-tidy sees them so.

# entraide_module(NAME [DEPENDS modules...] [LINK libraries...])
# Sources are the folder's *.cc; *_test.cc become the program NAME_test, run by ctest.
function(entraide_module name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK;TEST_DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cc api/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(TRANSFORM ARG_DEPENDS PREPEND entraide_)
  list(TRANSFORM ARG_TEST_DEPENDS PREPEND entraide_)
  add_library(entraide_${name} STATIC ${sources})
  target_include_directories(entraide_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(entraide_${name} PUBLIC ${ARG_DEPENDS} PRIVATE ${ARG_LINK} fmt::fmt Threads::Threads)
  target_precompile_headers(entraide_${name} REUSE_FROM entraide_pch)
  set_property(GLOBAL APPEND PROPERTY ENTRAIDE_MODULES entraide_${name})
  if(tests)
    entraide_test_program(${name} SOURCES ${tests} LINK entraide_${name} ${ARG_TEST_DEPENDS} ${ARG_LINK})
  endif()
endfunction()

# entraide_test(NAME [DEPENDS modules...] [LINK libraries...])
# The folder's *.cc are the program NAME_test, run by ctest: for tests of more than one module.
function(entraide_test name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cc)
  list(TRANSFORM ARG_DEPENDS PREPEND entraide_)
  entraide_test_program(${name} SOURCES ${sources} LINK ${ARG_DEPENDS} ${ARG_LINK})
endfunction()

function(entraide_test_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name}_test ${ARG_SOURCES})
  target_link_libraries(${name}_test PRIVATE ${ARG_LINK} entraide_testing fmt::fmt)
  target_precompile_headers(${name}_test REUSE_FROM entraide_pch)
  target_compile_definitions(${name}_test PRIVATE ENTRAIDE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${name}_test)
  set_tests_properties(${name} PROPERTIES TIMEOUT 300)
endfunction()
